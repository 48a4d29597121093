"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.members import address_book, queries, unit_service
from tenant_service.members.graphql import MemberMutation, MemberQuery
from tenant_service.members.pages import PAGES
from tenant_service.members.recovery import recover
from tenant_service.room import Room, RoomKind, Without

_AT_HOME = Without("it never leaves its committee")

ROOM = Room(
    "members",
    kinds=(
        RoomKind(
            "unit", say("组织单元"), unit_service.project, recover, queries.unit, queries.reaching, is_open=True
        ),
        RoomKind(
            "body", say("单位"), _AT_HOME, _AT_HOME, queries.body_for, Without("their list is looked through by name")
        ),
        RoomKind("person", say("人员"), _AT_HOME, _AT_HOME, address_book.one, Without("the address book has a search")),
        RoomKind("membership", say("任职"), _AT_HOME, _AT_HOME, address_book.membership, Without("it has no text")),
    ),
    pages=PAGES, query=MemberQuery, mutation=MemberMutation,
)  # fmt: skip
