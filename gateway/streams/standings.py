"""How committees stand, as this gateway learns it from asking them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from sync.bus.rpc import Outcome

_STATES = {
    Outcome.ANSWERED: "FRESH", Outcome.TIMEOUT: "TIMEOUT", Outcome.UNREACHABLE: "UNREACHABLE",
    Outcome.UNREADABLE: "FAILED",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What came of asking a committee last, and since when it has been so; `number` grows with each change."""

    committee: str
    state: str
    since: dt.datetime
    number: int


class Standings:
    """The newest standing of each committee that was asked since this gateway started."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._of: dict[str, Standing] = {}
        self._number = 0
        self._changed = asyncio.Event()

    def note(self, committee: str, outcome: Outcome) -> None:
        state = _STATES[outcome]
        was = self._of.pop(committee, None)
        if was is not None and was.state == state:
            self._of[committee] = was
            return
        self._number += 1
        self._of[committee] = Standing(committee, state, self._now(), self._number)
        self._changed.set()
        self._changed = asyncio.Event()

    async def told(self) -> AsyncIterator[Standing | None]:
        """What is known now, then each change, for ever; None now and then, when nothing changed. Who is slow is told
        the newest only.
        """
        seen = 0
        while True:
            changed = self._changed
            news = sorted((each for each in self._of.values() if each.number > seen), key=lambda each: each.number)
            for each in news:
                seen = each.number
                yield each
            try:
                async with asyncio.timeout(_LOOK_AGAIN):
                    await changed.wait()
            except TimeoutError:
                yield None


_LOOK_AGAIN = 20.0
"""Seconds after which it is looked at whether the listener may still listen."""
