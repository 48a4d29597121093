"""A member of the federation that means harm: it has credentials, a key, a log and readers' rights of its own.

It publishes on its own subject whatever it likes, validly signed or not, answers asks with lies, and asks everybody for
everything. The hub vouches who it is, so it can pretend to be nobody else.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sync.bus import wire
from sync.contract.channels import parts_of
from sync.contract.envelope import Envelope, Op, encode
from sync.log import Event, Head, genesis, statement
from tests.simulator.seals import proof_of

if TYPE_CHECKING:
    from tests.simulator.world import World

BETWEEN = 4.0
"""Seconds between two of its acts, on average."""


class Hostile:
    def __init__(self, world: "World", name: str, log: str) -> None:
        self.world, self.random, self.name, self.log = world, world.random, name, log
        self._rows: list[tuple[bytes, str]] = []
        self._heads: list[Head] = [Head("000009-00", 3, b"\1" * 32, "1:forged")]
        self._mine = Head("000001-bad0", 0, genesis(log, "000001-bad0"))
        self._tasks: dict[asyncio.Task[wire.Answer], None] = {}

    async def rage(self) -> None:
        while not self.world.is_quiet:
            await self.world.loop.elapse(self.random.expovariate(1 / BETWEEN))
            if self.random.random() < 0.5:
                self._publish()
            else:
                await self._pry()

    # ── its own subject ──

    def _publish(self) -> None:
        """Anything at all, after whatever lies there."""
        hub = self.world.hub
        if hub.is_up and hub.is_declared:
            body, proof = self.random.choice([self._next, self._garbage, self._replayed, self._forked])()
            hub.put(self.log, body, proof)
            self.world.count("hostile messages")

    def _next(self) -> tuple[bytes, str]:
        """Validly signed, in order, and about somebody else's record."""
        made = self._event(self._mine)
        self._mine = made.head()
        return made.body, made.proof

    def _forked(self) -> tuple[bytes, str]:
        """Validly signed, and not what it said before; or of an epoch as high as there is."""
        epoch = self.random.choice([self._mine.epoch, "999998-ffff"])
        made = self._event(Head(epoch, max(self._mine.seq - 1, 0), genesis(self.log, epoch)))
        return made.body, made.proof

    def _garbage(self) -> tuple[bytes, str]:
        return self.random.choice([b"", b"{}", b"\xff" * 40, b'{"seq":-1}']), self.random.choice(["", "1:x"])

    def _replayed(self) -> tuple[bytes, str]:
        return self.random.choice(self._rows) if self._rows else self._garbage()

    def _event(self, after: Head) -> Event:
        op: Op = self.random.choice(["put", "delete", "retract", "complete"])
        victim = f"{self.random.choice(self.world.owners)}.value.{self.random.randrange(8):032x}"
        owner, channel = parts_of(self.log)
        body = encode(
            Envelope(
                id="x", source=f"urn:liandong:{owner}", type="cn.liandong.value.changed", subject=victim,
                dataschema="value/1", channel=channel, epoch=after.epoch, seq=after.seq + 1, prev=after.chain.hex(),
                version=99, op=op, data={"watermark": 666} if op == "put" else None,
            )
        )  # fmt: skip
        event = Event(after.epoch, after.seq + 1, after.chain, body)
        return event._replace(proof=proof_of(self.name, 1, statement(self.log, event.head())))

    # ── asking ──

    async def _pry(self) -> None:
        """Asks somebody about any log, its own right or not, and shows heads that it has seen or made up."""
        log = self.random.choice(list(self.world.rights.readers))
        holder = self.random.choice(list(self.world.nodes))
        have = self.random.choice([None, *self._heads[-5:]])
        may = self.world.nodes[holder].trust.may_read(self.name, log)
        answering = self.world.serve(holder, self.name, wire.Ask(log, have))
        if answering is None:
            return
        await asyncio.wait({answering}, timeout=5)
        if not answering.done() or answering.cancelled():
            return
        answer = answering.result()
        if (answer.rows or answer.head) and not may:
            self.world.checker.problem(f"{holder} gave {self.name} something of {log}")
        self._rows = [*self._rows, *answer.rows][-50:]
        self._heads += [answer.head] if answer.head else []

    # ── answering ──

    def serve(self, _who: str, ask: wire.Ask) -> asyncio.Task[wire.Answer]:
        task = self.world.loop.create_task(self._lie(ask))
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return task

    async def _lie(self, ask: wire.Ask) -> wire.Answer:
        self.world.count("lies")
        lies: list[Callable[[wire.Ask], wire.Answer]] = [
            self._old, self._unsigned, self._altered, self._boast, self._invented, self._put_off
        ]  # fmt: skip
        return self.random.choice(lies)(ask)

    def _old(self, _ask: wire.Ask) -> wire.Answer:
        return wire.Answer(head=self.random.choice(self._heads), rows=self._rows[-7:])

    def _unsigned(self, _ask: wire.Ask) -> wire.Answer:
        return wire.Answer(head=self._heads[-1], rows=[(body, "") for body, _ in self._rows])

    def _altered(self, _ask: wire.Ask) -> wire.Answer:
        return wire.Answer(
            rows=[(body.replace(b'"watermark":', b'"watermark":6'), proof) for body, proof in self._rows]
        )

    def _boast(self, ask: wire.Ask) -> wire.Answer:
        have = ask.have or self._heads[0]
        return wire.Answer(head=have._replace(seq=have.seq + 1_000, chain=b"\2" * 32))

    def _invented(self, _ask: wire.Ask) -> wire.Answer:
        made = self._event(self._mine)
        return wire.Answer(head=made.head(), rows=[(made.body, made.proof), (b"\0", "1:x")])

    def _put_off(self, _ask: wire.Ask) -> wire.Answer:
        return self.random.choice([wire.Answer(busy=1e9), wire.Answer(refused="NOT_A_HOLDER"), wire.Answer()])
