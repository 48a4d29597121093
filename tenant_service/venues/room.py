"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Stock
from tenant_service.identity.policy import UseCase
from tenant_service.room import Masked, Room, RoomKind
from tenant_service.venues import personal, queries, service
from tenant_service.venues.graphql import VenueMutation, VenueQuery, VenuesOfCommittee
from tenant_service.venues.pages import PAGES
from tenant_service.venues.recovery import recover
from tenant_service.venues.sheets import VENUES

ROOM = Room(
    "venues",
    kinds=(
        RoomKind(
            "venue", service.project, recover, queries.one, queries.reaching, after=("unit",), is_open=True,
            masked=Masked(("contact_phone",), UseCase.REVEAL_CONTACTS, queries.ours, has_contact=True),
        ),
    ),
    pages=PAGES, query=VenueQuery, mutation=VenueMutation, of_committee=VenuesOfCommittee, personal=personal,
    stocks={IndicatorCode.VENUES_OPEN: Stock(queries.spans), IndicatorCode.AREAS_COVERED: Stock(queries.covered_spans)},
    newest_change=queries.newest_change, sheets=(VENUES,),
)  # fmt: skip
