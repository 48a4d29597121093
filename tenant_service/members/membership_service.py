"""What the office does with what people are: seats, places in units, postings. One function, one use case, one
transaction.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import Id, checked
from sync.contract.instants import day_of
from sync.contract.shapes.members import (
    MembershipEnding,
    MembershipEntry,
    MembershipKind,
    MembershipRecord,
    MembershipState,
)
from sync.contract.shapes.sectors import Party, Sector
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import linking_queries as linking
from tenant_service.members import queries, rules, service
from tenant_service.members.models import MembershipRow
from tenant_service.storage.unit_of_work import Unit

MOST_TERM = 99


@dataclass(frozen=True)
class MembershipDraft:
    """What somebody is to be. Dates are days in Asia/Shanghai.

    Attributes:
        person_id: Who; or `holder_unit_id`, a unit that is posted as a whole (界别联镇街).
        with_person_id: Of a one-to-one contact, with whom.
        unit_id: In which unit; None: in the committee itself, or, of a posting, with the body `body_id`.
    """

    kind: MembershipKind
    person_id: str | None = None
    holder_unit_id: str | None = None
    unit_id: str | None = None
    body_id: str | None = None
    with_person_id: str | None = None
    title: str | None = None
    term: int | None = None
    sector: Sector | None = None
    party: Party | None = None
    since: dt.date | None = None
    entry: MembershipEntry | None = None


@dataclass(frozen=True)
class Decision:
    """Which meeting decided, and on which day."""

    meeting: str
    day: dt.date


def propose(unit: Unit, actor: Actor, draft: MembershipDraft) -> MembershipRecord:
    """The membership is proposed (拟任): it counts from the day on which a meeting confirms it.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, NOT_FOUND, OUT_OF_TURN (somebody or something of it is gone); ALREADY_HELD.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = _drafted(unit, draft)
    row.state = MembershipState.PROPOSED
    return _entered(unit, actor, row, "membership.propose")


def confirm(unit: Unit, actor: Actor, id: str, decision: Decision) -> MembershipRecord:
    """A meeting confirmed it: it counts from the meeting's day, or from a later first day that was proposed.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = queries.locked_membership(unit.session, id)
    row.state = rules.MEMBERSHIPS.after(MembershipState.ACTIVE, row.state)
    row.decided_by, row.decided_on = wording.text("meeting", decision.meeting, 120), decision.day
    row.since = max(row.since or decision.day, decision.day)
    return _entered(unit, actor, row, "membership.confirm")


def place(unit: Unit, actor: Actor, draft: MembershipDraft) -> MembershipRecord:
    """The person, or the unit as a whole, is there from now: in a unit, a party group, a posting. No meeting needed.

    Raises:
        Refusal: what `propose` refuses; NEEDS_MEETING, a seat in the committee itself.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    if draft.kind in rules.NEEDS_MEETING and draft.unit_id is None:
        raise Refusal(Code.NEEDS_MEETING)
    row = _drafted(unit, draft)
    row.state = MembershipState.ACTIVE
    return _entered(unit, actor, row, "membership.place")


