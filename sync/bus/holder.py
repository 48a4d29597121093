"""Answers asks for rows: of my own logs, and of others' that I follow and hold the signed bytes of."""

import time
from collections.abc import Callable

import msgspec

from sync import log as rules
from sync.bus import wire
from sync.bus.signing import signed
from sync.bus.stores import PAGE_BYTES, Alarm, Heard, Log, Own, Run
from sync.bus.trust import Trust
from sync.contract.channels import log_of, parts_of
from sync.log import Head

ASK_COSTS = 1_000
"""Bytes that an ask is counted for, besides those of its answer."""
_LONGEST_BUSY = 30.0
_LONGEST_NAME = 100
ALARM_SECONDS = 60.0
"""Between two alarms about the same asker."""


class Budget:
    """How many bytes of answers are given away in a minute: to each asker, and to all together.

    Whoever comes when it is spent is told to come later, and may ask a fellow reader meanwhile.
    """

    def __init__(
        self, each: int = 6_000_000, together: int = 30_000_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each, self._together, self._clock = each, together, clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, who: str) -> float:
        """Seconds until `who` may be answered; 0: now."""
        return max(self._until(who, self._each), self._until("", self._together))

    def spend(self, who: str, size: int) -> None:
        for name, per_minute in ((who, self._each), ("", self._together)):
            self._left[name] = (self._now(name, per_minute) - size, self._clock())

    def _now(self, name: str, per_minute: int) -> float:
        left, at = self._left.get(name, (float(per_minute), 0.0))
        return min(float(per_minute), left + (self._clock() - at) * per_minute / 60)

    def _until(self, name: str, per_minute: int) -> float:
        return max(0.0, -self._now(name, per_minute) * 60 / per_minute)


class Holder:
    """Gives rows to those whom the directory entitles to them, within a budget."""

    def __init__(
        self, own: Own, heard: Heard, trust: Trust, run: Run, witness: Callable[[str, Head], None],
        budget: Budget | None = None, alarm: Alarm | None = None, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """`witness` is told of a head that I signed and do not know; `alarm` of who asks for what it may not read."""
        self.own, self.heard, self.trust, self.run = own, heard, trust, run
        self.witness, self.budget, self.alarm, self.clock = witness, budget or Budget(), alarm, clock
        self._refused: dict[str, tuple[int, float]] = {}

    async def answer(self, who: str, ask: wire.Ask) -> wire.Answer:
        """`who` asks, as the hub vouches. A `sync.bus.ports.AnswerAsk`."""
        if not self.trust.may_read(who, ask.log):
            await self._refuse(who, ask.log)
            return wire.Answer(refused="NOT_A_READER")
        if wait := self.budget.wait(who):
            return wire.Answer(busy=min(wait, _LONGEST_BUSY))
        found, forked = await self.run(self._look_up, ask)
        if forked:
            self.witness(ask.log, forked)
        self.budget.spend(who, ASK_COSTS + sum(len(body) for body, _ in found.rows))
        return found

    async def _refuse(self, who: str, log: str) -> None:
        """People are told, at most once a minute for each asker, under a log of the asker's: `log` is its own text."""
        times, told_at = self._refused.get(who, (0, self.clock() - ALARM_SECONDS))
        is_due = self.clock() - told_at >= ALARM_SECONDS
        self._refused[who] = (0, self.clock()) if is_due else (times + 1, told_at)
        if self.alarm and is_due:
            what = f"asked for rows of {log[:_LONGEST_NAME]!r}, which it may not read; {times} more before this"
            await self.run(self.alarm, log_of(who, "o"), "NOT_A_READER", what)

    def _look_up(self, ask: wire.Ask) -> tuple[wire.Answer, Head | None]:
        """The answer, and the head that shows that my database is a backup. On the domain thread."""
        owner, channel = parts_of(ask.log)
        if owner != self.trust.me:
            with self.heard.view(ask.log) as held:
                return self._offer(ask, held, is_owner=False) if held else (wire.Answer(refused="NOT_A_HOLDER"), None)
        with self.own.view(ask.log) as mine:
            if mine.head.seq or not ask.have:
                return self._offer(ask, mine, is_owner=True)
        # The asker follows a log of mine that my database has never heard of.
        self.own.open(channel)
        with self.own.view(ask.log) as mine:
            return self._offer(ask, mine, is_owner=True)

    def _offer(self, ask: wire.Ask, held: Log, *, is_owner: bool) -> tuple[wire.Answer, Head | None]:
        head = held.head._replace(proof=self.trust.sign(ask.log, held.head)) if is_owner else held.head
        said = rules.answer(ask.log, head, held.chain_at, ask.have, self.trust.verify, is_owner=is_owner)
        stand = wire.Answer(head=head, stand=self.trust.sign_stand(ask.log, head, ask.nonce) if is_owner else "")
        if isinstance(said, rules.Fork):
            return stand, said.seen
        if said.after is None or said.after >= head.seq or not ask.room:
            return stand, None
        upto = ask.upto if ask.upto and ask.upto > said.after else None
        page = held.page(said.after, upto, min(ask.room, PAGE_BYTES))
        if is_owner:
            signed(self.trust, ask.log, page)
        return msgspec.structs.replace(stand, rows=[(each.body, each.proof) for each in page]), None
