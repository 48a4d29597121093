"""The cockpit as data: made from the gateway's answer, drawn by the template. Pure."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.console.periods import Period, twelve_months
from gateway.federation.figures.counts import Window
from gateway.federation.figures.coverage import UNDER_NONE, UNKNOWN_KIND
from sync.contract.instants import instant
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.values import INDICATORS, Indicator, IndicatorCode
from sync.edge.shell.plots import Bar, Lines, Series, heat

SHOWN = tuple(IndicatorCode)
STALE_FOR = dt.timedelta(days=1)
"""A committee that was last heard longer ago is away: its figures stay, greyed, with their time."""
MOST_KINDS = 8

Places = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Standing:
    """One committee's part in the answer.

    Attributes:
        look: live, stale or away; a class of the style sheet.
        as_of: When its figures were true; None: it has none.
    """

    id: str
    name: str
    short_name: str
    state: str
    look: str
    as_of: dt.datetime | None
    latency_ms: int | None
    rows: int
    error_zh: str = ""
    error_en: str = ""


@dataclass(frozen=True)
class Figure:
    """One indicator over all committees; `before` is the same a year earlier."""

    about: Indicator
    value: int | None
    distinct: int | None
    before: int | None
    is_partial: bool
    imported: int = 0
    """Of `value`, totals from before the platform: no row stands behind it."""
    left_out: tuple[str, ...] = ()
    """Whose such totals only some of the days are about, so that `value` has nothing of them."""

    @property
    def growth(self) -> float | None:
        """In percent; None where there is nothing to compare with."""
        if self.value is None or not self.before:
            return None
        return round((self.value - self.before) * 100 / self.before, 1)


@dataclass(frozen=True)
class Tile:
    id: str
    name: str
    value: int | None
    heat: int
    look: str
    state: str
    as_of: dt.datetime | None
    href: str
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Cockpit:
    """What the page shows. `indicator` is what tiles, bars and lines are about."""

    period: Period
    indicator: IndicatorCode
    standings: tuple[Standing, ...]
    figures: dict[IndicatorCode, Figure]
    by_committee: dict[str, dict[IndicatorCode, int | None]]
    kinds: tuple[Bar, ...]
    mechanisms: tuple[Bar, ...]
    """Empty where nothing was done under any."""
    under: dict[str, int | None]
    """By mechanism: sessions held under it."""
    lines: Lines
    places: Places = field(default_factory=dict)
    imported: dict[str, dict[IndicatorCode, int]] = field(default_factory=dict)
    """By committee, where any is: what of its figures are totals from before the platform."""

    def count(self, *looks: str) -> int:
        return sum(each.look in looks and each.as_of is not None for each in self.standings)

    @property
    def counted(self) -> int:
        return sum(each.as_of is not None for each in self.standings)

    @property
    def stale(self) -> list[dt.datetime]:
        """Since when each part that is not live is true, the oldest first."""
        return sorted(each.as_of for each in self.standings if each.as_of and each.look != "live")

    @property
    def is_placed(self) -> bool:
        """Whether each tile has its place; otherwise all stand in the directory's order."""
        return all(each.id in self.places for each in self.standings)

    @property
    def missing(self) -> list[str]:
        return [each.short_name for each in self.standings if each.as_of is None]

    @property
    def wholeness(self) -> str:
        """A class of the style sheet: nothing, `part` (some not live) or `gap` (some missing)."""
        return "gap" if self.missing else "part" if self.stale else ""

    def value(self, committee: str) -> int | None:
        return self.by_committee.get(committee, {}).get(self.indicator)

    def tiles(self) -> list[Tile]:
        most = max((value for each in self.standings if (value := self.value(each.id))), default=0)
        return [self._tile(each, most) for each in self.standings]

    def _tile(self, of: Standing, most: int) -> Tile:
        value = self.value(of.id) if of.as_of else None
        row, column = self.places[of.id] if self.is_placed else (None, None)
        return Tile(
            of.id, of.short_name, value, heat(value, most), of.look, of.state, of.as_of, f"/c/{of.id}", row, column
        )

    def bars(self) -> list[Bar]:
        """Committees by the indicator, most first; of sessions, those that a leader attended are drawn inside."""
        with_leader = self.indicator is IndicatorCode.ACTIVITIES_HELD
        made = [
            Bar(
                each.short_name, self.value(each.id),
                self.by_committee.get(each.id, {}).get(IndicatorCode.LEADER_ATTENDED) if with_leader else None,
                f"/c/{each.id}",
            )
            for each in self.standings
        ]  # fmt: skip
        return sorted(made, key=lambda bar: -(bar.value or 0))


def cockpit(
    data: dict[str, Any], period: Period, indicator: IndicatorCode, today: dt.date, now: dt.datetime, places: Places
) -> Cockpit:
    """The page's data from the gateway's answer to `questions.COCKPIT`."""
    counted, before = data["now"], {each["code"]: each["value"] for each in data["before"]["total"]}
    figures = {
        code: _figure(code, each, before) for each in counted["total"] if (code := IndicatorCode.known(each["code"]))
    }
    by_committee = {row["committee"]["id"]: _values(row["values"]) for row in counted["rows"]}
    return Cockpit(
        period, indicator,
        tuple(_reported(each, by_committee.get(each.id, {})) for each in standings(counted["fanout"], now)), figures,
        by_committee,
        _kinds(data["kinds"]["rows"]), _mechanisms(data["mechanisms"]["rows"]),
        _under(data["mechanisms"]["rows"]),
        _lines(data["months"]["rows"], indicator, today), places, _imported(counted["rows"]),
    )  # fmt: skip


