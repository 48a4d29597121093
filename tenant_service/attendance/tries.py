"""How often somebody may type the six digits of a desk: a guess must not find them while the desk is open.

Counted in this process's memory, by account and activity, right tries included; a refused act leaves no row behind.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable

from sync.contract.errors import Code, Refusal

A_MINUTE = 5
_SECONDS = 60.0
_MOST = 10_000
"""Accounts at desks that are remembered; beyond it the oldest tries are forgotten first."""


class DeskTries:
    """Counts tries at check-in desks. Two codes of a million are right at a moment: five tries a minute, for as long as
    a desk is open, find one with a chance of about one in a hundred, and the list shows who was checked in, and when.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def count(self, account: str, activity: str) -> None:
        """This try counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        now, tries = self._clock(), self._at[account, activity]
        while tries and now - tries[0] > _SECONDS:
            tries.popleft()
        if len(tries) >= A_MINUTE:
            raise Refusal(Code.RATE_LIMITED, seconds=int(_SECONDS - (now - tries[0])) + 1)
        tries.append(now)
        if len(self._at) > _MOST:
            self._at.pop(next(iter(self._at)))


AT_DESKS = DeskTries()
"""One for the process: every way to the desk counts here."""
