"""How days and months are laid out in a value. Pure: no clock, no database, no network."""

import calendar
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from sync.contract.shapes.values import INDICATORS, IndicatorCode
from tenant_service.counting.rules import Span, Tally

MOST_MONTHS = 240
STOCK_MONTHS = 25
"""A stock is told for this many months back; a flow for every month that has something to count."""


def month_of(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def months(since: dt.date, until: dt.date) -> Iterator[str]:
    """Every month that has a day from `since` to `until`, in order; at most 20 years of them."""
    at = since.replace(day=1)
    for _ in range(MOST_MONTHS):
        if at > until:
            return
        yield month_of(at)
        at = (at + dt.timedelta(days=31)).replace(day=1)


def first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def last_day(month: str) -> dt.date:
    first = first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def oldest_stock(today: dt.date) -> str:
    """The first month for which a stock is still counted anew."""
    return month_of(today - dt.timedelta(days=31 * STOCK_MONTHS))


def days_known(month: str, today: dt.date) -> int:
    """How many days of the month have come: a value has a number for each of these."""
    return max(0, min((today - first_day(month)).days + 1, last_day(month).day))


def flow(counted: Iterable[Tally], month: str) -> dict[str, list[int]]:
    """Kind → a number per day; a flow has one for each day of the month."""
    length = last_day(month).day
    found: dict[str, list[int]] = {}
    for each in counted:
        if each.number:
            found.setdefault(each.kind, [0] * length)[each.day.day - 1] += each.number
    return found


def by_mechanism(counted: Sequence[Tally], month: str) -> dict[str, dict[str, list[int]]]:
    """Mechanism → what was done under it, as `flow` tells all of it."""
    parts = {
        under: flow([each for each in counted if each.mechanism == under], month)
        for under in sorted({each.mechanism for each in counted if each.mechanism})
    }
    return {under: days for under, days in parts.items() if days}


def stock(spans: Iterable[Span], month: str, today: dt.date) -> dict[str, list[int]]:
    """How long each thing stood, as how many there were on each day that has come."""
    known, start = days_known(month, today), first_day(month)
    changes: dict[str, list[int]] = {}  # by how many there are more or fewer than the day before
    for kind, since, until in spans:
        begins = max(0, (since - start).days)
        ends = known if until is None else min(known, (until - start).days)
        if begins < ends:
            of = changes.setdefault(kind, [0] * (known + 1))
            of[begins] += 1
            of[ends] -= 1
    return {kind: list(accumulate(of[:-1])) for kind, of in changes.items()}


def value_key(indicator: IndicatorCode, month: str) -> str:
    """The unique part of a value's id: always the same for one indicator and month, so a new figure is a new version
    of the same record.
    """
    return hashlib.sha256(f"liandong-value/1\n{indicator.value}\n{month}".encode()).hexdigest()[:32]


def flows(wanted: Iterable[IndicatorCode]) -> list[IndicatorCode]:
    return [code for code in wanted if not INDICATORS[code].is_stock]


def stocks(wanted: Iterable[IndicatorCode]) -> list[IndicatorCode]:
    return [code for code in wanted if INDICATORS[code].is_stock]


def by_month(rows: Iterable[Tally]) -> Mapping[str, list[Tally]]:
    found: dict[str, list[Tally]] = {}
    for each in rows:
        found.setdefault(month_of(each.day), []).append(each)
    return found
