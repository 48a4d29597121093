"""Keeps room in the store: where it fills up, the largest logs lose their oldest events there.

The server limits a log by its number of events and the store by its bytes; between the two a member whose events are
large could fill the store, and then nobody publishes any more. Nothing is lost by what is dropped: owners and readers
hold it, and who misses it asks them. The last event of a log stays, so its owner is not led to publish it all again.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import NamedTuple

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from sync.bus.streams import log_at
from sync.contract.channels import parts_of
from sync.hub.controller import ClaimsRefused, Controller
from sync.hub.sightings import Kind, Sighting

log = logging.getLogger(__name__)

HIGH, LOW = 0.6, 0.5
"""Parts of the store: over the one room is made, down to the other. What comes meanwhile needs the rest."""
_SAMPLES = 8
_MOST_LOGS = 100
"""Of one stream whose size is estimated: those with the most events."""


class Large(NamedTuple):
    """One log in its stream; `bytes` is estimated."""

    subject: str
    events: int
    bytes: int


class Room:
    """Works over the connections of `controller`, whose hub it looks after; `note` is told of whose log was cut."""

    def __init__(
        self, controller: Controller, note: Callable[[Sighting, int], None],
        draw: Callable[[int, int], int] = random.randint,
    ) -> None:  # fmt: skip
        self._controller, self._note, self._draw = controller, note, draw

    async def keep(self, interval: float) -> None:
        """Looks every `interval` seconds; never returns."""
        while True:
            try:
                if self._controller.acts:
                    await self.make()
            except (NatsError, TimeoutError, ClaimsRefused) as error:
                log.info("the store could not be looked at: %r", error)
            await asyncio.sleep(interval)

    async def make(self) -> int:
        """The store is not fuller than it may be; how many events were dropped for that.

        Raises:
            nats.errors.Error, TimeoutError, ClaimsRefused: the hub does not answer.
        """
        used, most = await self._controller.storage()
        if used <= HIGH * most:
            return 0
        dropped = 0
        while used > LOW * most:
            few = await self._cut_largest(int(used - LOW * most))
            if not few and used > HIGH * most:
                self._note(Sighting(Kind.STORE_FULL), 1)
            if not few:
                break
            dropped += few
            used, most = await self._controller.storage()
        return dropped

    async def _cut_largest(self, over: int) -> int:
        """The largest log of the largest stream loses its oldest half, or as much as `over` bytes; how many events."""
        for stream in await self._controller.largest_streams():
            largest = max(await self._logs(stream), key=lambda each: each.bytes, default=None)
            if largest and largest.events > 1:
                part = min(0.5, over / max(largest.bytes, 1))
                return await self._cut(stream, largest, max(1, int(largest.events * part)))
        return 0

    async def _cut(self, stream: str, of: Large, events: int) -> int:
        await self._controller.jetstream.purge_stream(stream, subject=of.subject, keep=of.events - events)
        owner, channel = parts_of(log_at(of.subject))
        log.warning(
            "%s of %s: the oldest %d of %d events left the store, to make room", channel, owner, events, of.events
        )
        self._note(Sighting(Kind.ROOM, owner, channel), events)
        return events

    async def _logs(self, stream: str) -> list[Large]:
        info = await self._controller.jetstream.stream_info(stream, subjects_filter="sh.>")
        counts = sorted((info.state.subjects or {}).items(), key=lambda each: -each[1])[:_MOST_LOGS]
        ends = info.state.first_seq, info.state.last_seq
        return [Large(subject, count, count * await self._size(stream, subject, *ends)) for subject, count in counts]

    async def _size(self, stream: str, subject: str, first: int, last: int) -> int:
        """Bytes of an event of this log, as some of them say that are drawn over the whole stream."""
        found = []
        for _ in range(_SAMPLES):
            try:
                told = await self._controller.jetstream.get_msg(
                    stream, self._draw(first, last), subject, direct=True, next=True
                )
            except NotFoundError:
                continue  # it has none so late
            found.append(len(told.data or b""))
        return sum(found) // len(found) if found else 0
