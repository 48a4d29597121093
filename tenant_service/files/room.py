"""How this room hangs in the service. Files are no kind of record: they stay at home."""

from sync.edge.shell.words import say
from tenant_service.files import personal
from tenant_service.files.graphql import FileMutation, FileQuery
from tenant_service.files.pages import PAGES
from tenant_service.room import Room

ROOM = Room("files", pages=PAGES, query=FileQuery, mutation=FileMutation, personal=personal, acts={"file": say("附件")})
