"""What a nats-server keeps, as far as committees can tell: streams with compare-and-set, durable consumers, and ways to
lose both.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sync.bus.streams import stream_of
from sync.contract.channels import parts_of

ACK_WAIT = 30.0
"""Seconds until what was delivered and not acknowledged is delivered again."""


class Message(NamedTuple):
    place: int
    log: str
    body: bytes
    proof: str


@dataclass
class Consumer:
    """One reader's place in one stream.

    Attributes:
        floor: Everything up to it was acknowledged.
        cursor: Everything up to it was delivered.
        again_at: When what lies between is delivered again.
    """

    filters: frozenset[str]
    floor: int = 0
    cursor: int = 0
    again_at: float = 0.0


@dataclass
class Stream:
    messages: list[Message] = field(default_factory=list)
    end: int = 0

    def last(self, log: str) -> Message | None:
        return next((each for each in reversed(self.messages) if each.log == log), None)


@dataclass(frozen=True)
class Store:
    """What lies on the hub's disk at one moment."""

    streams: dict[str, Stream]
    consumers: dict[tuple[str, str], Consumer]


class Hub:
    """`is_up`: it answers. `is_declared`: the controller has made its streams and consumers."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}
        self.consumers: dict[tuple[str, str], Consumer] = {}
        self.is_up = self.is_declared = True
        self._waiting: list[asyncio.Future[None]] = []

    # ── the controller ──

    def declare(self, readers: Mapping[str, tuple[str, ...]]) -> None:
        """Streams and consumers are as the directory (log → readers) wants them; what is there already stays."""
        wanted: dict[tuple[str, str], set[str]] = {}
        for log, each in readers.items():
            stream = stream_of(parts_of(log)[0])
            self.streams.setdefault(stream, Stream())
            for reader in each:
                wanted.setdefault((stream, reader), set()).add(log)
        for name, logs in wanted.items():
            self.consumers.setdefault(name, Consumer(frozenset(logs))).filters = frozenset(logs)
        for gone in [name for name in self.consumers if name not in wanted]:
            del self.consumers[gone]
        self.is_declared = True

    # ── messages ──

    def last(self, log: str) -> Message | None:
        return self.streams[stream_of(parts_of(log)[0])].last(log)

    def put(self, log: str, body: bytes, proof: str) -> int:
        stream = self.streams[stream_of(parts_of(log)[0])]
        stream.end += 1
        stream.messages.append(Message(stream.end, log, body, proof))
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(None)
        return stream.end

    def is_there(self, stream: str, reader: str) -> bool:
        return self.is_declared and (stream, reader) in self.consumers

    def deliver(self, stream: str, reader: str, count: int, now: float) -> list[Message]:
        """The next messages of a consumer; what was not acknowledged in time comes first, and again."""
        of = self.consumers[stream, reader]
        if of.cursor > of.floor and now >= of.again_at:
            of.cursor = of.floor
        messages = self.streams[stream].messages
        found: list[Message] = []
        for at in range(bisect_right(messages, of.cursor, key=_place), len(messages)):
            if messages[at].log in of.filters:
                found.append(messages[at])
                if len(found) == count:
                    break
        if found:
            of.cursor, of.again_at = found[-1].place, now + ACK_WAIT
        return found

    def acknowledge(self, stream: str, reader: str, place: int) -> None:
        """All up to this place; nothing where that was never delivered."""
        of = self.consumers.get((stream, reader))
        if of and place <= of.cursor:
            of.floor = max(of.floor, place)

    def news(self, until: asyncio.Future[None]) -> asyncio.Future[None]:
        """`until` is done early when a message comes."""
        self._waiting.append(until)
        return until

    # ── losing ──

    def store(self) -> Store:
        return Store(
            {name: Stream(list(each.messages), each.end) for name, each in self.streams.items()},
            {name: replace(each) for name, each in self.consumers.items()},
        )

    def restore(self, kept: Store) -> None:
        self.streams = {name: Stream(list(each.messages), each.end) for name, each in kept.streams.items()}
        self.consumers = {name: replace(each) for name, each in kept.consumers.items()}

    def lose_store(self) -> None:
        self.streams, self.consumers, self.is_declared = {}, {}, False

    def forget_consumer(self, stream: str, reader: str) -> None:
        """It was deleted and declared anew: all that is kept is delivered once more."""
        of = self.consumers.get((stream, reader))
        if of:
            of.floor = of.cursor = 0

    def skip(self, stream: str, reader: str) -> None:
        """It counts as delivered and acknowledged what never arrived."""
        of = self.consumers.get((stream, reader))
        if of:
            of.floor = of.cursor = self.streams[stream].end

    def drop(self, stream: str, place: int) -> None:
        messages = self.streams[stream].messages
        at = bisect_left(messages, place, key=_place)
        if at < len(messages) and messages[at].place == place:
            del messages[at]

    def alter(self, stream: str, at: int, body: bytes, proof: str) -> None:
        messages = self.streams[stream].messages
        messages[at] = messages[at]._replace(body=body, proof=proof)


def _place(message: Message) -> int:
    return message.place
