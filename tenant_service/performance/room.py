"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.performance import personal, queries
from tenant_service.performance.graphql import PerformanceMutation, PerformanceQuery
from tenant_service.performance.pages import PAGES
from tenant_service.room import Room

ROOM = Room(
    "performance", pages=PAGES, query=PerformanceQuery, mutation=PerformanceMutation,
    acts={"ledger": say("履职台账")}, personal=personal, in_use=queries.any_of,
)  # fmt: skip
