"""What people do with the calendar of workdays. One function, one use case, one transaction.

A due date that was computed stays as it was told; only what is computed from now on goes by a change.
"""

import datetime as dt

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays import queries, rules
from tenant_service.workdays.models import WorkdayRow
from tenant_service.workdays.rules import DayState

UNDO = "workday.undo"
_LONGEST = 60


def put_right(unit: Unit, actor: Actor, day: dt.date, note: str, *, works: bool) -> dt.date:
    """The committee works on this day, or does not, whatever is published.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, without a note, or far from any year of a calendar; CLASSIFIED; ALREADY_DONE, it
            is put right just so.
    """
    actor.require(UseCase.EDIT_WORKDAYS)
    rules.days_of(day.year)
    row, why = _locked(unit, day), wording.text("note", note, _LONGEST)
    if row is not None and (row.works, row.note) == (works, why):
        raise Refusal(Code.ALREADY_DONE)
    _change(unit, actor, day, "workday.put_right", DayState.WORKED if works else DayState.FREE, why)
    return day


def let_go(unit: Unit, actor: Actor, day: dt.date, note: str) -> dt.date:
    """The day is again as it is published.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, it was not put right; BAD_VALUE, without a note; CLASSIFIED.
    """
    actor.require(UseCase.EDIT_WORKDAYS)
    if _locked(unit, day) is None:
        raise Refusal(Code.NOT_FOUND)
    _change(unit, actor, day, "workday.let_go", DayState.AS_PUBLISHED, wording.text("note", note, _LONGEST))
    return day


def undo(unit: Unit, actor: Actor, day: dt.date) -> dt.date:
    """撤销: the day is as it was before it was changed last.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, nothing was done to it; ALREADY_DONE, that was undone.
    """
    actor.require(UseCase.EDIT_WORKDAYS)
    _locked(unit, day)
    steps = taken.of(unit.session, queries.subject(unit.committee, day))
    if not steps:
        raise Refusal(Code.NOT_FOUND)
    last = steps[-1]
    if last.act == UNDO:
        raise Refusal(Code.ALREADY_DONE)
    before = next((each for each in reversed(steps[:-1]) if each.now == last.was), None)
    was = DayState.known(last.was or "") or DayState.AS_PUBLISHED
    _change(unit, actor, day, UNDO, was, before.because if before else None)
    return day


def _change(unit: Unit, actor: Actor, day: dt.date, act: str, to: DayState, note: str | None) -> None:
    """The day is so from now on; what it was, who changed it and why is kept."""
    row = unit.session.get(WorkdayRow, day)
    was = DayState.AS_PUBLISHED if row is None else DayState.WORKED if row.works else DayState.FREE
    if to is not DayState.AS_PUBLISHED:
        row = row or WorkdayRow(day=day)
        row.works, row.note, row.changed_at = to is DayState.WORKED, note or "", unit.now
        unit.session.add(row)
    elif row is not None:
        unit.session.delete(row)
    taken.write(unit, actor, queries.subject(unit.committee, day), act, was, to, note)
    audit.note(unit, actor, act, day.isoformat())


def _locked(unit: Unit, day: dt.date) -> WorkdayRow | None:
    return unit.session.get(WorkdayRow, day, with_for_update=True)
