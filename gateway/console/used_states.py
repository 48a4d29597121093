"""States of sign-ins that have come back: each opens one session. Remembered until they would be too old anyway."""

MOST_USED = 20_000
"""Some megabytes. Beyond it the oldest are forgotten, so that a crowd keeps nobody out; the code that comes with it is
taken once by the home in any case.
"""


class UsedStates:
    """`seconds`: how long a state is good for."""

    def __init__(self, seconds: float, most: int = MOST_USED) -> None:
        self._seconds, self._most = seconds, most
        self._since: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._since)

    def take(self, state: str, now: float) -> bool:
        """Whether nobody has used it; from now on somebody has."""
        while self._since and now - next(iter(self._since.values())) > self._seconds:
            del self._since[next(iter(self._since))]
        if state in self._since:
            return False
        if len(self._since) >= self._most:
            del self._since[next(iter(self._since))]
        self._since[state] = now
        return True

    def give_back(self, state: str) -> None:
        """Nothing came of it, and it may be tried again."""
        self._since.pop(state, None)
