"""Every read of what was urged and reminded of."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tenant_service.assignments import rules
from tenant_service.assignments.models import AssignmentRow, ItemRow, ReminderRow
from tenant_service.assignments.reminder_rules import About, ReminderKind
from tenant_service.assignments.rules import Act
from tenant_service.history import taken


class Urged(NamedTuple):
    """How often an assignment was urged, and on which day last."""

    times: int
    last: dt.date


def _urged_theirs() -> list[ColumnElement[bool]]:
    """That whoever has an assignment was urged: not whoever had it before, be it on the same day."""
    given = [Act.ASSIGN.value, Act.REASSIGN.value]
    return [
        ReminderRow.kind == ReminderKind.URGED,
        taken.none_since(ReminderRow.__table__.c.assignment_id, given, ReminderRow.__table__.c.at),
    ]


def urged(session: Session, ids: Collection[str]) -> dict[str, Urged]:
    """Assignment → how whoever has it was urged; without those that never were."""
    of = select(ReminderRow.assignment_id, func.count(), func.max(ReminderRow.day)).group_by(ReminderRow.assignment_id)
    found = session.execute(of.where(ReminderRow.assignment_id.in_(ids), *_urged_theirs()))
    return {id: Urged(times, last) for id, times, last in found}


def of(session: Session, id: str) -> list[ReminderRow]:
    """What was said to whoever has the assignment, the newest first."""
    wanted = select(ReminderRow).where(ReminderRow.assignment_id == id)
    return list(session.scalars(wanted.order_by(ReminderRow.at.desc(), ReminderRow.kind)))


def last_urged(session: Session, id: str, since: dt.datetime) -> ReminderRow | None:
    """How an assignment was last urged, at that moment or later."""
    wanted = select(ReminderRow).where(ReminderRow.assignment_id == id, ReminderRow.kind == ReminderKind.URGED)
    return session.scalars(wanted.where(ReminderRow.at >= since).order_by(ReminderRow.day.desc()).limit(1)).first()


def urged_on(session: Session, ids: Collection[str], day: dt.date) -> set[str]:
    """Those of these assignments whose present body was urged on that day."""
    wanted = select(ReminderRow.assignment_id).where(ReminderRow.assignment_id.in_(ids), ReminderRow.day == day)
    return set(session.scalars(wanted.where(*_urged_theirs())))


def on_day(session: Session, id: str, day: dt.date) -> ReminderRow | None:
    """How it was last urged on that day, whoever had it then."""
    return session.get(ReminderRow, (id, ReminderKind.URGED, day))


def is_urged() -> ColumnElement[bool]:
    """Of assignments that are owed a reply, and were urged since whoever has them has them."""
    ids = select(ReminderRow.assignment_id).where(ReminderRow.assignment_id == AssignmentRow.id, *_urged_theirs())
    return AssignmentRow.state.in_(rules.IN_HANDS) & ids.exists()


def about(session: Session, row: AssignmentRow, today: dt.date) -> About:
    """What words about it are filled with."""
    item = session.scalar(select(ItemRow.text).where(ItemRow.id == row.item_id)) or ""
    due = row.due_on or today
    return About(item, due, (today - due).days)


def to_remind(
    session: Session, kind: ReminderKind, today: dt.date, until: dt.date, most: int
) -> Sequence[AssignmentRow]:
    """Assignments in hands, locked, of whose last day nobody was reminded yet: AHEAD, those due from today until that
    day; OVERDUE, those that were due before today.
    """
    said = select(ReminderRow.assignment_id).where(
        ReminderRow.assignment_id == AssignmentRow.id, ReminderRow.kind == kind, ReminderRow.day == AssignmentRow.due_on
    )
    due = AssignmentRow.due_on < today if kind is ReminderKind.OVERDUE else AssignmentRow.due_on.between(today, until)
    wanted = select(AssignmentRow).where(AssignmentRow.state.in_(rules.IN_HANDS), due, ~said.exists())
    return session.scalars(wanted.order_by(AssignmentRow.id).limit(most).with_for_update()).all()
