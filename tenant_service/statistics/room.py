"""How this room hangs in the service."""

from tenant_service.room import Room, RoomKind, Without
from tenant_service.statistics import service
from tenant_service.statistics.graphql import StatisticsQuery

ROOM = Room(
    "statistics",
    kinds=(
        RoomKind(
            "value", service.project, Without("figures are counted anew"),
            Without("figures are asked for by month, never one alone"), Without("it has no text"),
        ),
    ),
    query=StatisticsQuery,
)  # fmt: skip
