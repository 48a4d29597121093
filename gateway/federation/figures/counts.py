"""What one committee counted in one month, and the parts of it that a table's lines are made of.

A committee tells, per indicator and month, a number per day and kind, and the ids of what it counted together with
others; and of both, what was done under which mechanism. Days are those of Asia/Shanghai, both ends inclusive.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import sub

from sync.contract.shapes.values import INDICATORS, IndicatorCode

ONE_EACH = {
    IndicatorCode.ACTIVITIES_HELD, IndicatorCode.LEADER_ATTENDED, IndicatorCode.VENUES_OPEN, IndicatorCode.AREAS,
    IndicatorCode.AREAS_COVERED,
}  # fmt: skip
"""Indicators in which one row counts one, so that the ids of joint rows say how much is counted twice."""
Days = Mapping[str, Sequence[int]]
"""Kind → a number per day of the month; days after the last are not counted yet."""


@dataclass(frozen=True)
class Split:
    """What of a count was done under one mechanism; `joint` as there."""

    days: Days
    joint: frozenset[str] | None


@dataclass(frozen=True)
class Import:
    """What a committee counted before the platform in these days, both inclusive, that no row tells.

    Attributes:
        kind: Empty where it is not told by kind.
    """

    committee: str
    indicator: IndicatorCode
    kind: str
    since: dt.date
    until: dt.date
    number: int


@dataclass(frozen=True)
class Count:
    """What one committee counted for one indicator in one month.

    Attributes:
        month: YYYY-MM.
        joint: Ids of the counted rows with more than one host; None: not told.
        counted_on: Last day that it can speak for.
        mechanisms: Id → what was done under it; None: not told apart. (What stands there stands under none.)
        mechanism: The one under which it was done, once it is told apart; None: under none.
        imports: Totals from before the platform that touch the month, besides `days`.
    """

    committee: str
    indicator: IndicatorCode
    month: str
    days: Days
    joint: frozenset[str] | None
    counted_on: dt.date
    mechanisms: Mapping[str, Split] | None = None
    mechanism: str | None = None
    imports: tuple[Import, ...] = ()

    @property
    def is_told_apart(self) -> bool:
        """Whether it says what of it was done under which mechanism."""
        return self.is_stock or self.mechanisms is not None

    @property
    def is_stock(self) -> bool:
        return INDICATORS[self.indicator].is_stock


@dataclass(frozen=True)
class Window:
    """The days asked for, both inclusive."""

    since: dt.date
    until: dt.date

    def months(self) -> list[str]:
        """YYYY-MM of every month that has a day in it, in order."""
        first, last = (each.year * 12 + each.month - 1 for each in (self.since, self.until))
        return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1)]

    @cached_property
    def days(self) -> dict[str, tuple[int, int]]:
        """Of every month that has a day in it the first and the last that do."""
        first, last = f"{self.since:%Y-%m}", f"{self.until:%Y-%m}"
        return {
            month: (self.since.day if month == first else 1, self.until.day if month == last else _days_in(month))
            for month in self.months()
        }


def in_force(counts: Iterable[Count], window: Window, *, by_month: bool) -> list[Count]:
    """Of a stock only the last month that a committee has counted, unless months are told apart."""
    inside = [each for each in counts if each.month in window.days]
    if by_month:
        return inside
    last: dict[tuple[str, IndicatorCode], str] = {}
    for each in inside:
        of = each.committee, each.indicator
        last[of] = max(last.get(of, ""), each.month)
    return [each for each in inside if not each.is_stock or last[each.committee, each.indicator] == each.month]


def by_mechanism(count: Count) -> Iterator[Count]:
    """The count in parts, one for each mechanism and one for what was done under none.

    Raises:
        ValueError: the parts are more than the whole.
    """
    rest, joint = {kind: list(numbers) for kind, numbers in count.days.items()}, count.joint
    for id, part in (count.mechanisms or {}).items():
        yield replace(count, days=part.days, joint=part.joint, mechanism=id)
        for kind, numbers in part.days.items():
            rest[kind] = list(map(sub, rest.get(kind, ()), numbers))
            if len(rest[kind]) != len(numbers) or min(rest[kind], default=0) < 0:
                raise ValueError("a part is more than the whole")
        joint = _without(joint, part.joint)
    yield replace(count, days=rest, joint=joint)


def by_kind(
    count: Count, window: Window, *, split: bool
) -> Iterable[tuple[str | None, int, frozenset[str], str | None]]:
    """(kind, number, joint ids, why the distinct figure is unknown) of one count; one for all kinds unless `split`."""
    first, last = window.days[count.month]
    if count.is_stock and count.month == f"{count.counted_on:%Y-%m}":
        last = min(last, count.counted_on.day)
    told = {kind: _number(days, first, last, is_stock=count.is_stock) for kind, days in count.days.items()}
    told = {kind: number for kind, number in told.items() if number}
    joint, why = _joint(count, sum(told.values()), last)
    if not split:
        return [(None, sum(told.values()), joint, why)]
    if len(told) > 1 and joint:
        joint, why = frozenset(), why or "NOT_BY_KIND"
    return [(kind, number, joint, why) for kind, number in told.items()]


def _without(whole: frozenset[str] | None, part: frozenset[str] | None) -> frozenset[str] | None:
    """Raises: ValueError."""
    if whole is None or part is None:
        return None
    if not part <= whole:
        raise ValueError("held with others under a mechanism, and not with others")
    return whole - part


def _number(days: Sequence[int], first: int, last: int, *, is_stock: bool) -> int:
    if not is_stock:
        return sum(days[first - 1 : last])
    return days[min(last, len(days)) - 1] if days else 0


def _joint(count: Count, inside: int, last: int) -> tuple[frozenset[str], str | None]:
    """The joint ids among what is counted; or why they cannot be told."""
    if count.joint is None:
        return frozenset(), "NOT_LISTED" if inside else None
    if not count.joint or not inside:
        return frozenset(), None
    if count.is_stock:
        is_open = count.month == f"{count.counted_on:%Y-%m}"
        is_cut = last < (count.counted_on.day if is_open else _days_in(count.month))
    else:
        is_cut = inside != sum(map(sum, count.days.values()))
    if is_cut:
        return frozenset(), "MONTH_CUT"
    return (count.joint, None) if count.indicator in ONE_EACH else (frozenset(), "SEVERAL_EACH")


def _days_in(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:7]))[1]
