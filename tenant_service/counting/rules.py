"""What a room counts for an indicator: rows of its days, whatever it counts them from. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Tally(NamedTuple):
    """What an indicator counts on one day: of one kind, under one mechanism or under none."""

    day: dt.date
    kind: str
    mechanism: str | None
    number: int


@dataclass(frozen=True)
class Joint:
    """A row with several hosts, each of which counts it."""

    id: str
    owner: str
    kind: str
    day: dt.date
    mechanism: str | None


class Span(NamedTuple):
    """How long one thing stood there: from `since` on, up to the day before `until`; None: to this day."""

    kind: str
    since: dt.date
    until: dt.date | None

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Whether it stood on one of these days, both inclusive."""
        return self.since <= last and (self.until is None or first < self.until)


Days = tuple[dt.date, dt.date | None]
"""From the first day up to the day before the second; None: to this day."""


def together(spans_of_each: Sequence[Sequence[Days]]) -> list[Days]:
    """When at least one span of every group held: whether, on a day, a town had all that it should have."""
    edges = sorted({edge for spans in spans_of_each for span in spans for edge in span if edge is not None})
    found: list[Days] = []
    for at, edge in enumerate(edges):
        until = edges[at + 1] if at + 1 < len(edges) else None
        if all(any(_holds(span, edge) for span in spans) for spans in spans_of_each):
            found.append((edge, until))
    return found


def _holds(span: Days, day: dt.date) -> bool:
    return span[0] <= day and (span[1] is None or day < span[1])
