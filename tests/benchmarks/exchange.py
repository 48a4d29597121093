"""What sharing costs: our relay and inbox beside bare nats-py on the same hub, in turn.

CPU is this process's, all threads. The hub syncs every write (`sync_interval: always`). Machines are shared and noisy:
read the ratios of one run.
"""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy.orm import Session

from sync.bus.line import Line
from sync.bus.pages import Pages
from sync.bus.relay import Relay
from sync.bus.subscriber import Pace, Subscriber
from sync.contract.channels import log_of
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.exchange import Exchange
from tenant_service.storage.engine import Domain
from tests.federation.exchanges import Federation, Live
from tests.tenant_service.exchange.committees import CITY, COUNTY, World, show
from tests.waiting import eventually

RELAY, PUBLISH = "our relay", "nats-py publish_async"
APPLY, APPLY_ROWS, FETCH = "our inbox", "our inbox, with a room's rows", "nats-py fetch(500) + AckAll"
EVENTS = 5_000
SINGLE = 150
QUIET = Pace(look=1e9, check=1e9, first=1e9, fetch=5.0)


class Cost(NamedTuple):
    cpu: float
    seconds: float


class Bare:
    """nats-py alone, on a stream of its own."""

    def __init__(self, stream: JetStreamContext) -> None:
        self.stream, self.made = stream, 0

    async def publish(self, bodies: list[bytes]) -> None:
        """All are acknowledged."""
        waiting = [await self.stream.publish_async("bare.log", body) for body in bodies]
        await asyncio.gather(*waiting)

    async def consumer(self) -> JetStreamContext.PullSubscription:
        self.made += 1
        told = ConsumerConfig(durable_name=f"bare{self.made}", ack_policy=AckPolicy.ALL, max_ack_pending=5_000)
        await self.stream.add_consumer("BARE", told)
        return await self.stream.pull_subscribe_bind(f"bare{self.made}", "BARE")

    async def fetch(self, count: int) -> None:
        pulled = await self.consumer()
        while count > 0:
            page = await pulled.fetch(500, timeout=5)
            await page[-1].ack()
            count -= len(page)

    async def lag(self) -> list[float]:
        pulled, found = await self.consumer(), []
        await self.stream.purge_stream("BARE")
        for _ in range(SINGLE):
            began = time.perf_counter()
            fetching = asyncio.ensure_future(pulled.fetch(1, timeout=5))
            await self.stream.publish("bare.log", b"x" * 800)
            [message] = await fetching
            found.append(time.perf_counter() - began)
            await message.ack()
        return found


async def cost(work: Callable[[], Awaitable[object]]) -> Cost:
    """Of one event."""
    cpu, clock = time.process_time(), time.perf_counter()
    await work()
    return Cost((time.process_time() - cpu) / EVENTS, (time.perf_counter() - clock) / EVENTS)


class Ours:
    """The county's relay and the city's subscriber, driven by hand."""

    def __init__(self, county: Live, city: Live, lines: tuple[Line, Line]) -> None:
        self.county, self.city = county, city
        self.relay = Relay(county.own, lines[0], county.trust, county.domain.run, county.exchange.alarms)
        self.subscriber = Subscriber(
            city.exchange.inbox, lines[1], city.trust, city.domain.run, city.exchange.alarms, pace=QUIET
        )
        self.pages = Pages(lines[1].source("SH_33", CITY))
        self.ids = [county.new_id() for _ in range(EVENTS)]
        self.version = 0

    def write(self) -> list[bytes]:
        """Fresh versions of all records wait in the outbox."""
        self.version += 1
        self.county.publish_all(self.ids, self.version, ["c"])
        end = self.county.head("c").seq
        pages = [self.county.page("c", after) for after in range(end - EVENTS, end, 500)]
        return [each.body for page in pages for each in page]

    async def send(self) -> None:
        while await self.relay.round():
            pass

    async def take(self) -> None:
        log, end = log_of(COUNTY, "c"), self.county.head("c").seq
        while self.city.exchange.inbox.reading(log).head.seq < end:
            await self.subscriber.pull(self.pages)


