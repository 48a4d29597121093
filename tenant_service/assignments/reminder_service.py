"""催办: a body is urged to handle what it has; and of what comes due, and is overdue, the service reminds by itself."""

from collections.abc import Sequence

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentRecord
from tenant_service import wording
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments import reminder_rules as rules
from tenant_service.assignments import telling
from tenant_service.assignments.entries import acted
from tenant_service.assignments.models import AssignmentRow, ReminderRow
from tenant_service.assignments.reminder_rules import ReminderKind
from tenant_service.assignments.rules import STATES, Act
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.settings import Periods
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays import queries as workdays

SLICE = 50
"""Assignments of which one transaction reminds."""
REMIND = "remind"
"""The step in an assignment's history that the service takes by itself; it leaves the state as it is."""
_BY = "reminder"


def urge(unit: Unit, actor: Actor, ids: Sequence[str], words: str | None = None) -> list[AssignmentRecord]:
    """催办: whoever has these is urged, in these words (WORDS without any), each at most once a day. Of several those
    that were urged today are left out.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, also what the 交办单位 was not given; OUT_OF_TURN, nobody owes a reply;
            BAD_VALUE, none or too many at once; CLASSIFIED; URGED_TODAY, all of them were.
    """
    if not actor.may(UseCase.HAND_OVER):
        actor.require(UseCase.EDIT_ITEMS)
    today, told = day_of(unit.now), wording.text("words", words or rules.WORDS, 300)
    wanted = sorted(set(ids))
    if not wanted or len(wanted) > rules.MOST_AT_ONCE:
        raise Refusal(Code.BAD_VALUE, field="id", why=f"1–{rules.MOST_AT_ONCE}")
    rows = [_theirs(unit, actor, id) for id in wanted]
    already = reminders.urged_on(unit.session, wanted, today)
    if already == set(wanted):
        raise Refusal(Code.URGED_TODAY)
    return [_urge(unit, actor, row, told) for row in rows if row.id not in already]


def remind(unit: Unit, periods: Periods) -> int:
    """A slice of what comes due, or is overdue since yesterday or longer, and was not told yet is told now.

    Each last day is told of once before it and once after it, to whoever has the assignment then. Of how many.
    """
    today = day_of(unit.now)
    until = workdays.calendar(unit.session).after(today, periods.remind_workdays).day
    by, told = Actor(unit.committee, unit.committee, _BY), 0
    for kind in (ReminderKind.AHEAD, ReminderKind.OVERDUE):
        for row in reminders.to_remind(unit.session, kind, today, until, SLICE):
            about = reminders.about(unit.session, row, today)
            text = rules.told_by_itself(about)
            unit.session.add(ReminderRow(assignment_id=row.id, kind=kind, day=about.due, at=unit.now, text=text))
            taken.write(unit, by, row.id, REMIND, row.state, row.state, text)
            telling.due(unit, row, text, about.days_late)
            told += 1
    return told


def _urge(unit: Unit, actor: Actor, row: AssignmentRow, words: str) -> AssignmentRecord:
    today = day_of(unit.now)
    text = rules.filled(words, reminders.about(unit.session, row, today))
    taken.take(unit, actor, row, STATES, Act.URGE, text)
    told = reminders.on_day(unit.session, row.id, today) or ReminderRow(
        assignment_id=row.id, kind=ReminderKind.URGED, day=today
    )  # of one a day: whoever had it before was urged in its history
    told.at, told.text, told.urged_by = unit.now, text, actor.sub
    unit.session.add(told)
    unit.session.flush()
    telling.urged(unit, actor, row, text)
    return acted(unit, actor, row, "assignment.urge")


def _theirs(unit: Unit, actor: Actor, id: str) -> AssignmentRow:
    if actor.may(UseCase.EDIT_ITEMS):
        return handling.locked(unit.session, id)
    return handling.of_office(unit.session, actor, id)
