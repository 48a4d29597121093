"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.room import Room, RoomKind, Without
from tenant_service.statistics import listing, service
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics.graphql import StatisticsMutation, StatisticsQuery
from tenant_service.statistics.pages import PAGES

ROOM = Room(
    "statistics",
    kinds=(
        RoomKind(
            "value", service.project, Without("figures are counted anew"),
            Without("figures are asked for by month, never one alone"), Without("it has no text"),
        ),
    ),
    pages=PAGES, query=StatisticsQuery, mutation=StatisticsMutation, acts={"opening": say("期初数")},
    does={"opening": listing.ACTS},
    newest_change=openings.newest_change,
)  # fmt: skip
