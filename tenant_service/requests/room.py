"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.requests import queries, service
from tenant_service.requests.graphql import RequestQuery
from tenant_service.requests.pages import PAGES
from tenant_service.requests.recovery import recover_answer, recover_request
from tenant_service.room import Room, RoomKind, Without

_FOR_TWO = Without("it is between two offices, who have a list of them")

ROOM = Room(
    "requests",
    kinds=(
        RoomKind(
            "request", say("请求"), service.project_request, recover_request, queries.one, _FOR_TWO,
            after=("activity", "answer"),
        ),
        RoomKind(
            "answer", say("答复"), service.project_answer, recover_answer,
            Without("it is shown as a part of its request"), _FOR_TWO, after=("activity",),
        ),
    ),
    pages=PAGES, query=RequestQuery,
)  # fmt: skip
