"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.room import Room
from tenant_service.workdays.graphql import WorkdayMutation, WorkdayQuery
from tenant_service.workdays.pages import PAGES

ROOM = Room(
    "workdays", pages=PAGES, query=WorkdayQuery, mutation=WorkdayMutation, acts={"workday": say("工作日")},
)  # fmt: skip
