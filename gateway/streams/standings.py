"""How committees stand, as this gateway learns it from asking them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sync.bus.asker import Outcome

_STATES = {
    Outcome.ANSWERED: "FRESH", Outcome.TIMEOUT: "TIMEOUT", Outcome.UNREACHABLE: "UNREACHABLE",
    Outcome.UNREADABLE: "FAILED",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What came of asking a committee last, and since when it has been so; `number` grows with each change.

    Attributes:
        asked_at: The moment of the last question, on which this rests.
    """

    committee: str
    state: str
    since: dt.datetime
    asked_at: dt.datetime
    number: int


class Standings:
    """The newest standing of each committee that was asked since this gateway started."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self.now = now
        self._of: dict[str, Standing] = {}
        self._number = 0
        self._changed = asyncio.Event()
        self._listening = 0
        self._somebody = asyncio.Event()

    def note(self, committee: str, outcome: Outcome) -> None:
        state = _STATES[outcome]
        was = self._of.pop(committee, None)
        if was is not None and was.state == state:
            self._of[committee] = replace(was, asked_at=self.now())
            return
        self._number += 1
        self._of[committee] = Standing(committee, state, self.now(), self.now(), self._number)
        self._changed.set()
        self._changed = asyncio.Event()

    async def somebody_listens(self) -> None:
        """Returns while somebody does."""
        await self._somebody.wait()

    def longest_ago(self, among: Iterable[str], before: dt.datetime) -> list[str]:
        """Those that were asked before that moment last, or never: the longest ago first, and never before all."""
        never = dt.datetime.min.replace(tzinfo=dt.UTC)
        asked = {id: self._of[id].asked_at if id in self._of else never for id in among}
        return sorted((id for id, at in asked.items() if at < before), key=lambda id: asked[id])

    @contextmanager
    def _listened(self) -> Iterator[None]:
        self._listening += 1
        self._somebody.set()
        try:
            yield
        finally:
            self._listening -= 1
            if not self._listening:
                self._somebody.clear()

    async def told(self) -> AsyncIterator[Standing | None]:
        """What is known now, then each change, for ever; None now and then, when nothing changed. Who is slow is told
        the newest only.
        """
        seen = 0
        with self._listened():
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
