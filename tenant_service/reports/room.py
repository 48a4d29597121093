"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.reports import listing, personal, queries, sending_service, service
from tenant_service.reports.graphql import ReportMutation, ReportQuery
from tenant_service.reports.pages import PAGES
from tenant_service.reports.recovery import recover
from tenant_service.room import Room, RoomKind
from tenant_service.services import Opens

ROOM = Room(
    "reports",
    kinds=(
        RoomKind(
            "report", service.project, recover, queries.one, queries.reaching,
            opens=Opens(queries.REPORTS.is_at_work, queries.may_attach),
        ),
    ),
    pages=PAGES, query=ReportQuery, mutation=ReportMutation, personal=personal,
    acts={"intake": say("来稿")}, does={"report": listing.ACTS, "intake": listing.INTAKE_ACTS},
    handlers=sending_service.HANDLERS, newest_change=queries.newest_change,
)  # fmt: skip
