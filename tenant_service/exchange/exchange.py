"""One committee's exchange with the others, as it runs: relay, pull loops, asker, holder, over one connection.

Without a hub everything else goes on: what is published waits in the outbox, and all of this is tried again.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple, TypeVar

from nats.aio.client import Client

from sync.bus.confirming import Confirmer, Reporter, receipt_budget
from sync.bus.ending import ended, finished
from sync.bus.forgetter import Forgetter
from sync.bus.holder import Budget, Holder
from sync.bus.line import Line
from sync.bus.relay import Relay
from sync.bus.source import PullSource
from sync.bus.streams import boot_of, stream_of
from sync.bus.subscriber import Pace, Subscriber
from sync.bus.trust import Trust
from sync.bus.waiting import happened
from sync.bus.wire import Answer, Confirmed
from sync.contract.channels import parts_of
from sync.contract.trust.directory import Directory
from sync.log import Head
from tenant_service.exchange.alarms import Alarms
from tenant_service.exchange.copies import Projections
from tenant_service.exchange.erasing import Erasures
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.models import FollowedState
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.exchange.restoring.recovering import Recoveries, Recovering
from tenant_service.exchange.watching import freshness as shared
from tenant_service.exchange.watching.confirmed import HubEnds, KeptReceipts
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units

log = logging.getLogger(__name__)

Q = TypeVar("Q")
A = TypeVar("A", Answer, Confirmed)

IDLE_SECONDS = 2.0
"""So often the outbox is looked at though nobody called: another process of this committee may have written."""
ENTITLE_SECONDS = 60.0
"""So often what is followed is derived anew: the database may have been restored under a running service."""
SWEEP_SECONDS = 3_600.0
NOTE_SECONDS = 10.0
"""So often what the relay saw of the hub is written down, for people and for other processes of this committee."""


class _Pull(NamedTuple):
    """One consumer of ours that is read."""

    task: asyncio.Task[None]
    source: PullSource


class Exchange:
    """Everything of one committee that sends and receives. One object for the life of the process.

    `units` commits what `ExchangeOutbox(trust)` was told; from now on each such commit wakes the relay.
    """

    def __init__(  # noqa: PLR0913 — each is a part that it is given, and tests give others
        self, domain: Domain, units: Units, trust: Trust, projections: Projections,
        recoveries: Recoveries | None = None, *, pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic, spread: Callable[[], float] = random.random,
        keeps_left: bool = True,
    ) -> None:  # fmt: skip
        """`keeps_left`: copies of a log that we may no longer read stay, frozen; else they are removed."""
        self.domain, self.units, self.trust, self.pace = domain, units, trust, pace or Pace()
        self.left = FollowedState.FROZEN if keeps_left else FollowedState.REMOVED
        self.clock, self.spread = clock, spread
        self.inbox, self.alarms = Inbox(units, trust, projections), Alarms(units)
        self.own = OwnLogs(units, trust, recovering=Recovering(trust, recoveries or {}, self.inbox.projector))
        self.erasures = Erasures(units)
        self.budget, self.receipt_budget = Budget(clock=clock), receipt_budget(clock)
        self.refused = Counter[str]()
        self.relay: Relay | None = None
        self.forgetter: Forgetter | None = None
        self.subscriber: Subscriber | None = None
        self._line: Line | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work, self._trusting = asyncio.Event(), asyncio.Event()
        self._trusting.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._pulls: dict[tuple[str, str], _Pull] = {}
        units.after_publishing(self.wake)

    # ── life ──

    async def start(self, client: Client) -> None:
        """Works over this connection from now on; whatever worked over another has stopped."""
        await self.stop()
        self._loop = asyncio.get_running_loop()
        line = self._line = Line(client, self.trust.me)
        run = self.domain.run
        self.relay = Relay(
            self.own, line, self.trust, run, self.alarms,
            patience=self.pace.patience, clock=self.clock, spread=self.spread,
        )  # fmt: skip
        self.subscriber = Subscriber(
            self.inbox, line, self.trust, run, self.alarms, pace=self.pace, clock=self.clock, spread=self.spread
        )
        self.subscriber.trusting = self._trusting
        self.forgetter = Forgetter(self.erasures, line, run)
        holder = Holder(self.own, self.inbox, self.trust, run, self._witness, self.budget, self.alarms)
        confirmer = Confirmer(
            self.own, KeptReceipts(self.units), self.trust, run, self._witness, self.receipt_budget
        )  # fmt: skip
        await line.serve(self._counted(holder.answer), self._counted(confirmer.confirm))
        reporter = Reporter(
            self.inbox, line, self.trust, run, pace=self.pace, now=self.units.clock, clock=self.clock,
            spread=self.spread,
        )  # fmt: skip
        loops = (
            self._relaying, self._following, self.subscriber.ask_on, self._catching_up, self._sweeping,
            reporter.report_on, self._noting, partial(self.forgetter.keep, min(ENTITLE_SECONDS, self.pace.look)),
        )  # fmt: skip
        self._tasks = [asyncio.create_task(self._kept(loop)) for loop in loops]

    async def stop(self) -> None:
        """Nothing works any more; the connection stays open."""
        tasks, self._tasks = [*self._tasks, *(each.task for each in self._pulls.values())], []
        self._pulls = {}
        await ended(tasks)
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def work(self, client: Client) -> None:
        """Works over this connection until cancelled; fits `sync.bus.connection.while_connected`."""
        await self.start(client)
        try:
            await asyncio.Event().wait()
        finally:
            await finished(self.stop())

    async def disconnected(self) -> None:
        """Nothing is taken in until `trust_again`; fits `sync.bus.connection.connect`."""
        self._trusting.clear()

    async def trust_again(self) -> None:
        """Nothing about the hub is believed any more; fits `sync.bus.connection.connect`."""
        self._trusting.set()
        if self.relay and self.subscriber and self.forgetter:
            self.relay.look_again()
            self.subscriber.doubt()
            self.forgetter.look_again()
            for each in self._pulls.values():
                each.source.look_again()
            self.wake()

    def wake(self) -> None:
        """Something was published. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):  # it was closed just now
                self._loop.call_soon_threadsafe(self._work.set)

    async def learn(self, directory: Directory) -> None:
        """A newer directory: who may be read, who may read, and whose keys count follow it at once. What in it does not
        count, and did before, is told to people.
        """
        known = self.trust.directory.contents.alarms
        self.trust.directory = directory
        for each in directory.contents.alarms:
            if each not in known:
                await self.domain.run(self.alarms, each.id, each.code, f"said by {', '.join(each.registrars)}")
        await self._follow()
        if self.relay and self.subscriber:
            self.relay.look_again()
            self.subscriber.doubt()
        self.wake()

    def _witness(self, of: str, seen: Head) -> None:
        if self.relay:
            self.relay.witness(of, seen)
            self.wake()

    def _counted(self, answer: Callable[[str, Q], Awaitable[A]]) -> Callable[[str, Q], Awaitable[A]]:
        """The same answers; why some were refused is counted."""

        async def counted(who: str, asked: Q) -> A:
            told = await answer(who, asked)
            if told.refused or told.busy:
                self.refused[told.refused or "BUSY"] += 1
            return told

        return counted

    # ── loops ──

    async def _kept(self, loop: Callable[[], Awaitable[None]]) -> None:
        """The loop runs on, whatever it raises: a full disk today must not silence this committee tomorrow."""
        while True:
            try:
                await loop()
                return
            except Exception:
                log.exception("a loop of %s broke and is started again", self.trust.me)
                await asyncio.sleep(0.5 + self.spread())

    async def _relaying(self) -> None:
        relay = self.relay
        assert relay is not None, "started"
        looked = self.clock()
        while True:
            self._work.clear()
            if self.clock() - looked >= self.pace.look:
                relay.look_again()
                looked = self.clock()
            if not await relay.round():
                wait = min(IDLE_SECONDS, self.pace.look, relay.next_due() or IDLE_SECONDS)
                await happened(self._work, max(wait, 0.01))

    async def _noting(self) -> None:
        relay, ends = self.relay, HubEnds(self.units, self.clock)
        assert relay is not None, "started"
        while True:
            await self.domain.run(ends.note, relay.seen())
            await asyncio.sleep(min(NOTE_SECONDS, self.pace.look))

    async def _following(self) -> None:
        while True:
            await self._follow()
            await asyncio.sleep(min(ENTITLE_SECONDS, self.pace.look))

    async def _follow(self) -> None:
        """What the directory lets us read is followed, and nothing else."""
        logs = self.trust.directory.follows(self.trust.me)
        await self.domain.run(self.inbox.entitle, logs, self.left)
        if self.subscriber is None or self._line is None:
            return
        self.subscriber.follow(logs, await self.domain.run(self._never_known))
        wanted = {
            (stream, consumer)
            for stream in {stream_of(parts_of(each)[0]) for each in logs}
            for consumer in (self.trust.me, boot_of(self.trust.me))
        }
        await ended([self._pulls.pop(each).task for each in self._pulls.keys() - wanted])
        for stream, consumer in sorted(wanted - self._pulls.keys()):
            source = self._line.source(stream, consumer)
            self._pulls[stream, consumer] = _Pull(asyncio.create_task(self._pulling(source, stream)), source)

    async def _pulling(self, source: PullSource, stream: str) -> None:
        assert self.subscriber is not None, "started"
        try:
            await self._kept(partial(self.subscriber.pull_on, source, stream))
        finally:
            await finished(source.close())

    def _never_known(self) -> set[str]:
        with self.units.read() as unit:
            return shared.never_known(unit.session)

    async def _catching_up(self) -> None:
        """What this release, or a repaired room, can show and an earlier one could not."""
        _, after = await self.domain.run(self.inbox.reproject_slice, "")
        while after:
            _, after = await self.domain.run(self.inbox.reproject_slice, after)

    async def _sweeping(self) -> None:
        while True:
            await self.domain.run(self.inbox.drop_swept)
            await self.domain.run(self.erasures.drop_old)
            await asyncio.sleep(SWEEP_SECONDS)
