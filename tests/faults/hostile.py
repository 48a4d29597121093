"""A member with good credentials, keys that the directory shows, and bad intentions. It runs no service of its own.

Whatever reaches it is written to `heard.bin`, where the checker looks for what was never shared with it.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection, wire
from sync.bus.line import Line
from sync.bus.ports import Absent, Delivered, Unreachable
from sync.bus.streams import question_of, stream_of, subject_of
from sync.contract import envelope
from sync.contract.channels import log_of
from sync.log import Event, Head, genesis
from tests.faults.parties import CITY, COUNTY, HOSTILE, JOINER, PARTNER, PROVINCE, Registry
from tests.sync.hubs import said

STREAM = stream_of(HOSTILE)
NEXT, ACK, HEAD = "$JS.API.CONSUMER.MSG.NEXT", "$JS.ACK", "$JS.API.DIRECT.GET"
REPLIES = [
    f"$JS.API.STREAM.DELETE.{STREAM}", f"$JS.API.STREAM.PURGE.{STREAM}", f"$JS.API.CONSUMER.DELETE.{STREAM}.{CITY}",
    f"{ACK}.{STREAM}.{CITY}.1.3.3.1.0", f"{NEXT}.{STREAM}.{CITY}", subject_of(f"{COUNTY}/c"), question_of(COUNTY, CITY),
    "$SYS.REQ.CLAIMS.UPDATE",
]  # fmt: skip
"""Named as the reply subject of whatever it may legally ask."""


class Hostile:
    """`done` counts what it managed to do, by attack."""

    def __init__(self, client: Client, registry: Registry, heard: Path, draw: random.Random) -> None:
        self.client, self.line = client, Line(client, HOSTILE, wait=2.0)
        self.key, self.draw = registry.event[HOSTILE][-1], draw
        self.sign = wire.signer(self.key)
        self.done = Counter[str]()
        self._heard = heard

    def hear(self, data: bytes) -> None:
        with self._heard.open("ab") as file:
            file.write(data + b"\n")

    async def attack(self) -> None:
        """Everything, in a drawn order; what the hub or its line refuses is not repeated."""
        attacks: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self.listen_and_replay, self.disorder, self.claim_what_is_not_mine, self.flood, self.leave_batches_open,
            self.abuse_replies, self.ask_what_is_not_mine, self.lie_as_a_holder,
        ]  # fmt: skip
        self.draw.shuffle(attacks)
        for each in attacks:
            try:
                await each()
            except (NatsError, Unreachable, TimeoutError):
                self.done[f"{each.__name__} was cut off"] += 1

    async def _say(self, log: str, event: Event, *, proof: str | None = None) -> None:
        """On its own subject, without regard for what lies there."""
        shown = self.sign(log, event.head()) if proof is None else proof
        await self.client.publish(subject_of(log), event.body, headers={"Proof": shown})

    def _mine(self, count: int, channel: str = "o") -> tuple[str, list[Event]]:
        log, epoch = log_of(HOSTILE, channel), f"{self.draw.randint(1, 9):06d}-{self.draw.getrandbits(64):016x}"
        return log, said(log, count, Head(epoch, 0, genesis(log, epoch)))

    async def listen_and_replay(self) -> None:
        """What others told it is put on its own log and, against the hub's rules, on theirs."""
        page = list[Delivered]()
        for stream in (STREAM, stream_of(PARTNER)):
            try:
                page += (await self.line.source(stream, HOSTILE).fetch(200, 1.0))[0]
            except Absent:
                continue
        for each in page[:60]:
            self.hear(each.body)
            headers = {"Proof": each.proof} if each.proof else None
            await self.client.publish(subject_of(f"{HOSTILE}/o"), each.body, headers=headers)
            await self.client.publish(subject_of(each.log), each.body, headers=headers)
            self.done["replayed"] += 1

    async def disorder(self) -> None:
        """Its own log backwards, with a byte changed, with two truths at one place."""
        log, events = self._mine(6)
        for each in reversed(events):
            await self._say(log, each)
        altered = events[2].body.replace(b'"n":2', b'"n":9')
        await self._say(log, events[2]._replace(body=altered), proof=self.sign(log, events[2].head()))
        _, others = self._mine(3)
        forked = [each._replace(epoch=events[0].epoch) for each in others]
        for each in forked:
            await self._say(log, each)
        self.done["disordered"] += len(events) + 1 + len(forked)

    async def claim_what_is_not_mine(self) -> None:
        """It speaks for records of others, in an order and with signatures that are faultless."""
        for channel in ("o", "c", f"x_{COUNTY}"):
            log = log_of(HOSTILE, channel)
            head = Head(epoch := f"000012-{self.draw.getrandbits(64):016x}", 0, genesis(log, epoch))
            claims: list[tuple[envelope.Op, str]] = [
                ("complete", ""), ("put", _record_of(COUNTY)), ("delete", _record_of(JOINER)),
            ]  # fmt: skip
            for op, subject in claims:
                told = envelope.Envelope(
                    id=os.urandom(8).hex(), source=f"urn:liandong:{HOSTILE}", type="cn.liandong.value.changed",
                    subject=subject, dataschema="value/1", channel=channel, epoch=epoch, seq=head.seq + 1,
                    prev=head.chain.hex(), version=99, op=op, data={"id": subject} if op == "put" else None,
                )  # fmt: skip
                event = Event(epoch, head.seq + 1, head.chain, envelope.encode(told))
                await self._say(log, event)
                head = event.head()
                self.done["claimed"] += 1

    async def flood(self) -> None:
        log, events = self._mine(500)
        for each in events:
            await self.client.publish(subject_of(log), each.body)
        self.done["flooded"] += len(events)

    async def leave_batches_open(self) -> None:
        for _ in range(60):
            start = {"Nats-Batch-Id": os.urandom(8).hex(), "Nats-Batch-Sequence": "1"}
            await self.client.publish(subject_of(f"{HOSTILE}/c"), b"x", headers=start)
            self.done["batches"] += 1

    async def abuse_replies(self) -> None:
        for reply in REPLIES:
            await self.client.publish(subject_of(f"{HOSTILE}/c"), b"x", reply=reply)
            await self.client.publish(f"{NEXT}.{STREAM}.{HOSTILE}", b'{"batch":10,"expires":300000000}', reply=reply)
            await self.client.publish(f"{HEAD}.{STREAM}.{subject_of(f'{HOSTILE}/c')}", b"", reply=reply)
            await self.client.publish(question_of(CITY, HOSTILE), wire.pack(wire.Ask(f"{COUNTY}/c")), reply=reply)
            self.done["replies"] += 4
        await self.client.flush()

    async def ask_what_is_not_mine(self) -> None:
        """Rows of logs that it may not read, of everybody whom it may ask at all."""
        for holder in (CITY, COUNTY, PROVINCE, JOINER):
            for log in (f"{COUNTY}/c", f"{COUNTY}/x_{PARTNER}", f"{CITY}/c", f"{JOINER}/p"):
                try:
                    answer = await self.line.ask(holder, wire.Ask(log))
                except Unreachable:
                    continue
                for body, _ in answer.rows:
                    self.hear(body)
                self.done["asked"] += 1

    async def lie_as_a_holder(self) -> None:
        """Fellow readers who ask it for rows get altered ones, others' signatures beside them, for some seconds."""

        async def answer(_asker: str, ask: wire.Ask) -> wire.Answer:
            self.done["lied"] += 1
            have = ask.have or Head("000001-00000000", 0, genesis(ask.log, "000001-00000000"))
            rows = said(ask.log, 3, have)
            head = rows[-1].head()
            return wire.Answer(
                head=head._replace(proof=self.sign(ask.log, head)), rows=[(each.body, have.proof) for each in rows]
            )

        await self.line.serve(answer)


def _record_of(owner: str) -> str:
    return f"{owner}.value.{os.urandom(16).hex()}"


@asynccontextmanager
async def hostile(
    url: str, creds: Path, registry: Registry, heard: Path, draw: random.Random
) -> AsyncIterator[Hostile]:
    """On a line of its own, and gone afterwards."""
    client = await connection.connect(url, creds, HOSTILE, wait=0.1)
    attacker = Hostile(client, registry, heard, draw)
    try:
        yield attacker
    finally:
        await attacker.line.close()
        await connection.close(client)
