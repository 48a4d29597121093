"""Figures from what committees counted: one way of adding, whether a count came live or was published before.

A committee tells, per indicator and month, a number per day and kind, and the ids of what it counted together with
others. The sum counts joint work at each host; the distinct figure counts it once, as
    Σ (value − |joint ids|) + |∪ joint ids|
and is unknown, with the reason, where a part of that is. Days are those of Asia/Shanghai, both ends inclusive.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gateway.freshness import freshness
from sync.contract.committees import CommitteeRecord
from sync.contract.levels import Level
from sync.contract.values import INDICATORS, IndicatorCode

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_EACH = {
    IndicatorCode.ACTIVITIES_HELD, IndicatorCode.LEADER_ATTENDED, IndicatorCode.VENUES_OPEN, IndicatorCode.AREAS,
    IndicatorCode.AREAS_COVERED,
}  # fmt: skip
"""Indicators in which one row counts one, so that the ids of joint rows say how much is counted twice."""
REASONS = ("PART_MISSING", "NOT_LISTED", "MONTH_CUT", "NOT_BY_KIND", "SEVERAL_EACH")
"""Why a distinct figure is unknown; the first that applies is told."""


@dataclass(frozen=True)
class Count:
    """What one committee counted for one indicator in one month.

    Attributes:
        month: YYYY-MM.
        days: Kind → a number per day; days after the last are not counted yet.
        joint: Ids of the counted rows with more than one host; None: not told.
        counted_on: Last day that it can speak for.
    """

    committee: str
    indicator: IndicatorCode
    month: str
    days: dict[str, Sequence[int]]
    joint: frozenset[str] | None
    counted_on: dt.date


@dataclass(frozen=True)
class Standing:
    """One committee that was asked; `as_of` of what it published before; None and not fresh: it has no part."""

    committee: CommitteeRecord
    is_fresh: bool
    as_of: dt.datetime | None = None


class Key(NamedTuple):
    """What a line is about; None: not broken down by that."""

    committee: str | None = None
    level: Level | None = None
    month: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Window:
    """The days asked for, both inclusive."""

    since: dt.date
    until: dt.date

    def months(self) -> list[str]:
        """YYYY-MM of every month that has a day in it, in order."""
        first, last = (each.year * 12 + each.month - 1 for each in (self.since, self.until))
        return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1)]

    def days_of(self, month: str) -> tuple[int, int]:
        """First and last day of the month that lie in it."""
        last = _days_in(month)
        return (
            self.since.day if month == f"{self.since:%Y-%m}" else 1,
            self.until.day if month == f"{self.until:%Y-%m}" else last,
        )


@dataclass
class Figure:
    """One indicator on one line."""

    value: int = 0
    joint: set[str] = field(default_factory=set)
    counted_twice: int = 0
    """Entries in all lists of joint ids: what `value` holds of joint work."""
    unknown: set[str] = field(default_factory=set)

    def add(self, numbers: int, joint: frozenset[str], why_unknown: str | None) -> None:
        self.value += numbers
        self.joint |= joint
        self.counted_twice += len(joint)
        if why_unknown:
            self.unknown.add(why_unknown)

    def distinct(self, *, is_whole: bool) -> tuple[int | None, str | None]:
        """The figure with joint work counted once; or the reason why it is not known."""
        unknown = self.unknown if is_whole else {*self.unknown, "PART_MISSING"}
        for reason in REASONS:
            if reason in unknown:
                return None, reason
        return self.value - self.counted_twice + len(self.joint), None


Table = dict[Key, dict[IndicatorCode, Figure]]


def table(counts: Iterable[Count], standings: Sequence[Standing], by: frozenset[str], window: Window) -> Table:
    """All lines in order: by committee and level in the order of `standings`, by month, by kind.

    A line is there for every committee, level and month asked for, even where nothing was counted; by kind, for each
    kind that was.
    """
    place: dict[str, CommitteeRecord] = {each.committee.id: each.committee for each in standings}
    found: dict[Key, dict[IndicatorCode, Figure]] = {}
    for count in _in_force(counts, by, window):
        for kind, numbers, joint, why in _by_kind(count, window, split="KIND" in by):
            committee = place[count.committee]
            key = Key(
                committee.id if "COMMITTEE" in by else None,
                committee.level if by & {"COMMITTEE", "LEVEL"} else None,
                count.month if "MONTH" in by else None,
                kind,
            )
            found.setdefault(key, {}).setdefault(count.indicator, Figure()).add(numbers, joint, why)
    return {key: found.get(key, {}) for key in _lines(found, standings, by, window)}


def covered(
    standings: Sequence[Standing], reported: set[tuple[str, IndicatorCode]], indicator: IndicatorCode, key: Key
) -> list[tuple[Standing, str]]:
    """Whom a figure covers: each committee that belongs to the line, with fresh, stale or missing.

    One that answered now is counted even where it counted nothing; one that is away only if it is among `reported`, or
    a committee that never reported would pass for a zero.
    """
    found = []
    for each in standings:
        if key.committee not in (None, each.committee.id) or key.level not in (None, each.committee.level):
            continue
        published = each.as_of is not None and (each.committee.id, indicator) in reported
        found.append((each, "fresh" if each.is_fresh else "stale" if published else "missing"))
    return found


def coverage_text(covered: Sequence[tuple[Standing, str]], now: dt.datetime) -> str:
    """13/13 已计入，其中 12 实时，1 截至 12月3日 08:00."""
    fresh = sum(how == "fresh" for _, how in covered)
    stale = [each for each, how in covered if how == "stale"]
    missing = [each.committee.short_name for each, how in covered if how == "missing"]
    since = [_minute(at, now) for at in sorted(each.as_of for each in stale if each.as_of)]
    told = "，".join(freshness(len(covered), fresh, since))
    if missing:
        named = "、".join(missing[:5])
        told += f"，缺{named}" + (f"等{len(missing)}家" if len(missing) > len(missing[:5]) else "")
    return told


def _in_force(counts: Iterable[Count], by: frozenset[str], window: Window) -> Iterable[Count]:
    """Of a stock only the last month that a committee has counted, unless months are told apart."""
    months = set(window.months())
    inside = [each for each in counts if each.month in months]
    if "MONTH" in by:
        return inside
    last: dict[tuple[str, IndicatorCode], str] = {}
    for each in inside:
        of = each.committee, each.indicator
        last[of] = max(last.get(of, ""), each.month)
    return [
        each for each in inside
        if not INDICATORS[each.indicator].is_stock or last[each.committee, each.indicator] == each.month
    ]  # fmt: skip


def _by_kind(
    count: Count, window: Window, *, split: bool
) -> Iterable[tuple[str | None, int, frozenset[str], str | None]]:
    """(kind, number, joint ids, why the distinct figure is unknown) of one count; one for all kinds unless `split`."""
    first, last = window.days_of(count.month)
    is_stock = INDICATORS[count.indicator].is_stock
    if is_stock and count.month == f"{count.counted_on:%Y-%m}":
        last = min(last, count.counted_on.day)
    told = {kind: _number(days, first, last, is_stock=is_stock) for kind, days in count.days.items()}
    told = {kind: number for kind, number in told.items() if number}
    joint, why = _joint(count, sum(told.values()), last, is_stock=is_stock)
    if not split:
        return [(None, sum(told.values()), joint, why)]
    if len(told) > 1 and joint:
        joint, why = frozenset(), why or "NOT_BY_KIND"
    return [(kind, number, joint, why) for kind, number in told.items()]


def _number(days: Sequence[int], first: int, last: int, *, is_stock: bool) -> int:
    if not is_stock:
        return sum(days[first - 1 : last])
    return days[min(last, len(days)) - 1] if days else 0


def _joint(count: Count, inside: int, last: int, *, is_stock: bool) -> tuple[frozenset[str], str | None]:
    """The joint ids among what is counted; or why they cannot be told."""
    if count.joint is None:
        return frozenset(), "NOT_LISTED" if inside else None
    if not count.joint or not inside:
        return frozenset(), None
    if is_stock:
        is_open = count.month == f"{count.counted_on:%Y-%m}"
        is_cut = last < (count.counted_on.day if is_open else _days_in(count.month))
    else:
        is_cut = inside != sum(map(sum, count.days.values()))
    if is_cut:
        return frozenset(), "MONTH_CUT"
    return (count.joint, None) if count.indicator in ONE_EACH else (frozenset(), "SEVERAL_EACH")


def _lines(found: Iterable[Key], standings: Sequence[Standing], by: frozenset[str], window: Window) -> list[Key]:
    who: list[tuple[str | None, Level | None]]
    if "COMMITTEE" in by:
        who = [(each.committee.id, each.committee.level) for each in standings]
    elif "LEVEL" in by:
        who = [(None, level) for level in Level if any(each.committee.level is level for each in standings)]
    else:
        who = [(None, None)]
    months: list[str | None] = [*window.months()] if "MONTH" in by else [None]
    kinds: dict[tuple[str | None, Level | None, str | None], list[str | None]] = {}
    for key in found:
        kinds.setdefault(key[:3], []).append(key.kind)
    return [
        Key(committee, level, month, kind)
        for committee, level in who for month in months
        for kind in (sorted(kinds.get((committee, level, month), []), key=str) if "KIND" in by else [None])
    ]  # fmt: skip


def _minute(moment: dt.datetime | None, now: dt.datetime) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(SHANGHAI)
    year = "" if here.year == now.astimezone(SHANGHAI).year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here:%H:%M}"


def _days_in(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:7]))[1]
