"""One committee's line to the hub: its own logs, asks to holders and theirs to it, its consumers."""

import asyncio
import logging
import os
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from sync.bus import wire
from sync.bus.ending import ended
from sync.bus.headers import Clean
from sync.bus.ports import Absent, AnswerAsk, ConfirmReceipt, Moved, Unreachable
from sync.bus.source import PullSource
from sync.bus.streams import asked_of, erasure_of, question_of, stream_of, subject_of
from sync.contract.channels import parts_of
from sync.log import Event

log = logging.getLogger(__name__)

_WRONG_LAST = (10071, 10164)
_BATCH_NOT_TAKEN = (10176, 10199, 10210)
"""Incomplete, too large, or too many open at once: the rows can still go one by one."""
_ASKS_AT_ONCE = 32
_SOON = 1.0


class _Error(msgspec.Struct):
    err_code: int = 0
    description: str = ""


class _Stored(msgspec.Struct):
    seq: int = 0
    error: _Error | None = None


_stored = msgspec.json.Decoder(_Stored)


class Line:
    """Implements `sync.bus.ports.Publisher`, `Asking` and `Telling` over a connection of `committee`."""

    def __init__(self, connection: Client, committee: str, wait: float = 5.0) -> None:
        """`wait`: seconds until an answer is given up."""
        self._connection, self._committee, self._wait = connection, committee, wait
        self._drawn, self._batches = os.urandom(8).hex(), 0
        self._asked = set[asyncio.Task[None]]()
        self._serving: Subscription | None = None

    async def _request(self, to: str, data: bytes, headers: dict[str, str] | None = None) -> Msg:
        try:
            return await self._connection.request(to, data, timeout=self._wait, headers=headers)
        except NoRespondersError:
            raise Absent(to) from None
        except (NatsError, TimeoutError) as error:
            raise Unreachable(f"{to}: {error!r}") from None

    # ── my logs on the hub ──

    async def last(self, log: str) -> tuple[int, Event | None]:
        """The last message on my subject and its place in the stream; (0, None) when there is none.

        Raises:
            Unreachable.
        """
        owner, _ = parts_of(log)
        found = await self._request(f"$JS.API.DIRECT.GET.{stream_of(owner)}.{subject_of(log)}", b"")
        headers = found.headers or {}
        if headers.get("Status") == "404":
            return 0, None
        at = headers.get("Nats-Sequence", "")
        if not at.isdecimal():
            raise Unreachable(f"{log}: {headers}")
        try:
            return int(at), wire.event(found.data, headers.get("Proof", ""), log)
        except wire.Unreadable:
            return int(at), Event(wire.UNREADABLE, 1, b"", found.data)

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        """All of them or none, after the message at place `expect`; the place of the last.

        Where the hub takes no batch at that moment they go one by one, each after the one before; then a part may be
        stored when this raises, and `last` says which.

        Raises:
            Moved: the last message there is another.
            Unreachable: unknown whether anything was stored.
        """
        to = subject_of(log)
        if len(events) > 1:
            told = await self._batch(to, events, expect)
            if not (told.error and told.error.err_code in _BATCH_NOT_TAKEN):
                return _place(told)
        for event in events:
            expect = _place(_read(await self._request(to, event.body, _headers(event, expect))))
        return expect

    async def _batch(self, to: str, events: Sequence[Event], expect: int) -> _Stored:
        """One round trip: only the last message is answered."""
        self._batches += 1
        batch = Clean(f"{self._drawn}-{self._batches}")
        *first, last = enumerate(events, 1)
        for number, event in first:
            if not self._connection.is_connected:
                raise Unreachable(to)
            headers = _headers(event, expect if number == 1 else None)
            headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": Clean(number)}
            try:
                await self._connection.publish(to, event.body, headers=headers)
            except NatsError as error:
                raise Unreachable(f"{to}: {error!r}") from None
        headers = _headers(last[1], None)
        headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(last[0]), "Nats-Batch-Commit": "1"}
        return _read(await self._request(to, last[1].body, headers))

    async def erase(self, erase: wire.Erase) -> int:
        """The hub keeps nothing at these places of mine any more; how many messages it dropped for it.

        Raises:
            Unreachable.
        """
        found = await self._request(erasure_of(self._committee), wire.pack(erase))
        try:
            return wire.read_erased(found.data).dropped
        except wire.Unreadable as error:
            raise Unreachable(f"the hub: {error}") from None

    # ── asks for rows, and receipts ──

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        """What `holder` answers, unchecked.

        Raises:
            Absent, Unreachable.
        """
        found = await self._request(question_of(holder, self._committee), wire.pack(ask))
        try:
            return wire.read_answer(found.data)
        except wire.Unreadable as error:
            raise Unreachable(f"{holder}: {error}") from None

    async def tell(self, owner: str, receipt: wire.Receipt) -> wire.Confirmed:
        """What `owner` says to my receipt, unchecked.

        Raises:
            Absent, Unreachable.
        """
        found = await self._request(question_of(owner, self._committee), wire.pack(receipt))
        try:
            return wire.read_confirmed(found.data)
        except wire.Unreadable as error:
            raise Unreachable(f"{owner}: {error}") from None

    async def serve(self, answer: AnswerAsk, confirm: ConfirmReceipt | None = None) -> None:
        """Answers asks, and confirms receipts, from now on; several processes of one committee share them."""

        async def take(message: Msg) -> None:
            if message.reply:
                task = asyncio.create_task(self._respond(message, answer, confirm))
                self._asked.add(task)
                task.add_done_callback(self._asked.discard)

        self._serving = await self._connection.subscribe(asked_of(self._committee), queue="holder", cb=take)
        with suppress(NatsError):  # without a line it is told with the next one
            await self._connection.flush()

    async def _respond(self, message: Msg, answer: AnswerAsk, confirm: ConfirmReceipt | None) -> None:
        asker = message.subject.rpartition(".")[2]
        try:
            asked = wire.read_question(message.data)
        except wire.Unreadable as error:
            log.info("%s asked something unreadable: %s", asker, error)
            with suppress(NatsError):  # unanswered, it would lie at the hub for a while
                await self._connection.publish(message.reply, wire.pack(wire.Answer(refused="UNREADABLE")))
            return
        is_full = len(self._asked) > _ASKS_AT_ONCE
        told: wire.Answer | wire.Confirmed | None
        try:
            if isinstance(asked, wire.Ask):
                told = wire.Answer(busy=_SOON) if is_full else await answer(asker, asked)
            else:
                told = wire.Confirmed(busy=_SOON) if is_full or not confirm else await confirm(asker, asked)
            if told is not None:
                await self._connection.publish(message.reply, wire.pack(told))
        except NatsError as error:
            log.debug("an answer to %s found no way back: %r", asker, error)
        except Exception:
            log.exception("what %s asked or told broke its answer", asker)

    def source(self, stream: str, consumer: str) -> PullSource:
        return PullSource(self._connection, stream, consumer)

    async def close(self) -> None:
        """Answers no more asks; the connection stays open."""
        serving, self._serving = self._serving, None
        if serving is not None and not self._connection.is_closed:
            with suppress(NatsError):
                await serving.unsubscribe()
        await ended(list(self._asked))


def _headers(event: Event, expect: int | None) -> dict[str, str]:
    headers = {"Proof": event.proof} if event.proof else {}
    if expect is not None:
        headers["Nats-Expected-Last-Subject-Sequence"] = str(expect)
    return headers


def _read(message: Msg) -> _Stored:
    try:
        return _stored.decode(message.data)
    except msgspec.DecodeError as error:
        raise Unreachable(str(error)) from None


def _place(told: _Stored) -> int:
    if told.error is None:
        return told.seq
    if told.error.err_code in _WRONG_LAST:
        raise Moved(told.error.description)
    raise Unreachable(f"{told.error.err_code}: {told.error.description}")
