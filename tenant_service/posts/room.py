"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Flow
from tenant_service.posts import crediting, figures_queries, listing, personal, queries, service
from tenant_service.posts.graphql import PostMutation, PostQuery
from tenant_service.posts.pages import PAGES
from tenant_service.posts.recovery import recover
from tenant_service.room import Room, RoomKind
from tenant_service.services import Opens

ROOM = Room(
    "posts",
    kinds=(
        RoomKind(
            "post", service.project, recover, queries.one, queries.reaching, after=("unit",), is_open=True,
            opens=Opens(queries.is_shown, queries.takes_files),
        ),
    ),
    pages=PAGES, query=PostQuery, mutation=PostMutation, personal=personal, does={"post": listing.ACTS},
    flows={
        IndicatorCode.POSTS_PUBLISHED: Flow(figures_queries.published),
        IndicatorCode.THREADS_CONVERTED: Flow(figures_queries.converted),
    },
    newest_change=queries.newest_change, credits=crediting.catch_up,
)  # fmt: skip
