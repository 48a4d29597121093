"""`statistics`: the values of many committees, live or as last published, made one table."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.federation.address import Standpoint
from gateway.federation.answering.reply import STALE
from gateway.federation.answering.sources import Part, Source, report_of
from gateway.federation.figures.counts import Window
from gateway.federation.figures.coverage import Coverages, Covered, Key, has_part
from gateway.federation.figures.imports import in_words
from gateway.federation.figures.table import Figure, Table, table, untold
from gateway.federation.figures.values import counts_of
from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.values import INDICATORS, IndicatorCode

MOST_MONTHS = 120
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
    sources: list[Source], parts: list[Part], told: dict[str, Any], standpoint: Standpoint
) -> dict[str, Any]:
    """The table over these committees, as the reader of `Statistics` takes it. Mechanisms come in the directory's
    order.
    """
    directory, mechanisms = standpoint.committees.directory, standpoint.committees.mechanisms
    members = {id: frozenset(each.members) for id, each in directory.mechanisms.items()}
    counts = [count for part in parts for count in counts_of(part, members)]
    covered = [
        Covered(source.committee, source.state != STALE and source.counts, source.as_of if source.counts else None)
        for source in sources
    ]  # fmt: skip
    by_id: dict[str, Covered] = {each.committee.id: each for each in covered}
    by, window = told["by"], Window(told["from"], told["to"])
    reported, codes = _reported(sources, told["indicators"]), told["indicators"]
    counts = [each for each in counts if has_part(by_id[each.committee], (each.committee, each.indicator), reported)]
    shown: dict[str, dict[str, Any]] = {source.committee.id: source.shown for source in sources}
    apart = _Values(codes, Coverages(covered, reported, standpoint.now, untold(counts, by, window)), shown)
    whole = _Values(codes, Coverages(covered, reported, standpoint.now), shown)
    return {
        "rows": _rows(table(counts, covered, by, window, mechanisms), apart, by, mechanisms),
        "total": whole.on(Key(), table(counts, covered, frozenset(), window).get(Key(), {})),
        "fanout": report_of(sources),
    }


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


def _rows(
    lines: Table, values: "_Values", by: frozenset[str], mechanisms: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Lines as the reader of `Statistics` takes them."""
    return [
        {
            "committee": values.committees[key.committee] if key.committee else None,
            "level": key.level if "LEVEL" in by or key.committee else None,
            "mechanism": key.mechanism and mechanisms.get(key.mechanism, {"id": key.mechanism, "name": None}),
            "month": key.month, "kind": key.kind, "values": values.on(key, figures),
        }
        for key, figures in lines.items()
    ]  # fmt: skip


@dataclass(frozen=True)
class _Values:
    """The figures of one line, one for each indicator asked for."""

    indicators: list[IndicatorCode]
    coverages: Coverages
    committees: Mapping[str, dict[str, Any]]
    """As they are shown, by id."""

    def on(self, key: Key, figures: dict[IndicatorCode, Figure]) -> list[dict[str, Any]]:
        return [self._value(code, key, figures.get(code) or Figure()) for code in self.indicators]

    def _value(self, code: IndicatorCode, key: Key, figure: Figure) -> dict[str, Any]:
        of = self.coverages.of(code, key)
        distinct, why = figure.distinct(of.why_incomplete)
        left_out = [(self.committees[each.committee], each) for each in figure.left_out]
        in_words_of = [(who["shortName"], each) for who, each in left_out]
        return {
            "code": code, "unit": INDICATORS[code].unit, "value": _small(figure.value) if of.has_any else None,
            "distinct": _small(distinct), "whyNotDistinct": why, "coverage": of.shown,
            "imported": _small(figure.imported) if of.has_any else None,
            "leftOut": [
                {"committee": who, "from": each.since, "to": each.until, "kind": each.kind or None,
                 "number": each.number}
                for who, each in left_out
            ],
            "text": of.text + in_words(figure.imported, in_words_of),
        }  # fmt: skip


def _small(value: int | None) -> int | None:
    """None: it is no Int of GraphQL. What everybody counts together is far from that."""
    return value if value is not None and value < 2**31 else None
