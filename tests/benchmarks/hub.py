"""What the hub costs while committees publish through it: CPU and memory of the real nats-server, by their number.

The real controller declares accounts, streams and consumers for an invented directory; some committees are connected by
their own credentials, publish and read. Beside it, in turn and on the same server, nats-py publishes as many
bytes into a stream that nobody reads, from one account. CPU is the server's, user and system. Machines are shared and
noisy: read the ratios of one run.
"""

import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nats.aio.client import Client
from nats.js import JetStreamContext

from sync.bus import connection
from sync.bus.ending import ended
from sync.bus.line import Line
from sync.bus.source import PullSource
from sync.bus.streams import stream_of, subject_of, wanted
from sync.contract.channels import log_of, parts_of
from sync.contract.jose import new_key
from sync.contract.levels import Level
from sync.contract.trust.directory import Directory
from sync.hub.controller import Controller
from sync.hub.server import Place, Server
from sync.log import Event
from tests.directories import signed
from tests.processes import cpu_of, memory_of
from tests.sync.hubs import free_port
from tests.sync.nations import contents
from tests.waiting import eventually

SIZES = "BENCH_COMMITTEES"
"""Variable of the environment: numbers of committees, with commas; a whole nation is 3200."""
USUAL = "13,100,500"
PUBLISHERS, READERS = 24, 12
MOST_MEMORY = 6 * 1024**3
"""Bytes of address space: rather than take the machine with it, the server ends."""
PAGE, ALONE = 500, 20
"""Events on each log in a round, where they are published in pages, as the relay does while it has many, and singly."""
BODY = b"x" * 800
PAGES, SINGLY = f"in pages of {PAGE}", "one by one"
BARE_PAGES, BARE = f"bare, in pages of {PAGE}", "bare, publish_async"
ALONE_LOG = "999999/c"


_EVENT = Event("", 1, b"", BODY)


class Spent(NamedTuple):
    """Of the server, for one event that was published; `rate` is events a second."""

    cpu: float
    rate: float


