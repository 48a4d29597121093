"""How this room hangs in the service."""

from tenant_service.programmes import joining_service, listing, personal, queries, service
from tenant_service.programmes.graphql import ProgrammesMutation, ProgrammesQuery
from tenant_service.programmes.pages import PAGES
from tenant_service.programmes.recovery import recover
from tenant_service.room import Room, RoomKind

ROOM = Room(
    "programmes",
    kinds=(RoomKind("programme", service.project, recover, queries.one, queries.reaching),),
    pages=PAGES, query=ProgrammesQuery, mutation=ProgrammesMutation, does={"programme": listing.ACTS},
    personal=personal, in_use=queries.any_of, handlers=joining_service.HANDLERS,
)  # fmt: skip
