"""One committee at work: the real relay, subscriber and holder over a simulated line and a database that outlives them.

Its loops are those of `tenant_service.exchange.exchange`. Between any two steps the process may end; what it still had
to do is then never done, and what its database had committed stays.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sync.bus import wire
from sync.bus.holder import Budget, Holder
from sync.bus.relay import Relay
from sync.bus.stores import Run
from sync.bus.streams import stream_of
from sync.bus.subscriber import Pace, Subscriber
from sync.contract.channels import log_of, parts_of
from sync.log import Head
from tests.simulator.bus import Line
from tests.simulator.databases import Change, Database, Killed
from tests.simulator.seals import Rights, Seals, Sketch
from tests.simulator.watching import WatchedOwn

if TYPE_CHECKING:
    from tests.simulator.world import World

T = TypeVar("T")
P = ParamSpec("P")

PACE = Pace(look=60.0, check=60.0, first=1.0, fetch=40.0, patience=10.0)
IDLE = 30.0
"""So often the outbox is looked at though nobody called."""
BACK_WITHIN = 40.0
"""Seconds until a committee that went down is up again, at most."""
GIVES_WAY = 0.3
"""How often others go on between two steps that need not wait for anything."""


@dataclass(frozen=True)
class Parts:
    """What works on a database; a planted bug replaces one."""

    relay: type[Relay] = Relay
    subscriber: type[Subscriber] = Subscriber
    holder: type[Holder] = Holder


class Node:
    def __init__(self, world: "World", name: str, database: Database, parts: Parts) -> None:
        self.world, self.name, self.database, self.parts = world, name, database, parts
        self.trust = Seals(name, world.rights)
        self.life = 0
        self.is_up = False
        self.fuse: int | None = None
        self.asks = self.restores = 0
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._pulls: dict[str, asyncio.Task[Any]] = {}
        self._build()

    def _build(self) -> None:
        """What a fresh process has: nothing but its database and the directory."""
        world, loop = self.world, self.world.loop
        self.life += 1
        run: Run = partial(self._run, self.life)
        self.database.open(self.trust)
        heard, alarm = world.checker.watched(self), self.database.alarm
        forgotten = world.checker.forgotten
        own = WatchedOwn(self.database.own, lambda: forgotten.leaving(self.name), lambda: forgotten.left(self.name))
        line, spread = Line(self), world.random.random
        self.line, self.run = line, run
        self.relay = self.parts.relay(
            own, line, self.trust, run, alarm, patience=PACE.patience, clock=loop.time, spread=spread
        )
        self.subscriber = self.parts.subscriber(
            heard, line, self.trust, run, alarm, pace=PACE, clock=loop.time, spread=spread
        )
        self.holder = self.parts.holder(own, heard, self.trust, run, self._witness, Budget(clock=loop.time))
        self.heard = heard
        self._work = asyncio.Event()

    # ── life ──

    def start(self) -> None:
        if self.is_up:
            return
        self._build()
        self.is_up = True
        self.world.stir(self.name)
        for loop in (self._relaying, self._following, self.subscriber.ask_on, self._writing):
            self._background(self._kept(loop))

    def stop(self) -> None:
        """As a kill does it: nothing is finished and nothing is said."""
        self.is_up, self.fuse, self.database.fuse.left = False, None, None
        self.life += 1
        self.world.stir(self.name)
        tasks, self._tasks, self._pulls = self._tasks, {}, {}
        for task in tasks:
            task.cancel()

    def die(self, why: str) -> None:
        """Stopped in the middle of something, and started again after a while."""
        if self.is_up:
            self.world.tell(f"{self.name} dies {why}")
            self.world.count(f"died {why}")
            self.stop()
            self.world.loop.call_later(self.world.random.random() * BACK_WITHIN, self.start)

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = self.world.loop.create_task(work)
        self._tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.world.checker.broke(self.name, error)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._spawn(work)
        assert not task.done(), "it has only begun"

    async def _kept(self, loop: Callable[[], Awaitable[None]]) -> None:
        """A loop that breaks is started again by the real exchange; here it is also a finding."""
        while True:
            try:
                await loop()
                return
            except Exception as error:  # noqa: BLE001 — whatever it is, the real exchange goes on, and it is told
                self.world.checker.broke(self.name, error)
                await self.world.loop.elapse(0.5 + self.world.random.random())

    async def gate(self) -> None:
        """Others may go on here; and here a process may end."""
        is_over = False
        if self.fuse is not None:
            self.fuse -= 1
            if is_over := self.fuse < 0:
                self.die("between two steps")
        if is_over or self.world.random.random() < GIVES_WAY:
            await asyncio.sleep(0)

    async def _run(self, life: int, act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The domain thread. It may end before the act, within its transaction, or before anybody learns of it."""
        await self.gate()
        if life != self.life:
            raise asyncio.CancelledError
        fuse = self.database.fuse
        fuse.is_lit = True
        try:
            done = act(*args, **kwargs)
        except Killed:
            self.die("in a transaction")
            await asyncio.sleep(0)
            raise asyncio.CancelledError from None
        finally:
            fuse.is_lit = False
        await self.gate()
        return done

    # ── what it is asked ──

    def serve(self, who: str, ask: wire.Ask) -> asyncio.Task[wire.Answer]:
        return self._spawn(self.holder.answer(who, ask))

    def _witness(self, log: str, seen: Head) -> None:
        self.relay.witness(log, seen)
        self._work.set()

    def learn(self, rights: Rights) -> None:
        """A newer directory, as soon as this process runs."""
        if rights.serial > self.trust.directory.rights.serial:
            self.trust.directory = Sketch(rights)
            if self.is_up:
                self._background(self._learned())

    async def _learned(self) -> None:
        await self._follow()
        self.relay.look_again()
        self.subscriber.doubt()
        self._work.set()

    # ── loops ──

    async def _relaying(self) -> None:
        loop = self.world.loop
        looked = loop.time()
        while True:
            self._work.clear()
            if loop.time() - looked >= PACE.look:
                self.relay.look_again()
                looked = loop.time()
            if not await self.relay.round():
                wait = min(IDLE, self.relay.next_due() or IDLE)
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(wait, 0.01)):
                        await self._work.wait()

    async def _following(self) -> None:
        while True:
            await self._follow()
            await self.world.loop.elapse(PACE.look)

    async def _follow(self) -> None:
        logs = self.trust.directory.follows(self.name)
        await self.run(self.heard.entitle, logs)
        self.subscriber.follow(logs, [log for log in logs if not self.heard.reading(log).head.epoch])
        streams = {stream_of(parts_of(log)[0]) for log in logs}
        for gone in sorted(self._pulls.keys() - streams):
            self._pulls.pop(gone).cancel()
        for stream in sorted(streams - self._pulls.keys()):
            pull = partial(self.subscriber.pull_on, self.line.source(stream), stream)
            self._pulls[stream] = self._spawn(self._kept(pull))

    async def _writing(self) -> None:
        """People work on, whatever the line does."""
        random, world = self.world.random, self.world
        channels = [log.partition("/")[2] for log in world.rights.readers if log.startswith(log_of(self.name, ""))]
        while channels and not world.is_quiet:
            await world.loop.elapse(random.expovariate(world.acts_a_second))
            if not world.is_quiet:
                about = random.sample(range(world.records), random.randint(1, 3))
                await self.run(self.database.write, [self._change(each, channels) for each in about])
                self._work.set()

    def _change(self, number: int, channels: list[str]) -> Change:
        random, record = self.world.random, f"{self.name}.value.{number:032x}"
        on = None if random.random() < 0.1 else frozenset(each for each in channels if random.random() < 0.6)
        return self.world.checker.issue(Change(record, on, self.world.next_value()))
