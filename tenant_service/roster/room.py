"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.room import Room
from tenant_service.roster.pages import PAGES

ROOM = Room("roster", pages=PAGES, acts={"members": say("名册导出"), "roster": say("名册导入")})
