"""Questions to committees and their answers, over one connection and one inbox.

The asker never trusts where an answer comes from: NATS does not check who publishes to a reply subject, and every
committee asked has seen a reply subject of ours. So each question's reply subject ends in a name of its own that only
the committee asked has seen.
"""

import asyncio
import logging
import os
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError

from sync.bus.credentials import MOST_PAYLOAD
from sync.bus.ending import ended
from sync.bus.headers import Clean
from sync.contract.errors import Code, Refusal

log = logging.getLogger(__name__)

DEADLINE = "Deadline-Ms"
"""Header: how long the asker will wait, in milliseconds from now; clocks of two committees are never compared."""
TOKEN = "Token"  # noqa: S105 — the name of a header
"""Header: the user's token, see `sync.contract.trust.tokens`."""
PROOF = "Proof"
"""Header: the gateway's proof, see `sync.contract.trust.proofs`."""
TRACE = "Traceparent"
"""Header: W3C trace context."""
OVER_HTTP = {TOKEN: "Liandong-Token", PROOF: "Liandong-Proof", DEADLINE: "Liandong-Deadline-Ms", TRACE: "Traceparent"}
"""The same headers where a gateway asks its own home committee over HTTP, at `/rpc/<verb>`."""
CHANGES = "changes"
"""The verb of questions that wait until something has changed; they hold nothing but their own place."""
_ACCEPTS, _ENCODING, _GZIP = "Accept-Encoding", "Content-Encoding", "gzip"
_SQUEEZED_FROM = 8 * 1024
_LARGEST = 16 * 1024 * 1024
_HEADERS = 16 * 1024
_LONGEST_WAIT = 60.0
_NAME = 24

Headers = Mapping[str, str]


def _squeezed(body: bytes) -> bytes:
    return zlib.compress(body, level=1, wbits=31)


def _unpacked(message: Msg) -> bytes:
    """The body as it was before it travelled. Raises: zlib.error, ValueError (over 16 MiB)."""
    if not message.headers or message.headers.get(_ENCODING) != _GZIP:
        return message.data
    reading = zlib.decompressobj(wbits=31)
    body = reading.decompress(message.data, _LARGEST)
    if not reading.eof:
        raise ValueError("too large, or cut off")
    return body


# ── asking ──


class Outcome(StrEnum):
    """ANSWERED: there is a body. TIMEOUT: nothing came in time. UNREACHABLE: nobody serves there, or our own line is
    cut. UNREADABLE: what came cannot be unpacked.
    """

    ANSWERED = "ANSWERED"
    TIMEOUT = "TIMEOUT"
    UNREACHABLE = "UNREACHABLE"
    UNREADABLE = "UNREADABLE"


@dataclass(slots=True)
class Reply:
    """What came of one question. `body` is what the committee sent, unchecked; `seconds` until it came."""

    outcome: Outcome = Outcome.TIMEOUT
    body: bytes = b""
    seconds: float = 0.0


class Asks(Protocol):
    """What an `Asker` does."""

    async def ask(
        self, questions: Iterable[tuple[str, str, bytes]], headers: Headers, deadline: float,
        told: Callable[[str, Reply], None] | None = None, own: Mapping[str, Headers] | None = None,
    ) -> dict[str, Reply]: ...  # fmt: skip


@dataclass(slots=True)
class _Call:
    """Questions asked together: they wait for one moment, not each for its own."""

    done: asyncio.Future[None]
    asked_at: float
    open: int
    told: Callable[[str, Reply], None] | None
    replies: dict[str, Reply]
    """At first that nobody has answered."""

    def finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


