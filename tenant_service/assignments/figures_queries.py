"""What our lists and assignments come to in figures, by day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.instants import day_of, midnight
from sync.contract.shapes.items import AssignmentState, ItemState
from tenant_service.assignments import rules
from tenant_service.assignments.models import AssignmentRow, ItemRow, TermRow
from tenant_service.counting.rules import Span, Tally

_DAY = dt.timedelta(days=1)


def agreed(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Items by the day on which they were agreed; what was not adopted after that never counts."""
    wanted = select(ItemRow.agreed_at, ItemRow.kind).where(
        ItemRow.agreed_at >= midnight(since), ItemRow.agreed_at < midnight(until + _DAY),
        ItemRow.number.is_not(None), ItemRow.state != ItemState.NOT_ADOPTED,
    )  # fmt: skip
    return _daily((at, kind.value) for at, kind in session.execute(wanted))


def done(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that were carried out, by that day."""
    wanted = select(ItemRow.done_at, ItemRow.kind).where(
        ItemRow.done_at >= midnight(since), ItemRow.done_at < midnight(until + _DAY), ItemRow.state == ItemState.DONE
    )
    return _daily((at, kind.value) for at, kind in session.execute(wanted))


def replied(session: Session, since: dt.date, until: dt.date, *, on_time: bool = False) -> list[Tally]:
    """Assignments whose reply stands, by its day; `on_time`: those that were never late."""
    wanted = select(AssignmentRow.replied_at, AssignmentRow.role).where(
        AssignmentRow.replied_at >= midnight(since), AssignmentRow.replied_at < midnight(until + _DAY),
        AssignmentRow.state.in_(rules.REPLIED), *([AssignmentRow.days_late == 0] if on_time else []),
    )  # fmt: skip
    return _daily((at, role.value) for at, role in session.execute(wanted))


def late(session: Session, first: dt.date, last: dt.date) -> list[Span]:
    """Every assignment for as long as the due date in force was over and no reply had come, if that was so on one of
    these days.
    """
    still = select(AssignmentRow.role, AssignmentRow.due_on).where(
        AssignmentRow.state.in_(rules.IN_HANDS), AssignmentRow.due_on < last
    )
    found = [Span(role.value, due + _DAY, None) for role, due in session.execute(still) if due is not None]
    # By the day of the reply alone: an index by the state would find every reply there ever was.
    columns = AssignmentRow.role, AssignmentRow.due_on, AssignmentRow.replied_at, AssignmentRow.state
    since = select(*columns).where(AssignmentRow.replied_at >= midnight(first + _DAY), AssignmentRow.days_late > 0)
    for role, due, at, state in session.execute(since):
        if state in rules.REPLIED and due is not None and at is not None:
            found.append(Span(role.value, due + _DAY, day_of(at)))
    before = select(AssignmentRow.role, TermRow.due_on, TermRow.until).join(
        AssignmentRow, AssignmentRow.id == TermRow.assignment_id
    )
    stands = TermRow.until > first, AssignmentRow.state != AssignmentState.WITHDRAWN
    found += [Span(role.value, due + _DAY, until) for role, due, until in session.execute(before.where(*stands))]
    return [each for each in found if (each.until is None or each.since < each.until) and each.touches(first, last)]


def _daily(rows: Iterable[tuple[dt.datetime | None, str]]) -> list[Tally]:
    """Moments are counted on the day that it was in Asia/Shanghai."""
    counted = Counter((day_of(at), kind) for at, kind in rows if at is not None)
    return [Tally(day, kind, None, number) for (day, kind), number in counted.items()]