class Room:
    """Stands for the rooms: takes nothing, or keeps rows, or tells that it was given something."""

    def __init__(self) -> None:
        self.keeps, self.given = False, asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self, session: Session, seen: Seen) -> None:
        if self.keeps:
            show(session, seen)
        if not self.given.is_set():
            self._loop.call_soon_threadsafe(self.given.set)


async def _costs(fed: Federation, room: Room, bare: Bare, rounds: int) -> dict[str, list[Cost]]:
    lines = await fed.hub.line(COUNTY), await fed.hub.line(CITY)
    ours, seen = Ours(fed[COUNTY], fed[CITY], lines), dict[str, list[Cost]]()

    async def add(name: str, work: Callable[[], Awaitable[object]]) -> None:
        seen.setdefault(name, []).append(await cost(work))

    gc.collect()
    gc.freeze()  # what was imported is not walked again and again; for both sides alike
    for _ in range(rounds):
        bodies = ours.write()
        await bare.stream.purge_stream("BARE")
        await add(RELAY, ours.send)
        await add(PUBLISH, partial(bare.publish, bodies))
        room.keeps = False
        await add(APPLY, ours.take)
        await add(FETCH, partial(bare.fetch, EVENTS))
        room.keeps = True
        ours.write()
        await ours.send()
        await add(APPLY_ROWS, ours.take)
    return seen


async def _lags(fed: Federation, room: Room, bare: Bare) -> tuple[float, float]:
    """Medians, in seconds. The next event comes when the last one is stored at the reader: some 30 a second."""
    county, found, log = fed[COUNTY], list[float](), log_of(COUNTY, "c")
    id = county.new_id()

    async def stored() -> bool:
        return fed[CITY].exchange.inbox.reading(log).head.seq == county.head("c").seq

    for version in range(1, SINGLE + 1):
        await eventually(stored)
        room.given.clear()
        await county.domain.run(county.publish, id, version, ["c"])
        began = time.perf_counter()
        await asyncio.wait_for(room.given.wait(), 30)
        found.append(time.perf_counter() - began)
    return statistics.median(found), statistics.median(await bare.lag())


async def bench(rounds: int = 5) -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as folder:
        fed, room = Federation(Path(folder), World(), QUIET), Room()
        await fed.hub.start()
        bare = Bare(fed.hub.controller.jetstream)
        await bare.stream.add_stream(name="BARE", subjects=["bare.log"])
        try:
            for id in (COUNTY, CITY):
                (await fed.add(id)).projections = {"value": room}
                await fed[id].stop()
                await fed[id].start()
            lag, bare_lag = await _lags(fed, room, bare)
            for each in fed.committees.values():
                await each.stop()
                each.domain = Domain(each.engine)
                each.exchange = Exchange(each.domain, each.units, each.trust, {"value": room}, pace=QUIET)
            seen = await _costs(fed, room, bare, rounds)
        finally:
            await fed.down()
    _print(rounds, seen)
    print("| lag, one event at a time | p50 ms | × bare |\n|---|--:|--:|")
    print(f"| committed → given to its room | {lag * 1000:.1f} | {lag / bare_lag:.1f} |")
    print(f"| nats-py publish → fetch(1) | {bare_lag * 1000:.1f} | 1.0 |\n")


def _print(rounds: int, seen: dict[str, list[Cost]]) -> None:
    print(f"{EVENTS} events of about 800 bytes; medians of {rounds} rounds.\n")
    print("| program | CPU µs an event | × bare | round by round | events a second | × bare |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, beside in [(RELAY, PUBLISH), (PUBLISH, PUBLISH), (APPLY, FETCH), (APPLY_ROWS, FETCH), (FETCH, FETCH)]:
        cpu, seconds = (statistics.median(each) for each in zip(*seen[name], strict=True))
        bare_cpu, bare_seconds = (statistics.median(each) for each in zip(*seen[beside], strict=True))
        ratios = [ours.cpu / bare.cpu for ours, bare in zip(seen[name], seen[beside], strict=True)]
        within = f"{min(ratios):.2f}–{max(ratios):.2f}"
        told = f"{cpu * 1e6:.1f} | {cpu / bare_cpu:.2f} | {within} | {1 / seconds:.0f} | {bare_seconds / seconds:.1f}"
        print(f"| {name} | {told} |")
    print()


def main() -> None:
    asyncio.run(bench())


if __name__ == "__main__":
    main()
