"""What the office does with units. One function, one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.shapes.members import (
    MembershipState,
    UnitKind,
    UnitRecord,
)
from sync.contract.shapes.sectors import Sector
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing import copies_shown as seen
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries, rules, service
from tenant_service.members.models import MembershipRow, SeenUnitRow, UnitRow
from tenant_service.storage.unit_of_work import Unit

_CLOSED = Said("已撤销", "CLOSED")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class UnitDraft:
    """A unit as the office describes it. `since`: its first day, Asia/Shanghai; None: it was always there.

    `sector`: of a 界别, the shared code that its local name stands for.
    """

    name: str
    kind: UnitKind
    parent_id: str | None = None
    since: dt.date | None = None
    sector: Sector | None = None


def add_unit(unit: Unit, actor: Actor, directory: Directory, draft: UnitDraft, shares: list[Share]) -> UnitRecord:
    """The unit stands in its tree, from its first day on. Shared as chosen.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, BAD_ID, NOT_FOUND (the unit above), OUT_OF_TURN (that one is closed),
            UNIT_CYCLE, UNIT_MISPLACED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = UnitRow(
        id=unit.new_id("unit"), committee_id=unit.committee, revision=0, until=None, merged_into_id=None,
        shares=choices.check(shares, directory, unit.committee),
    )  # fmt: skip
    _describe(unit, row, draft)
    unit.session.add(row)
    return _changed(unit, actor, row, "unit.add")


def change_unit(unit: Unit, actor: Actor, id: str, draft: UnitDraft) -> UnitRecord:
    """The unit is as described now; whom it is shared with stays.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN (it is closed), and what `add_unit` refuses.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = _open(unit, id)
    _describe(unit, row, draft)
    for below in queries.children(unit.session, row.id):
        rules.placed(below.kind, row.kind)
    return _changed(unit, actor, row, "unit.change")


def close_unit(unit: Unit, actor: Actor, id: str, last: dt.date) -> UnitRecord:
    """The unit's last day is `last`, and so is everybody's in it.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; UNIT_IN_USE, units still stand below it; BAD_TIME, it would end
            before it began.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = _open(unit, id)
    if _below(unit, row, last):
        raise Refusal(Code.UNIT_IN_USE)
    _end(unit, row, last)
    service.vacate_all(unit, _held_in(unit, row), last)
    return _changed(unit, actor, row, "unit.close")


def merge_unit(unit: Unit, actor: Actor, id: str, into: str, last: dt.date) -> UnitRecord:
    """From the day after `last`, the other unit has its place: its people and the units below it are there.

    Who was in both is in the other one once.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_TIME; UNIT_CYCLE, the other stands below it; UNIT_MISPLACED.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row, other = _open(unit, id), _open(unit, into)
    rules.above(row.id, other.id, queries.parents(unit.session))
    _end(unit, row, last)
    row.merged_into_id = other.id
    held = _held_in(unit, row)
    there = {(each.person_id, each.holder_unit_id, each.kind) for each in _held_in(unit, other)}
    unit.session.add_all(
        _continued(unit, each, row, other, last + _DAY)
        for each in held if (each.person_id, each.holder_unit_id, each.kind) not in there
    )  # fmt: skip
    service.vacate_all(unit, held, last)
    for below in _below(unit, row, last):
        rules.placed(below.kind, other.kind)
        below.parent_id = other.id
        _changed(unit, actor, below, "unit.change")
    return _changed(unit, actor, row, "unit.merge")


def share_unit(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> UnitRecord:
    """The unit's name is shared with exactly these; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = queries.locked_unit(unit.session, id)
    row.shares = choices.check(shares, directory, unit.committee)
    return _changed(unit, actor, row, "unit.share")


def _describe(unit: Unit, row: UnitRow, draft: UnitDraft) -> None:
    row.name = wording.text("name", draft.name, 80)
    row.sort_key = wording.sort_key(row.name)
    if draft.sector and draft.kind is not UnitKind.SECTOR:
        raise Refusal(Code.BAD_VALUE, field="sector", why=draft.kind)
    rules.in_order(draft.since, row.until)
    row.kind, row.since, row.sector = draft.kind, draft.since, draft.sector
    row.parent_id = None
    if draft.parent_id:
        above = _open(unit, checked(draft.parent_id))
        row.parent_id = rules.above(row.id, above.id, queries.parents(unit.session))
        rules.placed(row.kind, above.kind)


def _open(unit: Unit, id: str) -> UnitRow:
    row = queries.locked_unit(unit.session, id)
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=_CLOSED)
    return row


def _end(unit: Unit, row: UnitRow, last: dt.date) -> None:
    rules.in_order(row.since, last)
    row.until = last
    unit.session.flush()


def _below(unit: Unit, row: UnitRow, last: dt.date) -> list[UnitRow]:
    """Units right below it that last longer."""
    lasts = or_(UnitRow.until.is_(None), UnitRow.until > last)
    return list(unit.session.scalars(select(UnitRow).where(UnitRow.parent_id == row.id, lasts)))


def _held_in(unit: Unit, row: UnitRow) -> list[MembershipRow]:
    """What is held in the unit, and what the unit itself is posted to."""
    there = (MembershipRow.unit_id == row.id) | (MembershipRow.holder_unit_id == row.id)
    return list(unit.session.scalars(select(MembershipRow).where(there, MembershipRow.state != MembershipState.ENDED)))


def _continued(unit: Unit, held: MembershipRow, row: UnitRow, other: UnitRow, since: dt.date) -> MembershipRow:
    """The same with the unit that took the old one's place."""

    def now(id: str | None) -> str | None:
        return other.id if id == row.id else id

    return MembershipRow(
        id=unit.new_id("membership"), committee_id=unit.committee, revision=1, changed_at=unit.now, kind=held.kind,
        state=held.state, person_id=held.person_id, holder_unit_id=now(held.holder_unit_id), unit_id=now(held.unit_id),
        body_id=held.body_id, title=held.title, term=held.term, sector=held.sector, party=held.party,
        since=max(since, held.since or since), until=None, entry=held.entry, decided_by=held.decided_by,
        decided_on=held.decided_on, ending=None, ended_by=None, ended_on=None,
    )  # fmt: skip


def _changed(unit: Unit, actor: Actor, row: UnitRow, act: str) -> UnitRecord:
    """A new revision, told to whom it is shared with, and noted."""
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares))


project = seen.projection(SeenUnitRow)
"""What others tell us of their units is kept as a copy."""
