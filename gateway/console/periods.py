"""统计时段: the windows that leaders ask for. Days in Asia/Shanghai, both ends inclusive. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day
from sync.edge.shell.words import say

CUSTOM = "custom"
DEFAULT = "year"
NAMES = {
    "quarter": say("本季度"), "last-quarter": say("上季度"), DEFAULT: say("今年以来"), "year-before": say("去年同期"),
    "last-year": say("去年全年"), "twelve-months": say("近一年"), CUSTOM: say("自定时段"),
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A window and the code of its choice."""

    code: str
    first: dt.date
    last: dt.date

    @property
    def name(self) -> str:
        return NAMES[self.code]

    def a_year_earlier(self) -> "Period":
        """去年同期: what a figure is compared with."""
        return Period(CUSTOM, earlier(self.first), earlier(self.last))


def earlier(value: dt.date, years: int = 1) -> dt.date:
    """The same day in an earlier year; of 29 February, the 28th."""
    try:
        return value.replace(year=value.year - years)
    except ValueError:
        return value.replace(year=value.year - years, day=28)


def chosen(asked: Mapping[str, str], today: dt.date) -> Period:
    """The period that `?period=`, `?from=` and `?to=` ask for; 今年以来 where nothing is asked.

    Raises:
        Refusal: BAD_TIME, a day that is none, or the last before the first.
    """
    code = asked.get("period", DEFAULT)
    if code == CUSTOM:
        return _custom(asked, today)
    windows = _windows(today)
    code = code if code in windows else DEFAULT
    return Period(code, *windows[code])


def _windows(today: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """First and last day of each period that has a name."""
    quarter, new_year = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1), dt.date(today.year, 1, 1)
    before = quarter - dt.timedelta(days=1)
    return {
        "quarter": (quarter, today),
        "last-quarter": (dt.date(before.year, before.month - 2, 1), before),
        DEFAULT: (new_year, today),
        "year-before": (earlier(new_year), earlier(today)),
        "last-year": (earlier(new_year), new_year - dt.timedelta(days=1)),
        "twelve-months": (earlier(today) + dt.timedelta(days=1), today),
    }


def twelve_months(today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the twelve months that end with this one."""
    first = dt.date(today.year - (today.month < 12), today.month % 12 + 1, 1)  # noqa: PLR2004 — December
    return first, today


def _custom(asked: Mapping[str, str], today: dt.date) -> Period:
    try:
        first = day(asked["from"]) if asked.get("from") else dt.date(today.year, 1, 1)
        last = day(asked["to"]) if asked.get("to") else today
    except ValueError:
        raise Refusal(Code.BAD_TIME, why=f"{asked.get('from', '')[:20]}–{asked.get('to', '')[:20]}") from None
    if first > last:
        raise Refusal(Code.BAD_TIME, why=f"{first} > {last}")
    return Period(CUSTOM, first, last)
