"""工作日: on which days people work, and what comes of a number of them. Pure.

Public holidays and the weekend days that are worked in their place are published a year ahead; beyond what is
published Monday to Friday are taken, and the result says so. A committee may put single days right.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal, Said

MOST = 250
"""Workdays that a term may have: a year of them."""
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