class Nation:
    """A hub declared for `count` committees, and those who publish and read through it."""

    def __init__(self, folder: Path, count: int) -> None:
        self.server = Server(Place(folder / "hub", free_port()))
        self.directory, self._creds, self._clients = Directory(contents(count)), folder / "creds", dict[str, Client]()
        text = signed(self.directory.contents, new_key())
        self.controller = Controller(
            self.server.place.keys(), self.server.place.url, self._creds, self.directory, text
        )  # fmt: skip
        self.declared = 0.0
        self._lines: dict[str, Line] = {}
        self._at: dict[str, int] = {}
        self._delivered: dict[str, int] = {}

    async def start(self) -> None:
        """Declared; nobody is connected yet."""
        await self.server.start()
        resource.prlimit(self.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        await self.controller.open()
        began = time.perf_counter()
        await self.controller.declare()
        self.declared = time.perf_counter() - began

    async def connect(self, id: str) -> None:
        url, creds = self.server.place.url, self._creds / f"{id}.creds"
        self._clients[id] = await connection.connect(url, creds, id)
        self._lines[id] = Line(self._clients[id], id, wait=30.0)

    async def stop(self) -> None:
        for each in self._clients.values():
            await connection.close(each)
        await self.controller.close()
        await self.server.stop()

    @property
    def pid(self) -> int:
        assert self.server.process is not None, "started"
        return self.server.process.pid

    # ── who says what to whom ──

    def logs(self) -> list[str]:
        """Two of each publisher, counties all over the nation: one that its parent reads, one for all it deals with."""
        lowest = [id for id, each in self.directory.committees.items() if each.level is Level.COUNTY]
        chosen = lowest[:: max(1, len(lowest) // PUBLISHERS)][:PUBLISHERS]
        return [log_of(id, channel) for id in chosen for channel in ("c", "o")]

    def readers(self, logs: Sequence[str]) -> list[str]:
        """Of these logs, some."""
        everybody = dict.fromkeys(each for log in logs for each in self.directory.readers(log)[:1])
        return list(everybody)[:READERS]

    async def publish(self, logs: Sequence[str], readers: Sequence[str], count: int, page: int) -> None:
        """`count` events on each of these logs, all logs at once and each in order, have come to all who read here."""

        async def one(log: str) -> None:
            owner, _ = parts_of(log)
            for _ in range(count // page):
                self._at[log] = await self._lines[owner].publish(log, [_EVENT] * page, self._at.get(log, 0))

        await asyncio.gather(*map(one, logs))
        await self._all_delivered(logs, readers, count)

    async def read_on(self, reader: str, stream: str) -> None:
        source = PullSource(self._clients[reader], stream, reader)
        while True:
            page, receipt = await source.fetch(500, 5.0)
            for each in page:
                self._delivered[each.log] = self._delivered.get(each.log, 0) + 1
            await source.done(receipt)

    async def _all_delivered(self, logs: Iterable[str], readers: Sequence[str], count: int) -> None:
        """What was published in `count` events on each log has come to everybody who reads here; counted anew then."""
        due = {log: count * sum(self.directory.is_reader(log, each) for each in readers) for log in logs}

        async def look() -> bool:
            return all(self._delivered.get(log, 0) >= many for log, many in due.items())

        await eventually(look, within=60, what="everything published is delivered")
        self._delivered.clear()


class Bare:
    """One account, one stream on the same server, no consumer."""

    def __init__(self, controller: Controller) -> None:
        self._stream: JetStreamContext = controller.hub.jetstream(timeout=60)
        self._line, self._at = Line(controller.hub, "999999", wait=30.0), 0

    async def declare(self) -> None:
        await self._stream.add_stream(name="BARE", subjects=["bare.log", subject_of(ALONE_LOG)], allow_atomic=True)

    async def in_pages(self, count: int) -> None:
        for _ in range(count // PAGE):
            self._at = await self._line.publish(ALONE_LOG, [_EVENT] * PAGE, self._at)

    async def singly(self, count: int) -> None:
        waiting = [await self._stream.publish_async("bare.log", BODY) for _ in range(count)]
        await asyncio.gather(*waiting)


async def measured(pid: int, work: Callable[[], Awaitable[object]], events: int) -> Spent:
    cpu, clock = cpu_of(pid), time.perf_counter()
    await work()
    return Spent((cpu_of(pid) - cpu) / events, events / (time.perf_counter() - clock))


async def bench(count: int, rounds: int = 5) -> None:
    """Prints the row of `count` committees."""
    with tempfile.TemporaryDirectory() as folder:
        nation, reading = Nation(Path(folder), count), list[asyncio.Task[None]]()
        try:
            await nation.start()
            logs = nation.logs()
            readers = nation.readers(logs)
            for party in dict.fromkeys([*(parts_of(log)[0] for log in logs), *readers]):
                await nation.connect(party)  # the server loses connections whose accounts it loads at one moment
            consumers = wanted(nation.directory).consumers
            reading = [
                asyncio.create_task(nation.read_on(each, stream))
                for each in readers for stream in sorted({stream_of(log) for log in logs})
                if (stream, each) in consumers
            ]  # fmt: skip
            seen = await _costs(nation, logs, readers, rounds)
            _print(count, nation, len(consumers), seen)
        finally:
            await ended(reading)
            await nation.stop()


async def _costs(nation: Nation, logs: list[str], readers: list[str], rounds: int) -> dict[str, list[Spent]]:
    beside, pages, alone = Bare(nation.controller), PAGE * len(logs), ALONE * len(logs)
    await beside.declare()
    programs: dict[str, tuple[Callable[[], Awaitable[None]], int]] = {
        PAGES: (partial(nation.publish, logs, readers, PAGE, PAGE), pages),
        BARE_PAGES: (partial(beside.in_pages, pages), pages),
        SINGLY: (partial(nation.publish, logs, readers, ALONE, 1), alone),
        BARE: (partial(beside.singly, alone), alone),
    }
    seen: dict[str, list[Spent]] = {name: [] for name in programs}
    for turn in range(-1, rounds):  # the first only warms up
        for name, (work, events) in programs.items():
            spent = await measured(nation.pid, work, events)
            if turn >= 0:
                seen[name].append(spent)
    return seen


def _print(count: int, nation: Nation, consumers: int, seen: dict[str, list[Spent]]) -> None:
    declared = f"{nation.declared:.1f} | {memory_of(nation.pid):.0f}"
    for name, of in seen.items():
        cpu, rate = (statistics.median(each) for each in zip(*of, strict=True))
        beside = statistics.median(each.cpu for each in seen[BARE_PAGES if name in (PAGES, BARE_PAGES) else BARE])
        least, most = min(each.cpu for each in of) * 1e6, max(each.cpu for each in of) * 1e6
        told = f"{cpu * 1e6:.0f} ({least:.0f}–{most:.0f}) | {cpu / beside:.2f} | {rate:.0f}"
        which = (count, consumers, declared) if name == PAGES else ("", "", "|")
        print(f"| {which[0]} | {which[1]} | {name} | {told} | {which[2]} |", flush=True)


def main() -> None:
    sizes = [int(each) for each in os.environ.get(SIZES, USUAL).split(",")]
    print(f"The hub; events of {len(BODY)} bytes, {READERS} readers fetch what {PUBLISHERS} committees publish.\n")
    print("| committees | consumers | published | hub CPU µs an event | × bare | events a second | declared s | MB |")
    print("|--:|--:|---|--:|--:|--:|--:|--:|")
    for count in sizes:
        asyncio.run(bench(count))
    print()


if __name__ == "__main__":
    main()
