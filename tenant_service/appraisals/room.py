"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from tenant_service.appraisals import figures_queries, personal, queries, service
from tenant_service.appraisals.graphql import AppraisalMutation, AppraisalQuery
from tenant_service.appraisals.pages import PAGES
from tenant_service.appraisals.recovery import recover
from tenant_service.counting.figures import Flow
from tenant_service.room import Room, RoomKind

ROOM = Room(
    "appraisals",
    kinds=(RoomKind("appraisal", service.project, recover, queries.one, queries.reaching, after=("campaign",)),),
    pages=PAGES, query=AppraisalQuery, mutation=AppraisalMutation, personal=personal,
    flows={IndicatorCode.BODIES_APPRAISED: Flow(figures_queries.appraised)},
    newest_change=queries.newest_change, in_use=queries.any_asked,
)  # fmt: skip