class Asker:
    """Asks many committees at once. One per connection is enough for any number of callers."""

    def __init__(self, connection: Client, *, accepts_gzip: bool = True) -> None:
        self._connection, self._accepts_gzip = connection, accepts_gzip
        self._inbox = connection.new_inbox()
        self._waiting: dict[str, tuple[_Call, str]] = {}
        self._subscription: Subscription | None = None

    async def open(self) -> "Asker":
        self._subscription = await self._connection.subscribe(f"{self._inbox}.*", cb=self._arrived)
        return self

    async def close(self) -> None:
        """Nobody waits any more: open questions end as they stand."""
        for call, _ in list(self._waiting.values()):
            call.finish()
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()

    async def ask(
        self, questions: Iterable[tuple[str, str, bytes]], headers: Headers, deadline: float,
        told: Callable[[str, Reply], None] | None = None, own: Mapping[str, Headers] | None = None,
    ) -> dict[str, Reply]:  # fmt: skip
        """Every committee's reply, in the order asked, when all have come or `deadline` seconds have passed.

        Args:
            questions: (committee, verb, body); each committee once. The verb is what follows in `rpc.<committee>.…`.
            headers: The same for all: TOKEN, PROOF.
            told: Called with each reply that comes, as it comes; never for one that does not.
            own: Committee → headers of its question alone: TRACE.

        Raises:
            Refusal: TOO_LARGE, a body is over what the hub carries; nothing was asked.
        """
        asked = list(questions)
        packed = self._packed(asked, headers, deadline)
        loop = asyncio.get_running_loop()
        silent = dict.fromkeys([committee for committee, _, _ in asked], Reply(seconds=deadline))
        call = _Call(loop.create_future(), loop.time(), len(asked), told, silent)
        drawn = os.urandom(len(asked) * _NAME // 2).hex()
        names = [drawn[at : at + _NAME] for at in range(0, len(drawn), _NAME)]
        timer = loop.call_later(deadline, call.finish)
        try:
            for (committee, verb, body), name in zip(asked, names, strict=True):
                self._waiting[name] = call, committee
                packed_body, common = packed[id(body)]
                mine = {which: Clean.of(value) for which, value in own.get(committee, {}).items()} if own else {}
                await self._publish(name, f"rpc.{committee}.{verb}", packed_body, common | mine)
            if asked:
                await call.done
            return call.replies
        finally:
            timer.cancel()
            for name in names:
                self._waiting.pop(name, None)

    def _packed(
        self, asked: list[tuple[str, str, bytes]], headers: Headers, deadline: float
    ) -> dict[int, tuple[bytes, dict[str, str]]]:
        """Body and headers as they travel, by the body's identity: what is asked of many is packed once."""
        said: dict[str, str] = {name: Clean.of(value) for name, value in headers.items()}
        said[DEADLINE] = Clean.of(str(int(deadline * 1000)))
        if self._accepts_gzip:
            said[_ACCEPTS] = Clean.of(_GZIP)
        found: dict[int, tuple[bytes, dict[str, str]]] = {}
        for _, _, body in asked:
            if id(body) not in found:
                large = len(body) > _SQUEEZED_FROM
                found[id(body)] = (_squeezed(body), said | {_ENCODING: _GZIP}) if large else (body, said)
                if len(found[id(body)][0]) > MOST_PAYLOAD - _HEADERS:
                    raise Refusal(Code.TOO_LARGE, most=MOST_PAYLOAD - _HEADERS)
        return found

    async def _publish(self, name: str, subject: str, body: bytes, headers: dict[str, str]) -> None:
        try:
            if not self._connection.is_connected:  # nats-py could keep it, and ask when nobody waits any more
                raise ConnectionClosedError
            await self._connection.publish(subject, body, reply=f"{self._inbox}.{name}", headers=headers)
        except NatsError:
            self._settle(name, Outcome.UNREACHABLE)

    async def _arrived(self, message: Msg) -> None:
        name = message.subject[-_NAME:]
        if message.headers is None:
            self._settle(name, Outcome.ANSWERED, message.data)
        elif message.headers.get("Status") == "503":
            self._settle(name, Outcome.UNREACHABLE)
        elif name in self._waiting:
            try:
                self._settle(name, Outcome.ANSWERED, _unpacked(message))
            except (zlib.error, ValueError):
                self._settle(name, Outcome.UNREADABLE)

    def _settle(self, name: str, outcome: Outcome, body: bytes = b"") -> None:
        waiting = self._waiting.pop(name, None)
        if waiting is None:
            return  # too late, twice, or nobody asked
        call, committee = waiting
        reply = call.replies[committee] = Reply(outcome, body, asyncio.get_running_loop().time() - call.asked_at)
        if call.told:
            call.told(committee, reply)
        call.open -= 1
        if call.open == 0:
            call.finish()


# ── answering ──


@dataclass(frozen=True, slots=True)
class Question:
    """One question to this committee. Nothing in it is checked yet.

    Attributes:
        verb: What follows in `rpc.<committee>.…`: graphql, token, changes, values …
        until: Moment of `time.monotonic()` after which nobody waits for the answer.
        is_direct: It came over HTTP, where no hub has looked at who may ask.
    """

    verb: str
    body: bytes
    headers: Headers
    until: float
    is_direct: bool = False

    def is_awaited(self) -> bool:
        return time.monotonic() < self.until


Answering = Callable[[Question], Awaitable[bytes | None]]
"""The answer's bytes, or None: nobody waits for one any more. Whatever it raises is answered with an empty body."""


_Tasks = set[asyncio.Task[None]]


class Answerer:
    """Answers one committee's questions, each in a task of its own.

    Several processes of one committee share the questions.
    """

    def __init__(
        self, connection: Client, committee: str, answering: Answering, too_large: bytes, *, most_at_once: int = 500,
        most_waiting: int = 5_000,
    ) -> None:  # fmt: skip
        """`too_large` is answered where an answer is over what the hub carries. `most_waiting`: questions that wait
        for a change; they take no places of the others.
        """
        self._connection, self._answering, self._too_large = connection, answering, too_large
        self._prefix, self._most = f"rpc.{committee}.", most_at_once
        self._tasks, self._waiting, self._most_waiting = _Tasks(), _Tasks(), most_waiting
        self._subscription: Subscription | None = None

    async def open(self) -> "Answerer":
        self._subscription = await self._connection.subscribe(f"{self._prefix}>", queue="service", cb=self._arrived)
        return self

    async def close(self) -> None:
        """Takes no more questions; those under way are left unanswered."""
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()
        await ended([*self._tasks, *self._waiting])

    async def _arrived(self, message: Msg) -> None:
        """Starts the work and returns: nats-py delivers the next message only then, and the deadline runs from now."""
        if not message.reply:
            return
        waits = message.subject[len(self._prefix) :] == CHANGES
        tasks, most = (self._waiting, self._most_waiting) if waits else (self._tasks, self._most)
        if len(tasks) >= most:
            log.warning("%s questions are under way; one more is left unanswered", most)
            return
        told = (message.headers or {}).get(DEADLINE, "")
        wait = min(int(told) / 1000, _LONGEST_WAIT) if told.isdecimal() and len(told) < _NAME else 10.0
        task = asyncio.create_task(self._respond(message, time.monotonic() + wait))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _respond(self, message: Msg, until: float) -> None:
        try:
            asked = _unpacked(message)
        except (zlib.error, ValueError):
            return  # it asks nothing that could be read; no answer could help it
        headers = message.headers or {}
        question = Question(message.subject[len(self._prefix) :], asked, headers, until)
        try:
            body = await self._answering(question)
        except Exception:
            log.exception("a question broke its answer")
            body = b""
        if body is not None and question.is_awaited():
            await self._send(message.reply, body, accepts_gzip=_GZIP in headers.get(_ACCEPTS, ""))

    async def _send(self, to: str, body: bytes, *, accepts_gzip: bool) -> None:
        headers = None
        if accepts_gzip and len(body) > _SQUEEZED_FROM:
            body, headers = _squeezed(body), {_ENCODING: _GZIP}
        if len(body) > MOST_PAYLOAD - 1024:  # the hub counts the header as well
            body, headers = self._too_large, None
        try:
            # Msg.respond would send the question's own headers back, token and proof included.
            await self._connection.publish(to, body, headers=headers)
        except NatsError as error:
            log.debug("an answer found no way back: %r", error)