def print_of(view: Cockpit) -> str:
    """Differs exactly when the page would look different; of what is not live the minute counts, not the second."""
    seen = [
        [(each.id, each.look, str(each.as_of)[:16] if each.look != "live" else "") for each in view.standings],
        sorted((code, figure.value, figure.distinct, figure.before) for code, figure in view.figures.items()),
        [(code, figure.imported, figure.left_out) for code, figure in view.figures.items()],
        sorted((id, sorted(values.items())) for id, values in view.by_committee.items()),
        view.kinds, view.mechanisms, view.lines,
    ]  # fmt: skip
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def standings(fanout: dict[str, Any], now: dt.datetime) -> tuple[Standing, ...]:
    """Committee by committee, in the order asked."""
    return tuple(_standing(each, now) for each in fanout["sources"])


def _standing(source: dict[str, Any], now: dt.datetime) -> Standing:
    as_of = instant(source["asOf"]) if source["asOf"] else None
    look = "away"
    if source["state"] == "FRESH":
        look = "live"
    elif as_of is not None and now - as_of < STALE_FOR:
        look = "stale"
    told, of = source["error"] or {"zh": "", "message": ""}, source["committee"]
    return Standing(
        of["id"], of["name"], of["shortName"], source["state"], look, as_of, source["latencyMs"], source["rows"],
        told["zh"], told["message"],
    )  # fmt: skip


def _reported(of: Standing, values: Mapping[IndicatorCode, int | None]) -> Standing:
    """One that never reported anything has no part, or it would pass for a zero."""
    return of if any(value is not None for value in values.values()) else replace(of, look="away", as_of=None)


def _figure(code: IndicatorCode, told: dict[str, Any], before: dict[str, int | None]) -> Figure:
    return Figure(
        INDICATORS[code], told["value"], told["distinct"], before.get(code),
        told["coverage"]["fresh"] < told["coverage"]["total"], told["imported"] or 0,
        tuple(dict.fromkeys(each["committee"]["shortName"] for each in told["leftOut"])),
    )  # fmt: skip


def _imported(rows: Sequence[dict[str, Any]]) -> dict[str, dict[IndicatorCode, int]]:
    found: dict[str, dict[IndicatorCode, int]] = {}
    for row in rows:
        for each in row["values"]:
            if each["imported"] and (code := IndicatorCode.known(each["code"])):
                found.setdefault(row["committee"]["id"], {})[code] = each["imported"]
    return found


def _values(told: Sequence[dict[str, Any]]) -> dict[IndicatorCode, int | None]:
    return {code: each["value"] for each in told if (code := IndicatorCode.known(each["code"]))}


def _kinds(rows: Sequence[dict[str, Any]]) -> tuple[Bar, ...]:
    """Kinds of activities, most first; kinds of a newer release are told by their code, and what was imported without
    one by that.
    """
    made = [
        Bar(known.label if (known := ActivityKind.known(row["kind"] or "")) else row["kind"] or UNKNOWN_KIND,
            row["values"][0]["value"])
        for row in rows if row["kind"] or row["values"][0]["value"]
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda bar: -(bar.value or 0))[:MOST_KINDS])


def _mechanisms(rows: Sequence[dict[str, Any]]) -> tuple[Bar, ...]:
    """Mechanisms, most first; one that the directory lists no more by its id, and last what was done under none."""
    under = [
        Bar(each["mechanism"]["name"] or each["mechanism"]["id"], each["values"][0]["value"])
        for each in rows if each["mechanism"]
    ]  # fmt: skip
    under = sorted(under, key=lambda bar: -(bar.value or 0))[:MOST_KINDS]
    none = [Bar(UNDER_NONE, each["values"][0]["value"]) for each in rows if not each["mechanism"]]
    return (*under, *none) if under else ()


def _under(rows: Sequence[dict[str, Any]]) -> dict[str, int | None]:
    return {each["mechanism"]["id"]: each["values"][0]["value"] for each in rows if each["mechanism"]}


def _lines(rows: Sequence[dict[str, Any]], indicator: IndicatorCode, today: dt.date) -> Lines:
    """The last twelve months, and the twelve before them."""
    told = {row["month"]: _known(row["values"][0]) for row in rows}
    months = Window(*twelve_months(today)).months()
    years_ago = [f"{int(month[:4]) - 1:04d}{month[4:]}" for month in months]
    return Lines(
        indicator.label, tuple(str(int(month[5:])) for month in months),
        (
            Series(f"{months[0]}–{months[-1]}", tuple(told.get(month) for month in months)),
            Series(f"{years_ago[0]}–{years_ago[-1]}", tuple(told.get(month) for month in years_ago)),
        ),
        INDICATORS[indicator].unit,
    )  # fmt: skip


def _known(value: dict[str, Any]) -> int | None:
    """The figure, unless nobody of those asked has counted it."""
    coverage = value["coverage"]
    return None if coverage["missing"] == coverage["total"] else value["value"]
