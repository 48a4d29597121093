"""One durable pull consumer, read page by page."""

import asyncio
import time
from dataclasses import dataclass

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from sync.bus.ports import Absent, Delivered, Unreachable
from sync.bus.streams import log_at

_QUIET = 0.2
"""Seconds: so long after a message the next one is not waited for, though the hub said that there is one."""
_SHORTEST_PULL = 5.0
_GONE = ("503", "409 Consumer Deleted")


@dataclass(frozen=True)
class Receipt:
    """Reply subject of the last message of a page: acknowledged there, it and all before it are."""

    reply: str


class PullSource:
    """Reads a consumer of this committee's own. Asks the hub for a page at a time and for no more until that has come.

    A parked request does not survive a restart of the hub, and nothing says so: each lives a few seconds, and after a
    reconnect or any error a new one is made.
    """

    def __init__(self, connection: Client, stream: str, consumer: str) -> None:
        self._connection, self._name = connection, f"{stream}/{consumer}"
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._subscription: Subscription | None = None
        self._arrived = asyncio.Event()
        self._messages: list[Msg] = []
        self._open = 0  # messages the hub may still send for the request it holds
        self._open_until = 0.0
        self._reconnects = 0
        self._refused = ""
        self._last: Msg | None = None

    @property
    def pending(self) -> int | None:
        """Messages the hub held for this consumer when the last one came; None: none has come yet."""
        return _number(self._last.reply, -1) if self._last else None

    async def fetch(self, count: int, wait: float) -> tuple[list[Delivered], Receipt | None]:
        """Up to `count` messages as soon as some are there, or none after `wait` seconds.

        Raises:
            Absent: there is no such consumer.
            Unreachable.
        """
        end = time.monotonic() + wait
        try:
            await self._bind()
            while not self._is_enough(count):
                await self._request(count, max(wait, _SHORTEST_PULL))
                if not await self._something(min(end, time.monotonic() + _QUIET) if self._messages else end):
                    break
                await self._check()
        except NatsError as error:
            await self._unbind()
            raise Unreachable(f"{self._name}: {error!r}") from None
        page, self._messages = self._messages[:count], self._messages[count:]
        return [_delivered(each) for each in page], _receipt(page)

    def _is_enough(self, count: int) -> bool:
        return bool(self._messages) and (len(self._messages) >= count or self._open <= 0 or self.pending == 0)

    async def done(self, receipt: object) -> None:
        """They and all before them are applied. Lost on the way, they come again and are dropped."""
        if isinstance(receipt, Receipt) and self._connection.is_connected:
            try:
                await self._connection.publish(receipt.reply)
            except NatsError:
                await self._unbind()

    def look_again(self) -> None:
        """The line was cut and is back: whoever waits for an answer to what was asked before it asks anew at once."""
        self._arrived.set()

    async def close(self) -> None:
        await self._unbind()

    # ── the request that the hub holds ──

    async def _bind(self) -> None:
        if not self._connection.is_connected:
            raise Unreachable(f"{self._name}: not connected")
        if self._subscription is None:
            self._subscription = await self._connection.subscribe(self._connection.new_inbox(), cb=self._take)

    async def _unbind(self) -> None:
        bound, self._subscription = self._subscription, None
        self._open, self._messages, self._refused = 0, [], ""
        if bound is not None and not self._connection.is_closed:
            try:
                await bound.unsubscribe()
            except NatsError:
                return  # the connection's end has done it

    async def _request(self, count: int, seconds: float) -> None:
        reconnects = self._connection.stats["reconnects"]
        now = time.monotonic()
        if self._open > 0 and now < self._open_until and reconnects == self._reconnects:
            return
        assert self._subscription is not None, "bound before"
        self._open, self._open_until, self._reconnects = count - len(self._messages), now + seconds, reconnects
        told = {"batch": self._open, "expires": int(seconds * 1e9)}
        await self._connection.publish(self._next, msgspec.json.encode(told), reply=self._subscription.subject)

    async def _something(self, until: float) -> bool:
        """Whether anything came before that moment."""
        if not self._arrived.is_set():
            try:
                await asyncio.wait_for(self._arrived.wait(), max(0.0, until - time.monotonic()))
            except TimeoutError:
                return False
        self._arrived.clear()
        return True

    async def _take(self, message: Msg) -> None:
        headers = message.headers or {}
        status = headers.get("Status", "")
        if message.reply or not status:  # only a stored one is to be acknowledged, and its headers are its sender's
            self._open -= 1
            self._last = message
            self._messages.append(message)
        elif status in ("404", "408"):
            self._open = 0  # the request has ended: ask anew
        elif status != "100":
            self._refused = f"{status} {headers.get('Description', '')}"
        self._arrived.set()

    async def _check(self) -> None:
        refused = self._refused
        if refused:
            await self._unbind()
            raise (Absent if refused.startswith(_GONE) else Unreachable)(f"{self._name}: {refused}")


def _delivered(message: Msg) -> Delivered:
    return Delivered(log_at(message.subject), message.data, (message.headers or {}).get("Proof", ""))


def _receipt(page: list[Msg]) -> Receipt | None:
    """Of the message furthest in the stream: what was delivered again may come after it."""
    return Receipt(max(page, key=lambda each: _number(each.reply, 5)).reply) if page else None


def _number(reply: str, at: int) -> int:
    """`$JS.ACK.<stream>.<consumer>.<deliveries>.<place in stream>.<place in consumer>.<time>.<pending>`."""
    return int(reply.split(".")[at])
