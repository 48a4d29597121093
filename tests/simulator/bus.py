"""One committee's line to the hub, over a network that loses, repeats, reorders, delays and is cut.

Implements `sync.bus.ports`, as `sync.bus.line` and `sync.bus.source` do over a real connection.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.bus import wire
from sync.bus.ports import Absent, Delivered, Moved, Unreachable
from sync.contract.channels import parts_of
from sync.log import Event
from tests.simulator.hub import ACK_WAIT, Message

if TYPE_CHECKING:
    from tests.simulator.node import Node

GIVEN_UP = 2.0
"""Seconds until an answer that does not come is given up."""
ANSWERED_WITHIN = 5.0


@dataclass(frozen=True)
class Weather:
    """How bad the network is all the time; chances between 0 and 1, `delay` in seconds on average."""

    loss: float = 0.0
    again: float = 0.0
    reorder: float = 0.0
    delay: float = 0.05
    partly: float = 0.0
    """Of a page whose messages go one by one, because the hub takes no batch: a part is stored, and nobody knows."""


class Line:
    def __init__(self, node: "Node") -> None:
        self.node, self.world = node, node.world

    async def out(self, to: str = "", late: Callable[[], object] | None = None) -> None:
        """A message has reached the hub, and whoever it is for.

        `late`: what it does when it lay in a buffer after all and arrives when its sender has given it up.

        Raises:
            Unreachable: it is lost. Absent: nothing there takes it.
        """
        world = self.world
        await self.node.gate()
        await world.loop.elapse(world.delay())
        if world.is_lost(self.node.name, to) or not world.hub.is_up:
            if late and world.random.random() < 0.3:
                world.loop.call_later(world.random.random() * 20, late)
            await world.loop.elapse(GIVEN_UP)
            raise Unreachable
        if not world.hub.is_declared:
            raise Absent

    async def back(self, to: str = "") -> None:
        """The answer has arrived. Raises: Unreachable, it is lost, and what was asked has happened."""
        world = self.world
        await world.loop.elapse(world.delay())
        if world.is_lost(self.node.name, to):
            await world.loop.elapse(GIVEN_UP)
            raise Unreachable
        await self.node.gate()

    # ── my logs on the hub ──

    async def last(self, log: str) -> tuple[int, Event | None]:
        await self.out()
        found = self.world.hub.last(log)
        await self.back()
        if found is None:
            return 0, None
        try:
            return found.place, wire.event(found.body, found.proof, log)
        except wire.Unreadable:
            return found.place, Event(wire.UNREADABLE, 1, b"", found.body)

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        events = list(events)
        if len(events) > 1 and self.world.random.random() < self.world.weather.partly:
            self.world.count("page stored in part")
            events = events[: self.world.random.randrange(len(events))]
            with suppress(Moved):
                await self.out()
                self._put(log, events, expect)
            raise Unreachable
        await self.out(late=lambda: self._put_late(log, events, expect))
        placed = self._put(log, events, expect)
        await self.back()
        return placed

    def _put(self, log: str, events: Sequence[Event], expect: int) -> int:
        found = self.world.hub.last(log)
        if (found.place if found else 0) != expect:
            raise Moved
        placed = expect
        for each in events:
            placed = self.world.hub.put(log, each.body, each.proof)
        return placed

    def _put_late(self, log: str, events: Sequence[Event], expect: int) -> None:
        if self.world.hub.is_up and self.world.hub.is_declared:
            self.world.count("arrived late")
            with suppress(Moved):
                self._put(log, events, expect)

    # ── asks ──

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        world = self.world
        self.node.asks += parts_of(ask.log)[0] in world.honest
        await self.out(holder)
        asked = wire.read_ask(wire.pack(ask))
        if world.small_answers and asked.room:
            asked = msgspec.structs.replace(asked, room=min(asked.room, world.small_answers))
        answering = world.serve(holder, self.node.name, asked)
        if answering is None:
            raise Absent
        await asyncio.wait({answering}, timeout=ANSWERED_WITHIN)
        if not answering.done() or answering.cancelled() or answering.exception():
            raise Unreachable
        await self.back(holder)
        return wire.read_answer(wire.pack(answering.result()))

    def source(self, stream: str) -> "Source":
        return Source(self, stream)


@dataclass(frozen=True)
class Receipt:
    stream: str
    place: int


class Source:
    """One durable consumer of this committee's."""

    def __init__(self, line: Line, stream: str) -> None:
        self.line, self.world, self.stream, self.reader = line, line.world, stream, line.node.name

    async def fetch(self, count: int, wait: float) -> tuple[list[Delivered], object]:
        hub, loop = self.world.hub, self.world.loop
        end = loop.time() + wait
        await self.line.out()
        while True:
            if not hub.is_up:
                raise Unreachable
            if not hub.is_there(self.stream, self.reader):
                raise Absent
            found = hub.deliver(self.stream, self.reader, count, loop.time())
            if found or loop.time() >= end:
                break
            await hub.news(loop.moment(min(end - loop.time(), ACK_WAIT)))
        await self.line.back()
        if not found:
            return [], None
        page = self._troubled(found)[:count]
        receipt = Receipt(self.stream, max(each.place for each in page))
        return [Delivered(each.log, each.body, each.proof) for each in page], receipt

    def _troubled(self, found: list[Message]) -> list[Message]:
        """Some of it twice, and in another order."""
        random, weather = self.world.random, self.world.weather
        if random.random() < weather.again:
            self.world.count("duplicated")
            found = [*found, *(random.choice(found) for _ in range(random.randint(1, 3)))]
        if random.random() < weather.reorder:
            self.world.count("reordered")
            random.shuffle(found)
        return found

    async def done(self, receipt: object) -> None:
        """An acknowledgement is not answered: it arrives, or it does not."""
        assert isinstance(receipt, Receipt)
        if not self.world.is_lost(self.reader, "") and self.world.hub.is_up:
            self.world.hub.acknowledge(receipt.stream, self.reader, receipt.place)
        await self.line.node.gate()
