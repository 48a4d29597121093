"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.performance import listing, personal, queries
from tenant_service.performance.graphql import PerformanceMutation, PerformanceQuery
from tenant_service.performance.pages import PAGES
from tenant_service.room import Room

ROOM = Room(
    "performance", pages=PAGES, query=PerformanceQuery, mutation=PerformanceMutation,
    acts={
        "ledger": say("履职台账"), "scheme": say("履职方案"), "yearly_result": say("年度履职结果"),
        "objection": say("履职结果异议"),
    }, does={"scheme": listing.SCHEME_ACTS, "yearly_result": listing.RESULT_ACTS, "objection": listing.OBJECTION_ACTS},
    personal=personal, in_use=queries.any_of,
)  # fmt: skip
