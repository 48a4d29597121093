"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.identity.policy import UseCase
from tenant_service.requests import personal, queries, service
from tenant_service.requests.graphql import RequestQuery
from tenant_service.requests.pages import PAGES
from tenant_service.requests.recovery import recover_answer, recover_request
from tenant_service.room import Masked, Retention, Room, RoomKind, Without, days_before

_FOR_TWO = Without("it is between two offices, who have a list of them")

ROOM = Room(
    "requests",
    kinds=(
        RoomKind(
            "request", service.project_request, recover_request, queries.one, _FOR_TWO,
            after=("activity", "answer"),
            masked=Masked(("contact_phone",), UseCase.REVEAL_CONTACTS, queries.ours, has_contact=True),
        ),
        RoomKind(
            "answer", service.project_answer, recover_answer,
            Without("it is shown as a part of its request"), _FOR_TWO, after=("activity",),
        ),
    ),
    pages=PAGES, query=RequestQuery, personal=personal,
    keeps=(
        Retention(
            "asked", "guest_days", "what other committees asked for their people", "{} days after the activity",
            say("外地请求中的姓名和文字：活动后 %(n)s 天"),
            lambda session, now, days: personal.count_asked(session, activities.over_before(days_before(now, days))),
            lambda unit, days: personal.forget_asked_before(
                unit, activities.over_before(days_before(unit.now, days))
            ),
        ),
    ),
)  # fmt: skip
