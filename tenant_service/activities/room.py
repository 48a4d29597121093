"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.activities import queries, service
from tenant_service.activities.graphql import ActivitiesOfCommittee, ActivityMutation, ActivityQuery
from tenant_service.activities.pages import PAGES
from tenant_service.activities.recovery import recover
from tenant_service.room import Room, RoomKind

ROOM = Room(
    "activities",
    kinds=(
        RoomKind(
            "activity", say("活动"), service.project, recover, queries.one, queries.reaching, after=("venue",),
            is_open=True,
        ),
    ),
    pages=PAGES, query=ActivityQuery, mutation=ActivityMutation, of_committee=ActivitiesOfCommittee,
)  # fmt: skip
