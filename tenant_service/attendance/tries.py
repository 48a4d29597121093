"""How often somebody may type the six digits of a desk: a guess must not find them while the desk is open.

Counted in this process's memory, by account and activity, right tries included; a refused act leaves no row behind.
"""

import time
from collections.abc import Callable

from sync.edge.windows import Window

A_MINUTE = 5
_SECONDS = 60.0


class DeskTries:
    """Counts tries at check-in desks. Two codes of a million are right at a moment: five tries a minute, for as long as
    a desk is open, find one with a chance of about one in a hundred, and the list shows who was checked in, and when.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = Window(A_MINUTE, _SECONDS, clock)

    def count(self, account: str, activity: str) -> None:
        """This try counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        self._window.count((account, activity))


AT_DESKS = DeskTries()
"""One for the process: every way to the desk counts here."""
