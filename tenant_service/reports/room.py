"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.counting.figures import Flow
from tenant_service.reports import (
    crediting,
    figures_queries,
    listing,
    personal,
    queries,
    recognition_pages,
    recognition_queries,
    recognition_service,
    sending_service,
    service,
)
from tenant_service.reports.graphql import ReportMutation, ReportQuery
from tenant_service.reports.pages import PAGES
from tenant_service.reports.recovery import recover, recover_recognition
from tenant_service.room import Room, RoomKind
from tenant_service.services import Opens

ROOM = Room(
    "reports",
    kinds=(
        RoomKind(
            "report", service.project, recover, queries.one, queries.reaching,
            opens=Opens(queries.REPORTS.is_at_work, queries.may_attach),
        ),
        RoomKind(
            "recognition", recognition_service.project, recover_recognition, recognition_queries.one,
            recognition_queries.reaching, after=("report",), is_open=True,
        ),
    ),
    pages=PAGES, query=ReportQuery, mutation=ReportMutation, personal=personal,
    acts={"intake": say("来稿")},
    does={"report": listing.ACTS, "intake": listing.INTAKE_ACTS, "recognition": recognition_pages.ACTS},
    flows={
        IndicatorCode.REPORTS: Flow(figures_queries.reports), IndicatorCode.REPORT_ADVICE: Flow(figures_queries.advice),
        IndicatorCode.INSTRUCTIONS: Flow(figures_queries.instructions),
        IndicatorCode.INSTRUCTIONS_FAVOURABLE: Flow(figures_queries.favourable),
        IndicatorCode.MODEL_CASES: Flow(figures_queries.cases),
        IndicatorCode.ADVICE_ADOPTED: Flow(figures_queries.adopted),
    },
    handlers=sending_service.HANDLERS, newest_change=recognition_queries.newest_of_both,
    credits=crediting.catch_up, follows={"recognition": crediting.follow_recognition},
)  # fmt: skip
