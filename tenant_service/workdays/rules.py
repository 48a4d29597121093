"""工作日: on which days people work, and what comes of a number of them. Pure.

Public holidays and the weekend days that are worked in their place are published a year ahead; beyond what is
published Monday to Friday are taken, and the result says so. A committee may put single days right.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind

MOST = 250
"""Workdays that a term may have: a year of them."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years that somebody may look at."""
_WEEKEND = 5
_DAY = dt.timedelta(days=1)
Published = Callable[[dt.date], bool | None]
"""Whether a day is worked, as it was published; None: it was not."""


@dataclass(frozen=True)
class Due:
    """The day on which something is due; `is_estimate`: on the way to it lie days whose holidays are not published."""

    day: dt.date
    is_estimate: bool = False


@dataclass(frozen=True)
class Calendar:
    """The days on which one committee works: as published, besides its `own` days, which it has put right."""

    published: Published
    own: Mapping[dt.date, bool] = field(default_factory=dict)

    def works_on(self, day: dt.date) -> bool:
        told = self.own.get(day)
        if told is None:
            told = self.published(day)
        return day.weekday() < _WEEKEND if told is None else told

    def is_known(self, day: dt.date) -> bool:
        """Whether somebody said if the day is worked, and not the weekday alone."""
        return day in self.own or self.published(day) is not None

    def after(self, start: dt.date, workdays: int) -> Due:
        """The last of so many workdays behind `start`, which does not count itself.

        Raises:
            Refusal: BAD_VALUE, fewer than 1 or more than MOST.
        """
        if not 1 <= workdays <= MOST:
            raise Refusal(Code.BAD_VALUE, field=Said("工作日数", "workdays"), why=f"1–{MOST}")
        day, is_known = start, True
        while workdays:
            day += _DAY
            is_known = is_known and self.is_known(day)
            workdays -= self.works_on(day)
        return Due(day, not is_known)

    def between(self, start: dt.date, end: dt.date) -> int:
        """Workdays behind `start` up to and with `end`; 0 where `end` is not later."""
        days = (start + _DAY * each for each in range(1, (end - start).days + 1))
        return sum(self.works_on(day) for day in days)


def days_late(due: dt.date, done: dt.date) -> int:
    """逾期N天: days, not workdays, that something was done behind its due date; 0: in time."""
    return max((done - due).days, 0)


# ── a year of it ──


class DayKind(Kind):
    """日子类别: why a day is worked or not."""

    WORKDAY = "WORKDAY", "工作日"
    WEEKEND = "WEEKEND", "周末"
    HOLIDAY = "HOLIDAY", "法定节假日"
    MAKE_UP = "MAKE_UP", "调休上班"
    OWN_WORKED = "OWN_WORKED", "本会上班"
    OWN_FREE = "OWN_FREE", "本会休息"


class DayState(Kind):
    """调整状态: whether a committee goes by what is published for a day."""

    AS_PUBLISHED = "AS_PUBLISHED", "按公布"
    WORKED = "WORKED", "上班"
    FREE = "FREE", "休息"


@dataclass(frozen=True)
class Day:
    """A day as the calendar shows it. `holiday`: which one it is, or is worked for; `note`: why it was put right."""

    day: dt.date
    works: bool
    kind: DayKind
    holiday: str | None = None
    note: str | None = None


def kind_of(calendar: Calendar, day: dt.date, holiday: str | None) -> DayKind:
    """`holiday`: what is published of the day."""
    if day in calendar.own:
        return DayKind.OWN_WORKED if calendar.own[day] else DayKind.OWN_FREE
    is_weekend = day.weekday() >= _WEEKEND
    if calendar.works_on(day):
        return DayKind.MAKE_UP if is_weekend else DayKind.WORKDAY
    return DayKind.WEEKEND if is_weekend and holiday is None else DayKind.HOLIDAY


def days_of(year: int) -> list[dt.date]:
    """Raises: Refusal BAD_VALUE, no year that a calendar is asked for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(Code.BAD_VALUE, field="year", why=f"{FIRST_YEAR}–{LAST_YEAR}")
    first = dt.date(year, 1, 1)
    return [first + _DAY * each for each in range((dt.date(year + 1, 1, 1) - first).days)]
