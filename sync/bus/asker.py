"""Puts questions to many committees over one connection and one inbox.

The asker never trusts where an answer comes from: NATS does not check who publishes to a reply subject, and every
committee asked has seen a reply subject of ours. So each question's reply subject ends in a name of its own that only
the committee asked has seen.
"""

import asyncio
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError

from sync.bus.credentials import MOST_PAYLOAD
from sync.bus.headers import Clean
from sync.bus.rpc import ACCEPTS, DEADLINE, ENCODING, GZIP, SQUEEZED_FROM, Headers, squeezed, unpacked
from sync.contract.errors import Code, Refusal

_HEADERS = 16 * 1024
"""Bytes that headers take at most of what the hub carries."""
_NAME = 24
"""Characters of a reply subject's own name."""


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
            said[ACCEPTS] = Clean.of(GZIP)
        found: dict[int, tuple[bytes, dict[str, str]]] = {}
        for _, _, body in asked:
            if id(body) not in found:
                large = len(body) > SQUEEZED_FROM
                found[id(body)] = (squeezed(body), said | {ENCODING: GZIP}) if large else (body, said)
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
                self._settle(name, Outcome.ANSWERED, unpacked(message))
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
