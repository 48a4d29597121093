"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.on_behalf import listing, personal
from tenant_service.on_behalf.pages import PAGES
from tenant_service.room import Room

ROOM = Room("on_behalf", pages=PAGES, acts={"entry": say("代录")}, does={"entry": listing.ACTS}, personal=personal)
