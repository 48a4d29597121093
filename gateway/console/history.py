"""What became of the latest questions to each committee, as this gateway's pages saw it; forgotten with the process."""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.console.cockpit import Standing

KEPT = 5
_NOT_A_FAULT = {"FRESH", "FORBIDDEN"}


@dataclass(frozen=True)
class Trouble:
    """A committee did not answer, or not usably."""

    at: dt.datetime
    state: str
    zh: str
    en: str


@dataclass
class History:
    """The last troubles of each committee, newest first. One that lasts is noted once, when it begins."""

    _troubles: dict[str, deque[Trouble]] = field(default_factory=dict)
    _now: dict[str, str] = field(default_factory=dict)

    def note(self, seen: Iterable[Standing], at: dt.datetime) -> None:
        for each in seen:
            if each.state not in _NOT_A_FAULT and self._now.get(each.id) != each.state:
                troubles = self._troubles.setdefault(each.id, deque(maxlen=KEPT))
                troubles.appendleft(Trouble(at, each.state, each.error_zh, each.error_en))
            self._now[each.id] = each.state

    def of(self, committee: str) -> list[Trouble]:
        return list(self._troubles.get(committee, ()))
