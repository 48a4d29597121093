"""Reader → owner: signed receipts for what was applied, and what the owner makes of them.

Nothing waits for a receipt: it is for people, who want to know that what they shared has arrived. But it shows the
owner's own signed head, so it also finds a restored owner whom nobody asks for rows.
"""

import asyncio
import datetime as dt
import random
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sync import log as rules
from sync.bus import receipts, wire
from sync.bus.holder import Budget
from sync.bus.ports import Telling, Unreachable
from sync.bus.stores import Applied, Own, Receipts, Run
from sync.bus.subscriber import Pace
from sync.bus.trust import Trust
from sync.contract.channels import parts_of
from sync.log import Head, Place

MOST_BYTES = 256 * 1024
"""Of one receipt."""
RECEIPT_COSTS = 1_000
"""Bytes that a receipt is counted for, besides its own."""
_LONGEST_BUSY = 30.0
_AT_ONCE = 8
_NOT_KEPT = 10
"""So many times less often is told what an owner did not keep: its log does not stand where I do."""


def receipt_budget(clock: Callable[[], float] = time.monotonic) -> Budget:
    """Its own, so that receipts never keep anybody from getting rows."""
    return Budget(each=400_000, together=12_000_000, clock=clock)


# ── the owner's side ──


class Confirmer:
    """Keeps how far readers say that they have come, where it is true."""

    def __init__(
        self, own: Own, kept: Receipts, trust: Trust, run: Run, witness: Callable[[str, Head], None],
        budget: Budget | None = None,
    ) -> None:  # fmt: skip
        """`witness` is told of a head that I signed and do not know."""
        self.own, self.kept, self.trust, self.run = own, kept, trust, run
        self.witness, self.budget = witness, budget or receipt_budget()

    async def confirm(self, who: str, receipt: wire.Receipt) -> wire.Confirmed:
        """`who` tells, as the hub vouches. A `sync.bus.ports.ConfirmReceipt`."""
        if wait := self.budget.wait(who):
            return wire.Confirmed(busy=min(wait, _LONGEST_BUSY))
        self.budget.spend(who, RECEIPT_COSTS + len(receipt.signed))
        if len(receipt.signed) > MOST_BYTES:
            return wire.Confirmed(refused="NOT_SIGNED")
        try:
            kept, forked = await self.run(self._take, who, receipt.signed)
        except receipts.Untrustworthy:
            return wire.Confirmed(refused="NOT_SIGNED")
        for log, head in forked.items():
            self.witness(log, head)
        return wire.Confirmed(kept=sorted(kept))

    def _take(self, who: str, text: str) -> tuple[Mapping[str, Head], Mapping[str, Head]]:
        """What is true of this receipt and kept, and what shows that my database is a backup. On the domain thread."""
        told = receipts.opened(text, who, self.trust.me, self.trust.directory)
        mine = {log: head for log, head in told.items() if self._is_reader(who, log)}
        placed = {log: self._place(log, head) for log, head in mine.items()}
        kept = {log: mine[log] for log, where in placed.items() if where is Place.ON_LOG}
        beyond = {log: mine[log] for log, where in placed.items() if where is Place.BEYOND}
        if kept:
            self.kept.keep(who, kept, text)
        return kept, {log: head for log, head in beyond.items() if self.trust.verify(log, head)}

    def _is_reader(self, who: str, log: str) -> bool:
        owner, _ = parts_of(log)
        return owner == self.trust.me != who and self.trust.may_read(who, log)

    def _place(self, log: str, theirs: Head) -> Place:
        with self.own.view(log) as mine:
            where = rules.place(mine.head, mine.chain_at, theirs)
            known = mine.head.seq > 0
        if where is Place.BEYOND and not known and self.trust.verify(log, theirs):
            self.own.open(parts_of(log)[1])  # my database has never heard of this log, and its next life shall
        return where


# ── the reader's side ──


class _Told(NamedTuple):
    """What an owner was told of a log, and when it is told again though nothing moved."""

    head: tuple[str, int, bytes]
    again_at: float


class Reporter:
    """Tells each owner how far its logs were applied, over one connection. What was confirmed is memory only."""

    def __init__(
        self, applied: Applied, line: Telling, trust: Trust, run: Run, *, pace: Pace | None = None,
        now: Callable[[], dt.datetime], clock: Callable[[], float] = time.monotonic,
        spread: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        """`now`: the moment that a receipt says."""
        self.applied, self.line, self.trust, self.run = applied, line, trust, run
        self.pace, self.now, self.clock, self.spread = pace or Pace(), now, clock, spread
        self._told: dict[str, _Told] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def report_on(self) -> None:
        """For ever. The first receipts are spread, so that a restart of all is no storm."""
        await asyncio.sleep(self.pace.receipt * self.spread())
        while True:
            await self.report()
            await asyncio.sleep(self.pace.receipt * (0.75 + 0.5 * self.spread()))

    async def report(self) -> int:
        """Each owner knows how far I am, as far as it can be reached; returns how many logs were confirmed."""
        due = await self.run(self._due)
        return sum(await asyncio.gather(*(self._tell(owner, *each) for owner, each in due.items())))

    def _due(self) -> dict[str, tuple[dict[str, Head], wire.Receipt]]:
        """Owner → the heads it is to be told, and the receipt. On the domain thread."""
        heads, now = self.applied.heads(), self.clock()
        self._told = {log: told for log, told in self._told.items() if log in heads}
        owners = dict[str, dict[str, Head]]()
        for log, head in heads.items():
            told = self._told.get(log)
            due = owners.setdefault(parts_of(log)[0], {})
            if len(due) < receipts.MOST_LOGS and (told is None or told.head != head[:3] or told.again_at <= now):
                due[log] = head
        return {owner: (of_it, self._receipt(owner, of_it)) for owner, of_it in owners.items() if of_it}

    def _receipt(self, owner: str, heads: dict[str, Head]) -> wire.Receipt:
        at = int(self.now().timestamp())
        return wire.Receipt(receipts.signed(self.trust.me, owner, heads, at, self.trust.event))

    async def _tell(self, owner: str, heads: Mapping[str, Head], receipt: wire.Receipt) -> int:
        async with self._gate:
            try:
                said = await self.line.tell(owner, receipt)
            except Unreachable:
                return 0  # its next chance is the next round
        if said.busy:
            return 0
        for log, head in heads.items():
            wait = self.pace.remind if log in said.kept else min(self.pace.remind, _NOT_KEPT * self.pace.receipt)
            self._told[log] = _Told(head[:3], self.clock() + wait * (0.75 + 0.25 * self.spread()))
        return len(heads.keys() & set(said.kept))
