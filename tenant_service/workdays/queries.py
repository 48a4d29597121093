"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_service.history import taken
from tenant_service.history.taken import Step
from tenant_service.workdays import rules
from tenant_service.workdays.models import WorkdayRow
from tenant_service.workdays.rules import Calendar, Day

_CHANGES = 50
"""Of a year, that are shown."""


@dataclass(frozen=True)
class Year:
    """A year of the calendar. `is_published`: its public holidays are known; else Monday to Friday are taken."""

    year: int
    is_published: bool
    days: tuple[Day, ...]

    @property
    def workdays(self) -> int:
        return sum(each.works for each in self.days)


def calendar(session: Session) -> Calendar:
    """The days on which this committee works, as it has put them right."""
    return Calendar(published, dict(session.execute(select(WorkdayRow.day, WorkdayRow.works)).all()))


def own(session: Session, since: dt.date) -> Sequence[WorkdayRow]:
    """Days that the committee put right, from `since` on, in order."""
    return session.scalars(select(WorkdayRow).where(WorkdayRow.day >= since).order_by(WorkdayRow.day)).all()


def year(session: Session, year: int) -> Year:
    """The calendar of one year. Raises: Refusal BAD_VALUE."""
    days = rules.days_of(year)
    here = calendar(session)
    notes = {row.day: row.note for row in own(session, days[0])}
    return Year(year, published(days[-1]) is not None, tuple(_day(here, each, notes.get(each)) for each in days))


def day(session: Session, day: dt.date) -> Day:
    row = session.get(WorkdayRow, day)
    return _day(calendar(session), day, row.note if row else None)


def changes(session: Session, committee: str, year: int) -> list[tuple[dt.date, Step]]:
    """What was done to days of that year, the newest first."""
    found = taken.latest(session, f"{committee}.workday.{year}-", _CHANGES)
    return [(dt.date.fromisoformat(subject.rpartition(".")[2]), step) for subject, step in found]


def published(day: dt.date) -> bool | None:
    """As the State Council published it; None: not yet, or so long ago that nobody kept it."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@cache
def published_years() -> tuple[int, int]:
    """The first and the last year whose public holidays are known here."""
    known = [
        year for year in range(rules.FIRST_YEAR, rules.LAST_YEAR + 1) if published(dt.date(year, 12, 31)) is not None
    ]
    return known[0], known[-1]


def subject(committee: str, day: dt.date) -> str:
    """What the history calls a day of this committee."""
    return f"{committee}.workday.{day.isoformat()}"


def _holiday(day: dt.date) -> str | None:
    """The public holiday that a day is, or is worked for."""
    if published(day) is None:
        return None
    name = chinese_calendar.get_holiday_detail(day)[1]
    return chinese_calendar.Holiday(name).chinese if name else None


def _day(here: Calendar, day: dt.date, note: str | None) -> Day:
    holiday = _holiday(day)
    return Day(day, here.works_on(day), rules.kind_of(here, day, holiday), holiday, note)
