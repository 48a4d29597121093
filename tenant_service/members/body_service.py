"""What the office does with bodies: whoever the committee works with stands on its list before anything is assigned."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import BodyKind, BodyRecord, MembershipState
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import InHands
from tenant_service.members import queries, service
from tenant_service.members.models import BodyRow, MembershipRow
from tenant_service.storage.unit_of_work import Unit

_CLOSED, _LISTED = Said("已撤销", "CLOSED"), Said("在册", "LISTED")
_NAMED = 3
"""Titles that a refusal names; of more it says how many."""


@dataclass(frozen=True)
class BodyDraft:
    """A body as the office describes it.

    Attributes:
        coordinates: 可任交办单位: what the committee forwards may go to it.
        contact_name: Whom the office calls there, by the phone beside it; neither ever leaves this committee.
    """

    name: str
    kind: BodyKind
    coordinates: bool = False
    contact_name: str | None = None
    contact_phone: str | None = None


def add_body(unit: Unit, actor: Actor, draft: BodyDraft) -> BodyRecord:
    """The body is on the list.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED; BODY_LISTED, one of this name stands there.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = BodyRow(id=unit.new_id("body"), committee_id=unit.committee, revision=0, until=None, shares=[])
    with unit.session.no_autoflush:
        _describe(unit, row, draft)
    unit.session.add(row)
    return _changed(unit, actor, row, "body.add")


def change_body(unit: Unit, actor: Actor, id: str, draft: BodyDraft) -> BodyRecord:
    """The body is as described now. Raises: Refusal NOT_FOUND, OUT_OF_TURN, and what `add_body` refuses."""
    actor.require(UseCase.EDIT_MEMBERS)
    row = _open(unit, id)
    with unit.session.no_autoflush:
        _describe(unit, row, draft)
    return _changed(unit, actor, row, "body.change")


def close_body(unit: Unit, actor: Actor, id: str, last: dt.date, why: str, in_hands: InHands) -> BodyRecord:
    """撤销: the body's last day on the list is `last`; so is that of the postings to it. Its accounts stay, and the
    administrators are told of them.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; BODY_IN_USE, with what it has in hands.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = _open(unit, id)
    row.closed_because = wording.reason(why, 200)
    if held := in_hands(unit.session, row.id):
        what = "、".join(f"“{each[:30]}”" for each in held[:_NAMED])
        raise Refusal(Code.BODY_IN_USE, body=row.name, count=len(held), what=what)
    row.until = last
    posted = select(MembershipRow).where(MembershipRow.body_id == row.id, MembershipRow.state != MembershipState.ENDED)
    service.vacate_all(unit, list(unit.session.scalars(posted)), last)
    return _changed(unit, actor, row, "body.close")


def reopen_body(unit: Unit, actor: Actor, id: str) -> BodyRecord:
    """恢复: the body is on the list again. Postings that ended with it stay ended.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is on the list; BODY_LISTED, another of its name is.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = queries.locked_body(unit.session, id)
    if row.until is None:
        raise Refusal(Code.OUT_OF_TURN, now=_LISTED)
    row.until = row.closed_because = None
    _alone(unit, row)
    return _changed(unit, actor, row, "body.reopen")


def _describe(unit: Unit, row: BodyRow, draft: BodyDraft) -> None:
    row.name = wording.text("name", draft.name, 120)
    row.sort_key, row.kind, row.coordinates = wording.sort_key(row.name), draft.kind, draft.coordinates
    row.contact_name = wording.optional("contactName", draft.contact_name, 40)
    phone = masks.unmasked("contactPhone", draft.contact_phone, row.contact_phone)
    row.contact_phone = wording.optional("contactPhone", phone, 40)
    _alone(unit, row)


def _alone(unit: Unit, row: BodyRow) -> None:
    """Raises: Refusal BODY_LISTED."""
    same = select(BodyRow.id).where(BodyRow.name == row.name, BodyRow.id != row.id, BodyRow.until.is_(None))
    if unit.session.scalar(same.limit(1)) is not None:
        raise Refusal(Code.BODY_LISTED, field="name", body=row.name)


def _open(unit: Unit, id: str) -> BodyRow:
    row = queries.locked_body(unit.session, id)
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=_CLOSED)
    return row


def _changed(unit: Unit, actor: Actor, row: BodyRow, act: str) -> BodyRecord:
    """A new revision, told to whose assignments it takes, and noted."""
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares) or None)
