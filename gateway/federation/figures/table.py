"""Figures from what committees counted: one way of adding, whether a count came live or was published before.

The sum counts joint work at each host; the distinct figure counts it once, as
    Σ (value − |joint ids|) + |∪ joint ids|
and is unknown, with the reason, where a part of that is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.federation.figures.counts import Count, Import, Window, by_kind, by_mechanism, in_force
from gateway.federation.figures.coverage import Covered, Key
from gateway.federation.figures.imports import placed
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord
from sync.contract.shapes.values import IndicatorCode

REASONS = ("PART_MISSING", "NOT_BY_MECHANISM", "NOT_LISTED", "MONTH_CUT", "NOT_BY_KIND", "SEVERAL_EACH", "IMPORTED")
"""Why a distinct figure is unknown; the first that applies is told."""


@dataclass
class Figure:
    """One indicator on one line."""

    value: int = 0
    joint: set[str] = field(default_factory=set)
    counted_twice: int = 0
    """Entries in all lists of joint ids: what `value` holds of joint work."""
    unknown: set[str] = field(default_factory=set)
    imported: int = 0
    """Of `value`, totals from before the platform."""
    left_out: list[Import] = field(default_factory=list)
    """Such totals that only some of the days are about; `value` has nothing of them."""

    def add(self, numbers: int, joint: frozenset[str], why_unknown: str | None) -> None:
        self.value += numbers
        self.joint |= joint
        self.counted_twice += len(joint)
        if why_unknown:
            self.unknown.add(why_unknown)

    def take(self, total: Import, *, is_counted: bool) -> None:
        if not is_counted:
            self.left_out.append(total)
            return
        self.value += total.number
        self.imported += total.number
        self.unknown.add("IMPORTED")

    def distinct(self, why_incomplete: Iterable[str] = ()) -> tuple[int | None, str | None]:
        """The figure with joint work counted once; or the reason why it is not known."""
        unknown = self.unknown.union(why_incomplete)
        for reason in REASONS:
            if reason in unknown:
                return None, reason
        return self.value - self.counted_twice + len(self.joint), None


Table = dict[Key, dict[IndicatorCode, Figure]]


def table(
    counts: Iterable[Count], covered: Sequence[Covered], by: frozenset[str], window: Window,
    mechanisms: Iterable[str] = (),
) -> Table:  # fmt: skip
    """All lines in order: by committee and level in the order of `covered`, by mechanism in the order of
    `mechanisms`, by month, by kind.

    A line is there for every committee, level and month asked for, even where nothing was counted; for each mechanism
    under which something was, and for what was done under none; by kind, for each kind that was, and one without a
    kind for totals that are not told by it. A committee that tells mechanisms apart nowhere has no part in lines about
    them: see `untold`.

    Raises:
        ValueError: a count whose parts are more than the whole; see `by_mechanism`.
    """
    place: dict[str, CommitteeRecord] = {each.committee.id: each.committee for each in covered}
    counts = list(counts)
    found: dict[Key, dict[IndicatorCode, Figure]] = {}
    for count in _parts(in_force(counts, window, by_month="MONTH" in by), by):
        for kind, numbers, joint, why in by_kind(count, window, split="KIND" in by):
            if count.mechanism is not None and not numbers:
                continue  # it has a line where something was done under it
            committee = place[count.committee]
            key = Key(
                committee.id if "COMMITTEE" in by else None,
                committee.level if by & {"COMMITTEE", "LEVEL"} else None,
                count.mechanism, count.month if "MONTH" in by else None, kind,
            )  # fmt: skip
            found.setdefault(key, {}).setdefault(count.indicator, Figure()).add(numbers, joint, why)
    for key, of, is_counted in _imported(counts, place, by, window):
        found.setdefault(key, {}).setdefault(of.indicator, Figure()).take(of, is_counted=is_counted)
    return {key: found.get(key, {}) for key in _lines(found, covered, by, window, list(mechanisms))}


def _imported(
    counts: list[Count], place: Mapping[str, CommitteeRecord], by: frozenset[str], window: Window
) -> Iterator[tuple[Key, Import, bool]]:
    """On which lines the totals from before the platform stand. They were done under no mechanism that anybody told."""
    left_out = untold(counts, by, window)
    for each in placed(counts, window, by_month="MONTH" in by):
        of = each.of
        if (of.committee, of.indicator) not in left_out:
            level = place[of.committee].level if by & {"COMMITTEE", "LEVEL"} else None
            kind = of.kind or None if "KIND" in by else None
            yield Key(of.committee if "COMMITTEE" in by else None, level, None, each.month, kind), of, each.is_counted


def untold(counts: Iterable[Count], by: frozenset[str], window: Window) -> set[tuple[str, IndicatorCode]]:
    """Whose figures of what are not told apart as asked: one month that is not leaves a committee out."""
    if "MECHANISM" not in by:
        return set()
    return _silent(in_force(counts, window, by_month="MONTH" in by))


def _silent(counts: Iterable[Count]) -> set[tuple[str, IndicatorCode]]:
    return {(each.committee, each.indicator) for each in counts if not each.is_told_apart}


def _parts(counts: list[Count], by: frozenset[str]) -> Iterator[Count]:
    if "MECHANISM" not in by:
        yield from counts
        return
    left_out = _silent(counts)
    for count in counts:
        if (count.committee, count.indicator) not in left_out:
            yield from by_mechanism(count)


def _lines(
    found: Iterable[Key], covered: Sequence[Covered], by: frozenset[str], window: Window, mechanisms: list[str]
) -> list[Key]:
    who: list[tuple[str | None, Level | None]] = [(None, None)]
    if "COMMITTEE" in by:
        who = [(each.committee.id, each.committee.level) for each in covered]
    elif "LEVEL" in by:
        who = [(None, level) for level in Level if any(each.committee.level is level for each in covered)]
    months: list[str | None] = [*window.months()] if "MONTH" in by else [None]
    under: dict[tuple[str | None, Level | None], set[str]] = {}
    kinds: dict[tuple[str | None, Level | None, str | None, str | None], set[str | None]] = {}
    for key in found:
        if key.mechanism is not None:
            under.setdefault(key[:2], set()).add(key.mechanism)
        kinds.setdefault(key[:4], set()).add(key.kind)
    rank = {id: place for place, id in enumerate(mechanisms)}
    found_lines = []
    for committee, level in who:
        for mechanism in [
            *sorted(under.get((committee, level), ()), key=lambda id: (rank.get(id, len(rank)), id)),
            None,
        ]:
            for month in months:
                there = kinds.get((committee, level, mechanism, month), set())
                if mechanism is None or there:
                    told = sorted(there, key=str) if "KIND" in by else [None]
                    found_lines += [Key(committee, level, mechanism, month, kind) for kind in told]
    return found_lines
