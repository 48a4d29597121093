"""How much each name has used in the last minute, counted in memory.

Of each name two sums are kept: what it used in this minute of the clock and in the one before. Of the latter counts the
share that the last sixty seconds still reach into. So nobody has their room twice around a full minute, and no moment
of any request is kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import floor


@dataclass(slots=True)
class _Used:
    minute: int
    now: int = 0
    before: int = 0


class LastMinute:
    """Counts by name. `most_names`: beyond it the one that was quiet longest begins anew. `clock`: Unix seconds."""

    def __init__(self, most_names: int, clock: Callable[[], float]) -> None:
        self._most_names, self._clock = most_names, clock
        self._used: OrderedDict[str, _Used] = OrderedDict()
        """Who was counted last is last."""

    def __len__(self) -> int:
        return len(self._used)

    def take(self, name: str, much: int, most: int) -> float:
        """Counts it if there is room for it, and returns 0; else counts nothing, and returns after how many seconds
        there will be. `much` is at most `most`.
        """
        minute, passed = divmod(self._clock(), 60)
        used = self._of(name, int(minute))
        if floor(used.before * (60 - passed) / 60) + used.now + much <= most:
            used.now += much
            return 0.0
        left, room = 60 - passed, most - much
        if used.now <= room:
            return max(0.001, left - 60 * (room - used.now) / used.before)
        return left + 60 - 60 * room / used.now

    def _of(self, name: str, minute: int) -> _Used:
        used = self._used.get(name)
        if used is None or used.minute != minute:
            before = used.now if used is not None and used.minute == minute - 1 else 0
            used = self._used[name] = _Used(minute, before=before)
        self._used.move_to_end(name)
        while len(self._used) > self._most_names or not -1 <= minute - next(iter(self._used.values())).minute <= 1:
            self._used.popitem(last=False)
        return used
