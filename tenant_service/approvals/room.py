"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.approvals.graphql import ApprovalMutation, ApprovalQuery
from tenant_service.approvals.pages import PAGES
from tenant_service.room import Room

ROOM = Room(
    "approvals", pages=PAGES, query=ApprovalQuery, mutation=ApprovalMutation,
    acts={"review": say("事后审核"), "deputy": say("授权代签")},
)  # fmt: skip
