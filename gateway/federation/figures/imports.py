"""期初数 (汇总导入): totals from before the platform, which no row tells and no day divides.

A total counts where its days lie wholly in what is asked; where only some of them do, it is left out and named, because
nobody knows how much of it belongs to which day. Joint work in it is not told, so it leaves a distinct figure unknown.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.federation.figures.counts import Count, Import, Window

MOST_NAMED = 3


@dataclass(frozen=True)
class Placed:
    """A total on one line of a table. `is_counted`: its days lie wholly there; else some of them do."""

    of: Import
    month: str | None
    is_counted: bool


def placed(counts: Iterable[Count], window: Window, *, by_month: bool) -> Iterator[Placed]:
    """Every total once for each line by month that it touches; where months are not told apart, once."""
    every = (each for of in counts for each in of.imports)
    told = {(each.committee, each.indicator, each.kind, each.since, each.until): each for each in every}
    for each in told.values():
        for month, (since, until) in _spans(window, by_month=by_month).items():
            if each.since <= until and since <= each.until:
                yield Placed(each, month, since <= each.since and each.until <= until)


def _spans(window: Window, *, by_month: bool) -> dict[str | None, tuple[dt.date, dt.date]]:
    if not by_month:
        return {None: (window.since, window.until)}
    return {
        month: (dt.date.fromisoformat(f"{month}-{first:02}"), dt.date.fromisoformat(f"{month}-{last:02}"))
        for month, (first, last) in window.days.items()
    }


def in_words(imported: int, left_out: list[tuple[str, Import]]) -> str:
    """，其中 120 为汇总导入；未计入只部分落在所选日期内的汇总导入：嘉善 2020-01-01至2020-12-31（120）.

    `left_out`: each with its committee's short name.
    """
    said = f"，其中 {imported:,} 为汇总导入" if imported else ""
    if not left_out:
        return said
    named = "、".join(f"{name} {each.since}至{each.until}（{each.number:,}）" for name, each in left_out[:MOST_NAMED])
    more = f"等{len(left_out)}笔" if len(left_out) > MOST_NAMED else ""
    return f"{said}；未计入只部分落在所选日期内的汇总导入：{named}{more}"
