"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.exchange_status.graphql import SyncMutation, SyncQuery
from tenant_service.exchange_status.pages import PAGES
from tenant_service.room import Room

ROOM = Room(
    "exchange_status", pages=PAGES, query=SyncQuery, mutation=SyncMutation,
    acts={"exchange": say("数据交换"), "recovered": say("找回的记录")},
)  # fmt: skip
