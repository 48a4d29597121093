"""How an item, a part in it and a reply are described by people, and how rows take it."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, owner_of
from sync.contract.shapes.items import ItemKind, ReplyClass
from tenant_service import wording
from tenant_service.assignments.models import AssignmentRow, ItemRow
from tenant_service.members import offer_queries as offers
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Draft:
    """An item as somebody proposes it; `body_id`: the body that it is about or meant for, of our list."""

    kind: ItemKind
    text: str
    body_id: str | None = None


@dataclass(frozen=True)
class Reply:
    """办理结果, as the body that was to handle it replies. Whoever has questions calls the contact."""

    text: str
    kind: ReplyClass
    contact_name: str
    contact_phone: str


@dataclass(frozen=True)
class Paper:
    """来文: what a body that has no account said on paper, dated in Asia/Shanghai. `number`: 文号, if it has one."""

    day: dt.date
    number: str | None = None


def describe(unit: Unit, row: ItemRow, told: Draft) -> None:
    """The row is as `told`.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such body of ours; OUT_OF_TURN, it is closed.
    """
    row.kind, row.text = told.kind, wording.text("text", told.text, 500)
    row.body_id, row.body = told.body_id or None, open_body(unit, told.body_id) if told.body_id else None


def enter(row: AssignmentRow, told: Reply) -> None:
    """The row has the reply, which only those see who work on it, until whoever signs has closed it.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED.
    """
    row.drafted_reply, row.drafted_class = wording.text("reply", told.text, 5_000), told.kind
    row.contact_name = wording.text("contactName", told.contact_name, 40)
    row.contact_phone = wording.phone("contactPhone", told.contact_phone, 20)


def open_body(unit: Unit, id: str) -> str:
    """The name of an open body of ours, which stays open until the act is over.

    Raises:
        Refusal: BAD_ID, NOT_FOUND; OUT_OF_TURN, it is closed.
    """
    row = members.locked_body(unit.session, checked(id))
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已撤销", "CLOSED"))
    return row.name


def handler(unit: Unit, id: str) -> str:
    """The name of a body that may handle an assignment of ours: an open one of our list, or another committee's that
    takes our assignments.

    Raises:
        Refusal: BAD_ID, NOT_FOUND; OUT_OF_TURN, it is closed; NOT_OFFERED, that committee's office did not choose that
            it takes ours.
    """
    if owner_of(checked(id)) == unit.committee:
        return open_body(unit, id)
    found = offers.offered_one(unit.session, unit.directory, unit.committee, id)
    if found is None:
        raise Refusal(Code.NOT_OFFERED, id=owner_of(id))
    return found.name