def end(
    unit: Unit, actor: Actor, id: str, how: MembershipEnding, last: dt.date, decision: Decision | None = None
) -> MembershipRecord:
    """It ends with `last`: 辞去, 撤销, 停止履职 …; a seat in the committee itself by a meeting's decision.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE; BAD_TIME, it would end before it began; NEEDS_MEETING.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = queries.locked_membership(unit.session, id)
    is_seat = row.kind in rules.NEEDS_MEETING and row.unit_id is None
    if is_seat and row.state is MembershipState.ACTIVE and decision is None and how in rules.BY_MEETING:
        raise Refusal(Code.NEEDS_MEETING)
    rules.in_order(row.since, last)
    row.state, row.ending, row.until = rules.MEMBERSHIPS.after(MembershipState.ENDED, row.state), how, last
    if decision:
        row.ended_by, row.ended_on = wording.text("meeting", decision.meeting, 120), decision.day
    return _entered(unit, actor, row, "membership.end")


def _drafted(unit: Unit, draft: MembershipDraft) -> MembershipRow:
    if draft.term is not None and not 0 < draft.term <= MOST_TERM:
        raise Refusal(Code.BAD_VALUE, field="term", why=f"1–{MOST_TERM}")
    row = MembershipRow(
        id=unit.new_id("membership"), committee_id=unit.committee, revision=0, changed_at=unit.now, kind=draft.kind,
        person_id=service.present(unit, draft.person_id).id if draft.person_id else None,
        holder_unit_id=_standing(unit, draft.holder_unit_id), unit_id=_standing(unit, draft.unit_id),
        with_person_id=service.present(unit, draft.with_person_id).id if draft.with_person_id else None,
        body_id=_listed_body(unit, draft.body_id), term=draft.term,
        title=wording.optional(Said("职务", "title"), draft.title, 40),
        sector=draft.sector, party=draft.party, since=draft.since, until=None, entry=draft.entry, decided_by=None,
        decided_on=None, ending=None, ended_by=None, ended_on=None,
    )  # fmt: skip
    _makes_sense(row)
    if row.kind is MembershipKind.CONTACT:
        _in_touch(unit, row)
    elif _is_held(unit, row):
        raise Refusal(Code.ALREADY_HELD)
    return row


def _in_touch(unit: Unit, row: MembershipRow) -> None:
    """One to one: each of the two is in touch with nobody else so. Raises: Refusal BAD_VALUE, ALREADY_HELD."""
    parties = linking.parties(unit.session, day_of(unit.now))
    rules.may_be_in_touch(parties.get(row.person_id or ""), parties.get(row.with_person_id or ""))
    either = (MembershipRow.person_id == row.person_id) | (MembershipRow.with_person_id == row.with_person_id)
    held = MembershipRow.kind == MembershipKind.CONTACT, MembershipRow.state != MembershipState.ENDED
    if unit.session.scalar(select(MembershipRow.id).where(either, *held).limit(1)):
        raise Refusal(Code.ALREADY_HELD)


def _is_held(unit: Unit, row: MembershipRow) -> bool:
    """Whether the same is held or proposed already; a seat in the committee is another one in each term."""
    wanted = select(MembershipRow.id).where(
        MembershipRow.kind == row.kind, MembershipRow.state != MembershipState.ENDED,
        MembershipRow.person_id.is_not_distinct_from(row.person_id),
        MembershipRow.holder_unit_id.is_not_distinct_from(row.holder_unit_id),
        MembershipRow.unit_id.is_not_distinct_from(row.unit_id),
        MembershipRow.body_id.is_not_distinct_from(row.body_id),
    )  # fmt: skip
    if row.kind is MembershipKind.MEMBER and row.unit_id is None:
        wanted = wanted.where(MembershipRow.term.is_not_distinct_from(row.term))
    return unit.session.scalar(wanted.limit(1)) is not None


def _makes_sense(row: MembershipRow) -> None:
    """Exactly one holder; units and bodies are posted to, people are in the committee or in a unit.

    Raises:
        Refusal: BAD_VALUE.
    """
    is_posting, is_contact = row.kind is MembershipKind.POSTING, row.kind is MembershipKind.CONTACT
    if is_contact != (row.with_person_id is not None) or (is_contact and row.with_person_id == row.person_id):
        raise Refusal(
            Code.BAD_VALUE, field="withPersonId", why=Said("一对一联系须为两人", "a contact is between two people")
        )
    if (row.person_id is None) == (row.holder_unit_id is None) or (row.holder_unit_id and not is_posting):
        raise Refusal(
            Code.BAD_VALUE, field="personId", why=Said("须为一人，派驻可为一个单元", "one person, or a posted unit")
        )
    targets = [each for each in (row.unit_id, row.body_id) if each]
    if (is_contact and targets) or (row.body_id and not is_posting) or len(targets) > 1 or (is_posting and not targets):
        raise Refusal(
            Code.BAD_VALUE, field="unitId", why=Said("派驻须有一个去处", "a posting goes to one unit or body")
        )
    if row.holder_unit_id and row.holder_unit_id == row.unit_id:
        raise Refusal(Code.BAD_VALUE, field="unitId", why=Said("不能派驻自身", "not to itself"))


def _standing(unit: Unit, id: str | None) -> str | None:
    if id is None:
        return None
    row = queries.locked_unit(unit.session, checked(id))
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已撤销", "CLOSED"))
    return row.id


def _listed_body(unit: Unit, id: str | None) -> str | None:
    if id is None:
        return None
    row = queries.locked_body(unit.session, checked(id))
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已撤销", "CLOSED"))
    return row.id


def _entered(unit: Unit, actor: Actor, row: MembershipRow, act: str) -> MembershipRecord:
    """New revisions of it and of the person, and noted."""
    unit.session.add(row)
    made = way_out.changed(unit, actor, row, act, None)
    if row.person_id:
        service.touch(unit, [Id(row.person_id)])
    return made
