"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.room import Room, RoomKind
from tenant_service.venues import queries, service
from tenant_service.venues.graphql import VenueMutation, VenueQuery, VenuesOfCommittee
from tenant_service.venues.pages import PAGES
from tenant_service.venues.recovery import recover

ROOM = Room(
    "venues",
    kinds=(
        RoomKind(
            "venue", say("阵地"), service.project, recover, queries.one, queries.reaching, after=("unit",), is_open=True
        ),
    ),
    pages=PAGES, query=VenueQuery, mutation=VenueMutation, of_committee=VenuesOfCommittee,
)  # fmt: skip
