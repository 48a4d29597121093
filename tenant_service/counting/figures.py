"""What a room gives so that its rows are counted: it says so in its `room.py`, and `rooms` puts all of it together."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.rules import Joint, Span, Tally


@dataclass(frozen=True)
class Flow:
    """What happens in a window and is counted by the day: from one day to another, both inclusive.

    Attributes:
        daily: What our own rows come to.
        told: What of it others are told, where that is less: as many, and not by every kind. None: all of it.
        joint: Rows with several hosts that the committee of this id counts: its own, and others' that name it a host.
    """

    daily: Callable[[Session, dt.date, dt.date], list[Tally]]
    joint: Callable[[Session, str, dt.date, dt.date], list[Joint]] | None = None
    told: Callable[[Session, dt.date, dt.date], list[Tally]] | None = None


@dataclass(frozen=True)
class Stock:
    """What there is on a day.

    Attributes:
        spans: How long each thing stood that was there on one of these days, first and last inclusive; what stood
            before or after them alone is not read, so a figure costs what its window holds, not its history.
    """

    spans: Callable[[Session, dt.date, dt.date], list[Span]]


@dataclass(frozen=True)
class Counting:
    """How one committee counts.

    Attributes:
        flows, stocks: Indicator → how the room counts it that has its rows.
        newest_changes: When whatever is counted changed last, room by room; None: there is nothing.
    """

    flows: Mapping[IndicatorCode, Flow]
    stocks: Mapping[IndicatorCode, Stock]
    newest_changes: tuple[Callable[[Session], dt.datetime | None], ...]

    def newest_change(self, session: Session) -> dt.datetime | None:
        changes = [each(session) for each in self.newest_changes]
        return max((each for each in changes if each), default=None)
