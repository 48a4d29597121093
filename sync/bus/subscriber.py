"""Hub → reader: pages of my consumers are taken in, and holders are asked for what is missing or wrong.

Transport, database, clock and randomness are arguments. What is remembered here (when to ask whom) is memory only.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from secrets import token_hex

from sync.bus import wire
from sync.bus.ending import ended
from sync.bus.pages import Pages
from sync.bus.ports import Absent, Asking, Delivered, Source, Unreachable
from sync.bus.stores import Alarm, Heard, Run
from sync.bus.streams import stream_of
from sync.bus.trust import Trust
from sync.bus.waiting import happened
from sync.contract.channels import parts_of
from sync.log import Event, Head, Reading, Step, pause, whom

_ASKS_AT_ONCE = 8


@dataclass(frozen=True)
class Pace:
    """Seconds.

    Attributes:
        look: At least so often the hub's end of my logs is looked at anew.
        check: About so often each owner is asked where its log ends.
        first: Until the first ask for something that is missing.
        fetch: Until a fetch that brings nothing is made anew.
        patience: For readers that do not answer when a restored owner asks back what it has forgotten.
        receipt: About so often an owner is told how far its logs were applied, where they moved.
        remind: At least about so often it is told, where they did not.
    """

    look: float = 60.0
    check: float = 300.0
    first: float = 1.0
    fetch: float = 20.0
    patience: float = 60.0
    receipt: float = 60.0
    remind: float = 3_600.0


class Subscriber:
    """Reads what the directory lets this committee read, over one connection."""

    def __init__(
        self, heard: Heard, line: Asking, trust: Trust, run: Run, alarm: Alarm, *, pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic, spread: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self.heard, self.line, self.trust, self.run, self.alarm = heard, line, trust, run, alarm
        self.pace, self.clock, self.spread = pace or Pace(), clock, spread
        self._due: dict[str, float] = {}
        self._tries: dict[str, int] = {}
        self._asking = dict[str, asyncio.Task[None]]()
        self._sooner = asyncio.Event()
        self.trusting = asyncio.Event()
        """While it is not set, nothing is taken in."""
        self.trusting.set()

    # ── what is followed ──

    def follow(self, logs: Iterable[str], never_known: Iterable[str] = ()) -> None:
        """Exactly these are asked about from now on; those of which nothing was ever known to be complete at once.

        Checks are spread, so that a restart of all is no storm of asks.
        """
        wanted, fresh = set(logs), set(never_known)
        for log in self._due.keys() - wanted:
            del self._due[log]
            self._tries.pop(log, None)
        for log in sorted(wanted - self._due.keys()):
            within = min(self.pace.check, self.pace.first * (1 + len(fresh) / 20)) if log in fresh else self.pace.check
            self._due[log] = self.clock() + within * self.spread()
        self._sooner.set()

    def doubt(self, stream: str = "") -> None:
        """After a broken line the hub may count as delivered what never arrived, and an end has no gap behind it: every
        log (of this stream) is asked about in the next seconds.
        """
        for log in self._due:
            if not stream or stream == stream_of(parts_of(log)[0]):
                self._ask_within(log, self.pace.check / 30)

    def _ask_within(self, log: str, seconds: float) -> None:
        at = self.clock() + seconds * self.spread()
        if log in self._due and at < self._due[log]:
            self._due[log] = at
            self._sooner.set()

    # ── from the hub ──

    async def pull(self, pages: Pages) -> int:
        """One page of the hub is applied and stored in one transaction, then acknowledged; returns its length.

        Raises:
            Absent, Unreachable.
        """
        delivered, caught_up = await pages.next(self.pace.fetch)
        await self.trusting.wait()
        if delivered:
            self._note(await self.run(self._take_in, delivered, caught_up=caught_up))
        await pages.done()
        return len(delivered)

    async def pull_on(self, source: Source, stream: str) -> None:
        """Pulls for ever. A consumer that is not there is looked for again after a while."""
        pages = Pages(source)
        while True:
            try:
                await self.pull(pages)
            except Absent:
                await asyncio.sleep(self.pace.fetch * (0.5 + self.spread()))
            except Unreachable:
                self.doubt(stream)
                await asyncio.sleep(0.2 + self.spread() * 0.3)
            except Exception:
                self.doubt(stream)  # a page that could not be stored comes again late, or never
                raise

    def _take_in(self, delivered: Sequence[Delivered], *, caught_up: bool) -> list[Step]:
        """On the domain thread."""
        arrived, unreadable = dict[str, list[Event]](), dict[str, str]()
        for each in delivered:
            try:
                arrived.setdefault(each.log, []).append(wire.event(each.body, each.proof, each.log))
            except wire.Unreadable as error:
                unreadable.setdefault(each.log, str(error))
        for log, why in unreadable.items():  # once each: an alarm is a transaction, and an owner may flood its log
            self.alarm(log, "UNREADABLE", why)
        return self.heard.take(arrived, caught_up=caught_up)

    def _note(self, steps: Iterable[Step]) -> bool:
        """Whether anything moved; who is missing something will ask for it."""
        moved = False
        for step in steps:
            log = step.reading.log
            if step.apply:
                self._tries.pop(log, None)
                moved = True
            if step.ask:
                wait = pause(self._tries.get(log, 0), self.spread(), self.pace.first)
                self._due[log] = min(self._due.get(log, self.clock() + wait), self.clock() + wait)
                self._sooner.set()
        return moved

    # ── from holders ──

    async def ask_on(self) -> None:
        """Asks for ever about whatever is due, some at once."""
        try:
            while True:
                self._sooner.clear()
                now = self.clock()
                due = sorted((at, log) for log, at in self._due.items() if log not in self._asking)
                for at, log in due[: _ASKS_AT_ONCE - len(self._asking)]:
                    if at <= now:
                        task = self._asking[log] = asyncio.create_task(self._ask_one(log))
                        task.add_done_callback(partial(self._asked, log))
                wait = min((at - now for at, log in due if at > now), default=self.pace.check)
                await happened(self._sooner, wait)
        finally:
            await ended(list(self._asking.values()))

    def _asked(self, log: str, _task: asyncio.Task[None]) -> None:
        self._asking.pop(log, None)
        self._sooner.set()

    async def _ask_one(self, log: str) -> None:
        try:
            await self.ask(log)
        except Unreachable:
            return  # the pause until the next try stands already

    async def ask(self, log: str) -> bool:
        """Shows a holder how far I am and takes what follows; True when that brought me further.

        Raises:
            Unreachable.
        """
        tries = self._tries.get(log, 0)
        was = await self.run(self.heard.reading, log)
        holder = whom(self.trust.holders(log), tries, self.spread())
        # Set before the answer comes: a crash or a lost answer must not silence this log.
        self._due[log] = self.clock() + pause(tries, self.spread(), self.pace.first, self.pace.check)
        self._tries[log] = tries + 1
        ahead = [seq for epoch, seq in was.stash if epoch == was.head.epoch]
        have = was.head if was.head.epoch else None
        ask = wire.Ask(log, have, min(ahead) - 1 if ahead else None, nonce=token_hex(12))
        answer = await self.line.ask(holder, ask)
        await self.trusting.wait()
        if answer.busy:  # the next try goes to somebody else, soon
            self._due[log] = self.clock() + self.pace.first * (0.5 + self.spread())
            return False
        moved = self._note(await self.run(self._take_answer, log, holder, answer)) if answer.rows else False
        now = await self._settled(ask, holder, answer, was)
        self._plan(log, answer, now, moved=moved)
        return moved

    def _take_answer(self, log: str, holder: str, answer: wire.Answer) -> list[Step]:
        """On the domain thread. What lies behind unreadable bytes continues nothing, and there may be a lot of it."""
        events = []
        for body, proof in answer.rows:
            try:
                events.append(wire.event(body, proof, log))
            except wire.Unreadable as error:
                self.alarm(log, "UNREADABLE", f"{holder} answered: {error}")
                break
        return self.heard.take({log: events}, caught_up=False)

    async def _settled(self, ask: wire.Ask, holder: str, answer: wire.Answer, was: Reading) -> Reading:
        """Where the owner itself says that its log ends, and signs it for this very ask, that counts.

        Whoever carries the answers could else hand out an older one, and what came after it would not be missed.
        """
        told = answer.head
        if told and holder == parts_of(ask.log)[0] and self.trust.stands(ask.log, told, ask.nonce, answer.stand):
            return await self.run(self.heard.settle, ask.log, told, was)
        return await self.run(self.heard.reading, ask.log)

    def _plan(self, log: str, answer: wire.Answer, now: Reading, *, moved: bool) -> None:
        if log not in self._due:
            return
        told = answer.head or Head("", 0, b"")
        is_behind = told.seq > 0 and told[:2] > now.head[:2]
        if moved and (is_behind or now.stash):
            self._due[log] = self.clock()  # there is more
        elif not (is_behind or now.stash or now.trouble or answer.refused):
            self._tries.pop(log, None)
            self._due[log] = self.clock() + self.pace.check * (0.5 + self.spread())
