"""Waking those who wait for a change. Nobody waits in the domain's thread.

A commit of this process rings at once; what another process of this committee writes (a command line, a second server)
is seen at the next look, a second later.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from sync.bus.waiting import happened
from sync.contract.asking.changes import ChangesAsk
from tenant_service.listening.told import LOOKED_AT, concerns
from tenant_service.storage import changed
from tenant_service.storage.changed import Place
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks while somebody waits."""
_IDLE = 60.0


@dataclass(eq=False)
class Waiter:
    """Somebody who waits; `woken` is set when something that concerns them was listed."""

    ask: ChangesAsk
    woken: asyncio.Event


class Tail:
    """Reads each new change once, however many wait, and wakes those whom it concerns."""

    def __init__(self, domain: Domain, units: Units) -> None:
        self._domain, self._units = domain, units
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.waiters = set[Waiter]()
        units.after_changing(self._ring)

    async def run(self) -> None:
        """Works until cancelled."""
        self._loop = asyncio.get_running_loop()
        place: Place | None = None
        while True:
            try:
                place = await self._domain.run(self._look, place)
            except Exception:  # the database is away for a moment; listeners wait, and nothing else of the service does
                log.exception("looking for changes broke, and is tried again")
            await happened(self._rung, EVERY if self.waiters else _IDLE)
            self._rung.clear()

    def begin(self, ask: ChangesAsk) -> Waiter:
        """Somebody waits from now on; whoever begins before reading misses nothing."""
        made = Waiter(ask, asyncio.Event())
        self.waiters.add(made)
        self._rung.set()
        return made

    def end(self, waiter: Waiter) -> None:
        self.waiters.discard(waiter)

    def _ring(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._rung.set)

    def _look(self, place: Place | None) -> Place:
        """In the domain's thread: wakes whom the changes behind `place` concern; returns the end."""
        with self._units.read() as unit:
            end = changed.end(unit.session)
            if place is None or place == end:
                return end
            if place.seq > end.seq or end.seq - place.seq > LOOKED_AT:  # restored meanwhile, or too much to look at
                records = None
            else:
                records = changed.records_between(unit.session, place, end)
        self._wake(records)
        return end

    def _wake(self, records: list[str] | None) -> None:
        for waiter in list(self.waiters):
            if records is None or any(concerns(waiter.ask, record) for record in records):
                assert self._loop
                self._loop.call_soon_threadsafe(waiter.woken.set)
