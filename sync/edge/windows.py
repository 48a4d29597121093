"""How often somebody may do something within a while: a window that moves with the time, in this process's memory."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal

_MOST_REMEMBERED = 10_000
"""Who is counted; beyond it the oldest are forgotten first."""


@dataclass
class Window:
    """Counts what each one does, and all of them.

    Attributes:
        most: How often, within `seconds`.
        clock: Seconds that only grow.
    """

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _at: dict[Hashable, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def count(self, of: Hashable) -> None:
        """This time counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        now, times = self.clock(), self._at[of]
        while times and now - times[0] > self.seconds:
            times.popleft()
        if len(times) >= self.most:
            raise Refusal(Code.RATE_LIMITED, seconds=int(self.seconds - (now - times[0])) + 1)
        times.append(now)
        if len(self._at) > _MOST_REMEMBERED:
            self._at.pop(next(iter(self._at)))
