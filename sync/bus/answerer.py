"""Answers what is asked of one committee over the hub."""

import asyncio
import logging
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from sync.bus.credentials import MOST_PAYLOAD
from sync.bus.ending import ended
from sync.bus.rpc import ACCEPTS, CHANGES, DEADLINE, ENCODING, GZIP, SQUEEZED_FROM, Headers, seconds, squeezed, unpacked

log = logging.getLogger(__name__)


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
        wait = seconds((message.headers or {}).get(DEADLINE, ""))
        task = asyncio.create_task(self._respond(message, time.monotonic() + wait))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _respond(self, message: Msg, until: float) -> None:
        try:
            asked = unpacked(message)
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
            await self._send(message.reply, body, accepts_gzip=GZIP in headers.get(ACCEPTS, ""))

    async def _send(self, to: str, body: bytes, *, accepts_gzip: bool) -> None:
        headers = None
        if accepts_gzip and len(body) > SQUEEZED_FROM:
            body, headers = squeezed(body), {ENCODING: GZIP}
        if len(body) > MOST_PAYLOAD - 1024:  # the hub counts the header as well
            body, headers = self._too_large, None
        try:
            # Msg.respond would send the question's own headers back, token and proof included.
            await self._connection.publish(to, body, headers=headers)
        except NatsError as error:
            log.debug("an answer found no way back: %r", error)
