"""Forgetting: the hub drops events that their owner had erased, from the owner's own subjects and nowhere else.

Who asks is told by the subject, which the hub lets nobody else publish to. Nothing of this can be done to a log by
anybody but its owner, and an owner's readers lose nothing by it: in place of a dropped event they are given a signed
hole.
"""

import asyncio
import logging
from collections import defaultdict

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from sync.bus import wire
from sync.bus.streams import erasure_of, stream_of, subject_of
from sync.contract.channels import is_channel, log_of
from sync.log import Event

log = logging.getLogger(__name__)

_MOST_REPEATED = 4
"""Times that one event may lie on its subject: an owner that puts its last event on top of a stranger's repeats it."""
_MOST_LOOKS = 40 * wire.MOST_ERASED
"""Messages looked at for one request; about 17 lead to an event, and bytes that are none cost one each."""


class _TooManyLooks(Exception):
    """So much garbage lies on the owner's subjects that its request is given up."""


class Eraser:
    """Answers owners who ask that events of theirs be forgotten; one request of each owner at a time."""

    def __init__(self, connection: Client, jetstream: JetStreamContext) -> None:
        self._connection, self._jetstream = connection, jetstream
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks = set[asyncio.Task[None]]()

    async def serve(self) -> None:
        await self._connection.subscribe(erasure_of("*"), queue="controller", cb=self._take)

    async def _take(self, message: Msg) -> None:
        owner = message.subject.rpartition(".")[2]
        if message.reply and not self._turns[owner].locked():  # who does not wait for its answer waits longer
            task = asyncio.create_task(self._respond(message, owner))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _respond(self, message: Msg, owner: str) -> None:
        try:
            asked = wire.read_erase(message.data)
            async with self._turns[owner]:
                dropped = await self.erase(owner, asked)
            await self._connection.publish(message.reply, wire.pack(wire.Erased(dropped)))
        except wire.Unreadable as error:
            log.info("%s asked to forget something unreadable: %s", owner, error)
        except (NatsError, TimeoutError, _TooManyLooks) as error:
            log.warning("what %s wants forgotten is not forgotten yet, it will ask again: %r", owner, error)
        except Exception:
            log.exception("what %s wants forgotten cannot be forgotten", owner)

    async def erase(self, owner: str, asked: wire.Erase) -> int:
        """Nothing lies at these places of the owner's log; how many messages were dropped.

        Raises:
            nats.errors.Error, TimeoutError: a part may be done, and doing it again is safe.
        """
        if not is_channel(asked.channel):
            return 0
        places, dropped = _Places(self._jetstream, log_of(owner, asked.channel)), 0
        for seq in sorted(set(asked.seqs)):
            for _ in range(_MOST_REPEATED):
                at = await places.find((asked.epoch, seq))
                if at is None:
                    break
                await self._jetstream.delete_msg(stream_of(owner), at)
                dropped += 1
        return dropped


class _Places:
    """Where the events of one log lie in their stream."""

    def __init__(self, jetstream: JetStreamContext, of: str) -> None:
        self._jetstream, self._log, self._looks = jetstream, of, 0

    async def find(self, wanted: tuple[str, int]) -> int | None:
        """Where the event with this epoch and seq lies; None: nowhere, or only its hole.

        On one subject the places of a log only grow with those of the stream, so half of what is left falls away with
        each look; what is no event of the log is stepped over.
        """
        last = await self._look(None)
        low, high = 1, (last.seq or 0) + 1 if last else 1
        found = None
        while low < high:
            middle = (low + high) // 2
            at, event = await self._next_event(middle, high)
            if event is None:
                high = middle
            elif (event.epoch, event.seq) < wanted:
                low = at + 1
            else:
                if (event.epoch, event.seq) == wanted:
                    found = None if event.hole else at
                high = middle
        return found

    async def _next_event(self, at: int, before: int) -> tuple[int, Event | None]:
        """The first message from `at` on, and before `before`, that is an event of this log."""
        while at < before:
            message = await self._look(at)
            if message is None or (message.seq or 0) >= before:
                break
            at = message.seq or at
            try:
                return at, wire.event(message.data or b"", "", self._log)
            except wire.Unreadable:
                at += 1
        return at, None

    async def _look(self, place: int | None) -> RawStreamMsg | None:
        """The first message of this log from `place` on; None as place: its last."""
        self._looks += 1
        if self._looks > _MOST_LOOKS:
            raise _TooManyLooks
        stream, subject = stream_of(self._log.partition("/")[0]), subject_of(self._log)
        try:
            if place is None:
                return await self._jetstream.get_last_msg(stream, subject, direct=True)
            return await self._jetstream.get_msg(stream, place, subject, direct=True, next=True)
        except NotFoundError:
            return None
