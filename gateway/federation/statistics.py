"""`statistics`: the values of many committees, live or as last published, made one table."""

import datetime as dt
from typing import Any

import orjson
from graphql.execution.values import VariableValues

from gateway.federation.figures import (
    SHANGHAI,
    Count,
    Figure,
    Key,
    Standing,
    Table,
    Window,
    coverage_text,
    covered,
    table,
)
from gateway.federation.merge import fanout
from gateway.federation.parts import STALE, Part, Source
from gateway.federation.roots import Root, ValueTold
from gateway.federation.written import Written
from sync.contract.errors import Code, Refusal
from sync.contract.instants import instant
from sync.contract.values import INDICATORS, IndicatorCode

MOST_MONTHS = 120
MOST_DAYS = 31
VALUES_AT_ONCE = 400
"""Values, one per committee, indicator and month, that a home is asked for in one message."""


def window_of(told: dict[str, Any], now: dt.datetime) -> Window:
    """The days asked for.

    Raises:
        Refusal: BAD_TIME, the last day lies before the first, or there are too many.
    """
    until: dt.date = told.get("to") or now.astimezone(SHANGHAI).date()
    since: dt.date = told.get("from") or dt.date(until.year, 1, 1)
    if since > until:
        raise Refusal(Code.BAD_TIME, why=f"{since} > {until}")
    window = Window(since, until)
    if len(window.months()) > MOST_MONTHS:
        raise Refusal(Code.BAD_TIME, why=f"{since}–{until}")
    return window


def asked_for(told: dict[str, Any], window: Window) -> dict[str, Any]:
    """The arguments with everything said: each indicator and dimension once, both days."""
    indicators = [code for each in dict.fromkeys(told["indicators"]) if (code := IndicatorCode.known(each))]
    return told | {"indicators": indicators, "by": frozenset(told["by"]), "from": window.since, "to": window.until}


def size(told: dict[str, Any]) -> int:
    """Values that one committee answers with."""
    return max(1, len(told["indicators"]) * len(Window(told["from"], told["to"]).months()))


def statistics(
    root: Root, sources: list[Source], parts: list[Part], told: dict[str, Any], values: VariableValues, now: dt.datetime
) -> Written:
    """The table over these committees."""
    assert root.read
    counts = _counts(parts)
    standings = [
        Standing(source.committee, source.state != STALE and source.counts, source.as_of if source.counts else None)
        for source in sources
    ]  # fmt: skip
    answer = _Answer(told["indicators"], standings, _reported(sources, told["indicators"]), now)
    window = Window(told["from"], told["to"])
    shown = {
        "rows": answer.rows(table(counts, standings, told["by"], window), told["by"], sources),
        "total": answer.values(Key(), table(counts, standings, frozenset(), window).get(Key(), {})),
        "fanout": fanout(sources),
    }
    return Written(orjson.dumps(root.read(shown, values)), complete=all(source.is_whole for source in sources))


def _reported(sources: list[Source], indicators: list[IndicatorCode]) -> set[tuple[str, IndicatorCode]]:
    """Which indicators each committee that is away has ever told. Where home does not say, one that told anything of
    these months told all of it: values of nothing are not published.
    """
    return {
        (source.committee.id, code)
        for source in sources
        for code in indicators
        if (code in source.reported if source.reported is not None else source.rows > 0)
    }


class _Answer:
    """Lines as the reader of `Statistics` takes them."""

    def __init__(
        self, indicators: list[IndicatorCode], standings: list[Standing], reported: set[tuple[str, IndicatorCode]],
        now: dt.datetime,
    ) -> None:  # fmt: skip
        self._indicators, self._standings, self._reported, self._now = indicators, standings, reported, now

    def rows(self, lines: Table, by: frozenset[str], sources: list[Source]) -> list[dict[str, Any]]:
        committees: dict[str, Any] = {source.committee.id: source.shown for source in sources}
        return [
            {
                "committee": committees[key.committee] if key.committee else None,
                "level": key.level if "LEVEL" in by or key.committee else None,
                "month": key.month, "kind": key.kind, "values": self.values(key, figures),
            }
            for key, figures in lines.items()
        ]  # fmt: skip

    def values(self, key: Key, figures: dict[IndicatorCode, Figure]) -> list[dict[str, Any]]:
        return [self._value(code, key, figures.get(code) or Figure()) for code in self._indicators]

    def _value(self, code: IndicatorCode, key: Key, figure: Figure) -> dict[str, Any]:
        of = covered(self._standings, self._reported, code, key)
        tally = {kind: sum(how == kind for _, how in of) for kind in ("fresh", "stale", "missing")}
        distinct, why = figure.distinct(is_whole=tally["missing"] == 0)
        return {
            "code": code, "unit": INDICATORS[code].unit,
            "value": figure.value if tally["missing"] < len(of) or not of else None,
            "distinct": distinct, "whyNotDistinct": why,
            "coverage": {"total": len(of), **tally}, "text": coverage_text(of, self._now),
        }  # fmt: skip


def _counts(parts: list[Part]) -> list[Count]:
    """What all parts hold; one that speaks for others, or cannot be read, fails."""
    found: list[Count] = []
    for part in parts:
        if part.data is None:
            part.fail()
            continue
        try:
            read = [_count(each, part.sources) for each in part.data]
        except ValueError:
            part.fail()
            continue
        for count in read:
            part.sources[count.committee].rows += 1
        found += read
    return found


def _count(told: ValueTold, sources: dict[str, Source]) -> Count:
    """Raises: ValueError, not a count of one of these committees."""
    dt.date.fromisoformat(f"{told.month}-01")
    indicator = IndicatorCode.known(told.indicator)
    if told.committee_id not in sources or indicator is None:
        raise ValueError("a value in another's name, or of something that was not asked")
    if any(len(each.numbers) > MOST_DAYS or min(each.numbers, default=0) < 0 for each in told.days):
        raise ValueError("a month has at most 31 days, and nothing is counted below zero")
    return Count(
        told.committee_id, indicator, told.month, {each.kind: each.numbers for each in told.days},
        None if told.joint_ids is None else frozenset(told.joint_ids),
        instant(told.computed_at).astimezone(SHANGHAI).date(),
    )  # fmt: skip
