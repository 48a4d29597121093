"""A committee that was silent again and again is left in peace for a while, instead of everybody waiting for it.

Only silence counts: nobody connected is known at once, costs nothing, and must be over the moment somebody is back.
A client that gives fifty milliseconds says nothing about a committee, so short waits don't count either.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.bus.asker import Outcome


@dataclass
class _Silence:
    times: int = 0
    until: float = 0.0
    """While this lies ahead, it is not asked."""


@dataclass
class Breaker:
    """One per gateway; times in seconds of `clock`.

    Attributes:
        patience: Silences in a row after which a committee is left in peace.
        rest: For how long; doubled with each trial that is silent again, up to `longest`.
        shortest: Waits below this don't count.
        heard: Is told of whatever counts.
    """

    clock: Callable[[], float]
    patience: int = 3
    rest: float = 5.0
    longest: float = 60.0
    shortest: float = 1.0
    heard: Callable[[str, Outcome], None] = lambda _, __: None
    _known: dict[str, _Silence] = field(default_factory=dict)

    def lets(self, committee: str) -> bool:
        """Whether it may be asked now. After its rest one question is let through to try it, the others wait on."""
        found = self._known.get(committee)
        if found is None or found.times < self.patience:
            return True
        if self.clock() < found.until:
            return False
        found.until = self.clock() + self.rest
        return True

    def note(self, committee: str, outcome: Outcome, waited: float) -> None:
        """What came of asking it."""
        if outcome is not Outcome.TIMEOUT or waited >= self.shortest:
            self.heard(committee, outcome)
        if outcome is Outcome.ANSWERED:
            self._known.pop(committee, None)
        elif outcome is Outcome.TIMEOUT and waited >= self.shortest:
            found = self._known.setdefault(committee, _Silence())
            found.times += 1
            over = found.times - self.patience
            if over >= 0:
                found.until = self.clock() + min(self.longest, self.rest * 2 ** min(over, 10))

    def resting(self) -> list[str]:
        """Who is left in peace now."""
        now = self.clock()
        return sorted(id for id, each in self._known.items() if each.times >= self.patience and now < each.until)
