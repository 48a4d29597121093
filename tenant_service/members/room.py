"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.counting.figures import Stock
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, offer_service, personal, queries, unit_service
from tenant_service.members.graphql import MemberMutation, MemberQuery
from tenant_service.members.pages import PAGES
from tenant_service.members.recovery import recover, recover_body
from tenant_service.members.sheets import BODIES, UNITS
from tenant_service.room import Masked, Room, RoomKind, Without

_AT_HOME = Without("it never leaves its committee")

ROOM = Room(
    "members",
    kinds=(
        RoomKind(
            "unit", unit_service.project, recover, queries.unit, queries.reaching, is_open=True
        ),
        RoomKind(
            "body", offer_service.project, recover_body, queries.body_for,
            Without("their list is looked through by name"),
            masked=Masked(("contact_phone",), UseCase.REVEAL_CONTACTS, queries.BODIES.ours, has_contact=True),
        ),
        RoomKind(
            "person", _AT_HOME, _AT_HOME, address_book.one, Without("the address book has a search"),
            masked=Masked(("work_phone", "birth_month"), UseCase.HANDLE_PERSONAL, queries.our_person),
        ),
        RoomKind("membership", _AT_HOME, _AT_HOME, address_book.membership, Without("it has no text")),
    ),
    pages=PAGES, query=MemberQuery, mutation=MemberMutation, personal=personal,
    acts={"personal": say("个人信息"), "segment": say("名单")},
    stocks={IndicatorCode.AREAS: Stock(queries.town_spans)}, sheets=(UNITS, BODIES),
)  # fmt: skip
