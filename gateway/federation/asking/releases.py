"""Which committees run an older release than this gateway, as they tell when they refuse a document."""

from collections.abc import Callable

KEPT_SECONDS = 60.0
"""For how long a committee is taken to run the older release that it told; then it may have been upgraded."""
MOST_KNOWN = 10_000


class Releases:
    """Which committees run an older release than this gateway's schema. `clock`: seconds that never go back."""

    def __init__(self, ours: int, clock: Callable[[], float]) -> None:
        self._ours, self._clock = ours, clock
        self._known: dict[str, tuple[int, float]] = {}

    def of(self, committee: str) -> int | None:
        """The older release's number; None: as far as is known it runs ours or a newer one."""
        number, until = self._known.get(committee, (0, 0.0))
        return number if until > self._clock() else None

    def is_news(self, committee: str, told: int) -> bool:
        """It told this number; returns whether that is an older release which it was not known to run."""
        if not 0 < told < self._ours or self.of(committee) == told:
            return False
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[committee] = told, self._clock() + KEPT_SECONDS
        return True
