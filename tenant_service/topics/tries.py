"""How often the desk may try numbers against the phone that was left with a report: four digits of it are masked, and a
guess must not find them.

Counted in this process's memory, by account and by report, right tries included; a refused act leaves no row behind.
"""

import time
from collections.abc import Callable

from sync.edge.windows import Window

OF_A_REPORT, OF_AN_ACCOUNT = 5, 60
_AN_HOUR = 3_600.0


class PhoneTries:
    """Counts tries. Ten thousand numbers have the digits that are shown: five an hour find the right one in months."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._of_report = Window(OF_A_REPORT, _AN_HOUR, clock)
        self._of_account = Window(OF_AN_ACCOUNT, _AN_HOUR, clock)

    def count(self, account: str, report: str) -> None:
        """This try counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        self._of_account.count(account)
        self._of_report.count(report)


AT_DESK = PhoneTries()
"""One for the process."""
