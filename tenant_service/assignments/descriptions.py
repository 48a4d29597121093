"""How an item, a part in it and a reply are described by people, and how rows take it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, owner_of
from sync.contract.shapes.items import ItemKind, ReplyClass
from tenant_service import wording
from tenant_service.assignments.models import AssignmentRow, ItemRow, LetterRow
from tenant_service.assignments.rules import TalkedBy
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
class Letter:
    """答复函 of a proposal, besides what every reply says (practice rule 12).

    Attributes:
        number: 文号. signed_by: 签发人 of the body.
        talked, talked_on: 答前沟通, how and when; no day where they were not talked to.
        is_open: Whether the body agrees that it is open to read.
    """

    number: str
    signed_by: str
    talked: TalkedBy
    talked_on: dt.date | None = None
    is_open: bool = False


@dataclass(frozen=True)
class Reply:
    """办理结果, as the body that was to handle it replies. Whoever has questions calls the contact. `letter`: needed
    where it answers a proposal.
    """

    text: str
    kind: ReplyClass
    contact_name: str
    contact_phone: str
    letter: Letter | None = None


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


def enter_letter(unit: Unit, row: AssignmentRow, told: Reply, day: dt.date) -> None:
    """The answer to a proposal is kept as it was written, beside those before it.

    Raises:
        Refusal: LETTER_NEEDED, it says no more than any reply; BAD_VALUE, CLASSIFIED; BAD_TIME, they were talked to
            after it, or it does not say when.
    """
    letter = told.letter
    if letter is None or not letter.number.strip() or not letter.signed_by.strip():
        raise Refusal(Code.LETTER_NEEDED)
    is_talked = letter.talked is not TalkedBy.NOT_AT_ALL
    if is_talked and (letter.talked_on is None or letter.talked_on > day):
        why = Said("须在答复之日或之前", "on the day of the answer, or before")
        raise Refusal(Code.BAD_TIME, field="talkedOn", why=why)
    earlier = select(func.count()).where(LetterRow.assignment_id == row.id)
    unit.session.add(LetterRow(
        assignment_id=row.id, seq=(unit.session.scalar(earlier) or 0) + 1, talked=letter.talked,
        number=wording.text("documentNo", letter.number, 60), signed_by=wording.text("signedBy", letter.signed_by, 40),
        handler=row.contact_name, phone=row.contact_phone, talked_on=letter.talked_on if is_talked else None,
        is_open=letter.is_open, text=row.drafted_reply, reply_class=told.kind, replied_on=day, told_on=None,
    ))  # fmt: skip
    unit.session.flush()


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
