"""An event loop whose clock jumps to the next thing that is due, and whose order among ready callbacks a seed decides.

Nothing waits and nothing depends on the machine: the same seed gives the same order of everything.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextvars import Context
from heapq import heappop, heappush
from itertools import count
from typing import Any


class Deadlock(Exception):
    """Nothing is ready and nothing will ever be."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Seconds are virtual. One generator decides every order and every draw of a schedule."""

    _ready: deque[asyncio.Handle]

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.now, self.random = 0.0, random.Random(seed)
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._number = count()

    def time(self) -> float:
        return self.now

    def call_at(  # type: ignore[override]  # Python 3.11 cannot write down asyncio's published type
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._number), timer))
        return timer

    def _run_once(self) -> None:
        """Whatever is ready now, in an order that the seed draws; if nothing is, it is the next moment."""
        timers, ready = self._timers, self._ready
        while timers and timers[0][2].cancelled():
            heappop(timers)
        if not ready:
            if not timers:
                raise Deadlock
            self.now = max(self.now, timers[0][0])
        while timers and timers[0][0] <= self.now:
            ready.append(heappop(timers)[2])
        turn = list(ready)
        ready.clear()
        if len(turn) > 1:
            self.random.shuffle(turn)
        for handle in turn:
            if not handle.cancelled():
                handle._run()

    # ── what a loop with sockets would do here ──

    def _process_events(self, event_list: list[Any]) -> None:
        assert not event_list, "there are no sockets"

    def _write_to_self(self) -> None:
        """Nobody waits for a socket, so nobody has to be woken."""

    # ── waiting ──

    async def elapse(self, seconds: float) -> None:
        """Returns when so much virtual time has passed."""
        await self.moment(seconds)

    def moment(self, seconds: float) -> asyncio.Future[None]:
        """Done after `seconds`, or earlier if somebody sets it."""
        future = self.create_future()
        self.call_later(seconds, _set, future)
        return future


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
