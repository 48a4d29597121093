"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Flow
from tenant_service.forms import figures_queries, listing, personal, queries, service
from tenant_service.forms.graphql import FormMutation, FormQuery
from tenant_service.forms.pages import PAGES
from tenant_service.forms.recovery import recover
from tenant_service.room import Room, RoomKind

ROOM = Room(
    "forms",
    kinds=(RoomKind("form", service.project, recover, queries.one, queries.reaching, after=("unit",)),),
    pages=PAGES, query=FormQuery, mutation=FormMutation, personal=personal, does={"form": listing.ACTS},
    flows={
        IndicatorCode.FORM_ANSWERS: Flow(figures_queries.answered),
        IndicatorCode.FORM_PASSES: Flow(figures_queries.passed),
    },
    newest_change=queries.newest_change,
)  # fmt: skip
