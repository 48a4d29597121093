"""Whom a figure covers, and how fresh it is; in numbers and in words."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gateway.freshness import freshness
from sync.contract.instants import SHANGHAI
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord
from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say

Of = Collection[tuple[str, IndicatorCode]]
"""Committees by id, each with an indicator."""


@dataclass(frozen=True)
class Covered:
    """One committee that was asked; `as_of` of what it published before; None and not fresh: it has no part."""

    committee: CommitteeRecord
    is_fresh: bool
    as_of: dt.datetime | None = None


def has_part(one: Covered, of: tuple[str, IndicatorCode], reported: Of) -> bool:
    """Whether a committee is counted: what is not counted is missing, and what is missing is not counted.

    One that answered now is counted even where it counted nothing; one that is away only if its copy says of when it
    is, and it ever told of that, or a committee that never did would pass for a zero.
    """
    return one.is_fresh or (one.as_of is not None and of in reported)


UNDER_NONE = say("不属于联动机制")
"""How people call the line of what was done under no mechanism."""
UNKNOWN_KIND = say("未分类（汇总导入）")
"""How they call that of totals from before the platform that are not told by kind."""


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
    is about). `now`: when that was so.
    """

    of: Sequence[tuple[Covered, str]]
    now: dt.datetime

    def names(self, how: str) -> list[Covered]:
        return [each for each, found in self.of if found == how]

    @cached_property
    def missing(self) -> int:
        return sum(how in ("missing", "untold") for _, how in self.of)

    @property
    def has_any(self) -> bool:
        """Whether anybody is counted; and where nobody is asked, nobody is missing."""
        return self.missing < len(self.of) or not self.of

    @cached_property
    def why_incomplete(self) -> set[str]:
        """Why joint work cannot be counted once; see `gateway.federation.figures.table.REASONS`."""
        reasons = {"missing": "PART_MISSING", "untold": "NOT_BY_MECHANISM"}
        return {reasons[how] for _, how in self.of if how in reasons}

    @cached_property
    def shown(self) -> dict[str, int]:
        """As the schema's `Coverage` has it."""
        fresh, stale = len(self.names("fresh")), len(self.names("stale"))
        return {"total": len(self.of), "fresh": fresh, "stale": stale, "missing": self.missing}

    @cached_property
    def text(self) -> str:
        """13/13 已计入，其中 12 实时，1 截至 12月3日 08:00."""
        fresh, stale = len(self.names("fresh")), self.names("stale")
        since = [_minute(at, self.now) for at in sorted(each.as_of for each in stale if each.as_of)]
        told = "，".join(freshness(len(self.of), fresh, since))
        return told + _named("缺", self.names("missing")) + _named("未按机制分列：", self.names("untold"))


class Coverages:
    """Whom the figures of one table cover. Lines about the same committees share what is told of these: a table of a
    nation by committee has as many lines as committees.
    """

    def __init__(self, covered: Sequence[Covered], reported: Of, now: dt.datetime, untold: Of = frozenset()) -> None:
        """`reported`: who ever told of what. `untold`: who does not tell it apart as the table does."""
        self._covered, self._reported, self._untold, self._now = covered, reported, untold, now
        self._each: dict[str, list[Covered]] = {each.committee.id: [each] for each in covered}
        self._known: dict[tuple[str | None, Level | None, IndicatorCode], Coverage] = {}

    def of(self, indicator: IndicatorCode, key: Key) -> Coverage:
        """Of an indicator on the line with this `key`."""
        about = key.committee, key.level, indicator
        if about not in self._known:
            told = [(each, self._how(each, indicator)) for each in self._on(key)]
            self._known[about] = Coverage(told, self._now)
        return self._known[about]

    def _on(self, key: Key) -> Sequence[Covered]:
        if key.committee is not None:
            return self._each[key.committee]
        return [each for each in self._covered if key.level in (None, each.committee.level)]

    def _how(self, one: Covered, indicator: IndicatorCode) -> str:
        of = one.committee.id, indicator
        if not has_part(one, of, self._reported):
            return "missing"
        return "untold" if of in self._untold else "fresh" if one.is_fresh else "stale"


def _named(what: str, of: Sequence[Covered]) -> str:
    if not of:
        return ""
    names = [each.committee.short_name for each in of]
    return f"，{what}" + "、".join(names[:5]) + (f"等{len(names)}家" if len(names) > len(names[:5]) else "")


def _minute(moment: dt.datetime, now: dt.datetime) -> str:
    here = moment.astimezone(SHANGHAI)
    year = "" if here.year == now.astimezone(SHANGHAI).year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here:%H:%M}"
