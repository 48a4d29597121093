"""Whom a figure covers, and how fresh it is; in numbers and in words."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.federation.counts import SHANGHAI
from gateway.freshness import freshness
from sync.contract.committees import CommitteeRecord
from sync.contract.levels import Level
from sync.contract.values import IndicatorCode

Of = Collection[tuple[str, IndicatorCode]]
"""Committees by id, each with an indicator."""


@dataclass(frozen=True)
class Standing:
    """One committee that was asked; `as_of` of what it published before; None and not fresh: it has no part."""

    committee: CommitteeRecord
    is_fresh: bool
    as_of: dt.datetime | None = None


class Key(NamedTuple):
    """What a line is about; None: not broken down by that. Of a mechanism also: done under none."""

    committee: str | None = None
    level: Level | None = None
    mechanism: str | None = None
    month: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Coverage:
    """Committees that belong to a line, each with fresh, stale, missing or untold (it does not tell apart what the line
    is about).
    """

    of: Sequence[tuple[Standing, str]]

    def names(self, how: str) -> list[Standing]:
        return [each for each, found in self.of if found == how]

    @property
    def missing(self) -> list[Standing]:
        return [each for each, how in self.of if how in ("missing", "untold")]

    @property
    def has_any(self) -> bool:
        """Whether anybody is counted; and where nobody is asked, nobody is missing."""
        return len(self.missing) < len(self.of) or not self.of

    def why_incomplete(self) -> list[str]:
        """Why joint work cannot be counted once; see `gateway.federation.figures.REASONS`."""
        reasons = {"missing": "PART_MISSING", "untold": "NOT_BY_MECHANISM"}
        return [reasons[how] for _, how in self.of if how in reasons]

    def shown(self) -> dict[str, int]:
        """As the schema's `Coverage` has it."""
        fresh, stale = len(self.names("fresh")), len(self.names("stale"))
        return {"total": len(self.of), "fresh": fresh, "stale": stale, "missing": len(self.missing)}


def covered(
    standings: Sequence[Standing], reported: Of, indicator: IndicatorCode, key: Key, untold: Of = frozenset()
) -> Coverage:
    """Whom a figure covers on the line with this `key`.

    One that answered now is counted even where it counted nothing; one that is away only if it is among `reported`, or
    a committee that never reported would pass for a zero.
    """
    found = []
    for each in standings:
        if key.committee not in (None, each.committee.id) or key.level not in (None, each.committee.level):
            continue
        of = each.committee.id, indicator
        there = "fresh" if each.is_fresh else "stale" if each.as_of is not None and of in reported else "missing"
        found.append((each, "untold" if of in untold and there != "missing" else there))
    return Coverage(found)


def coverage_text(coverage: Coverage, now: dt.datetime) -> str:
    """13/13 已计入，其中 12 实时，1 截至 12月3日 08:00."""
    fresh, stale = len(coverage.names("fresh")), coverage.names("stale")
    since = [_minute(at, now) for at in sorted(each.as_of for each in stale if each.as_of)]
    told = "，".join(freshness(len(coverage.of), fresh, since))
    return told + _named("缺", coverage.names("missing")) + _named("未按机制分列：", coverage.names("untold"))


def _named(what: str, of: Sequence[Standing]) -> str:
    if not of:
        return ""
    names = [each.committee.short_name for each in of]
    return f"，{what}" + "、".join(names[:5]) + (f"等{len(names)}家" if len(names) > len(names[:5]) else "")


def _minute(moment: dt.datetime, now: dt.datetime) -> str:
    here = moment.astimezone(SHANGHAI)
    year = "" if here.year == now.astimezone(SHANGHAI).year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here:%H:%M}"
