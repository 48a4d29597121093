"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Flow
from tenant_service.room import Room, RoomKind
from tenant_service.supervision import figures_queries, listing, queries, service
from tenant_service.supervision.graphql import SupervisionMutation, SupervisionQuery
from tenant_service.supervision.pages import PAGES
from tenant_service.supervision.recovery import recover

ROOM = Room(
    "supervision",
    kinds=(
        RoomKind("campaign", service.project, recover, queries.one, queries.reaching, after=("unit",)),
    ),
    pages=PAGES, query=SupervisionQuery, mutation=SupervisionMutation, does={"campaign": listing.ACTS},
    flows={
        IndicatorCode.CAMPAIGNS: Flow(figures_queries.begun), IndicatorCode.FINDINGS: Flow(figures_queries.found),
        IndicatorCode.FINDINGS_PUT_RIGHT: Flow(figures_queries.put_right),
    },
    newest_change=queries.newest_change,
)  # fmt: skip
