"""Eviction: where the store fills up, the logs that take most of it lose their oldest events there.

The server limits a log by its number of events and the store by its bytes; between the two a member whose events are
large could fill the store, and then nobody publishes any more. Nothing is lost by what is dropped: owners and readers
hold it, and who misses it asks them. The last event of a log stays, so its owner is not led to publish it all again.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from nats.errors import Error as NatsError
from nats.js.api import StreamState

from sync.bus.streams import log_at
from sync.contract.channels import parts_of
from sync.hub.controller import Controller, Refused
from sync.hub.sightings import Kind, Sighting
from sync.hub.together import together

log = logging.getLogger(__name__)

HIGH, LOW = 0.6, 0.5
"""Parts of the store: over the one something is evicted, down to the other. What comes meanwhile needs the rest."""
_DRAWS = 200
"""Messages of a stream that are looked at to learn whose bytes it holds."""
_FEW, _MOST_DRAWS = 20, 10_000
_MOST_CUTS = 20
"""Of one look; the next goes on."""
_AT_ONCE = 16
_WAIT = 5.0
"""Seconds."""
_FRAME = 100
"""Bytes that the store keeps of a message besides its body, headers and subject; about."""


class _Message(msgspec.Struct):
    """As the server hands it out in JSON; `hdrs` and `data` are base64."""

    subject: str
    hdrs: str = ""
    data: str = ""

    def size(self) -> int:
        return (len(self.hdrs) + len(self.data)) * 3 // 4 + len(self.subject) + _FRAME


class _Got(msgspec.Struct):
    message: _Message | None = None


class _Share(NamedTuple):
    """What one log takes of its stream; `bytes` is estimated."""

    subject: str
    events: int
    bytes: float


class Evictor:
    """Works over the connections of `controller`, whose hub it looks after."""

    def __init__(
        self, controller: Controller, note: Callable[[Sighting, int], None],
        draw: Callable[[int, int], int] = random.randint,
    ) -> None:  # fmt: skip
        """`note` is told of whose events were evicted and how many; `draw` gives a place between two, both included."""
        self._controller, self._note, self._draw = controller, note, draw

    async def keep(self, interval: float) -> None:
        """Looks every `interval` seconds, where this controller acts; never returns, whatever goes wrong."""
        while True:
            try:
                if self._controller.acts:
                    await self.look()
            except (NatsError, TimeoutError, Refused) as error:
                log.warning("whether the store has room could not be looked at: %r", error)
            except Exception:
                log.exception("looking for room in the store broke, and is tried again")
            await asyncio.sleep(interval)

    async def look(self) -> int:
        """The store is not fuller than it may be, if that can be; how many events were evicted for it.

        What a cut brings is estimated until the next look: in a cluster the store beside us lags behind the stream's
        leader.

        Raises:
            nats.errors.Error, TimeoutError, Refused: the hub does not answer.
        """
        used, most = await self._controller.storage()
        if used <= HIGH * most:
            return 0
        over, evicted, cuts = used - LOW * most, 0, 0
        for info in sorted(await self._controller.streams(), key=lambda each: -each.state.bytes):
            stream = str(info.config.name)
            if info.config.deny_purge:
                continue  # an earlier release made it so
            while over > 0 and cuts < _MOST_CUTS and (share := await self._largest(stream)):
                dropped = await self._cut(stream, share, over)
                over -= share.bytes * dropped / share.events
                evicted, cuts = evicted + dropped, cuts + 1
        if not evicted:
            self._note(Sighting(Kind.STORE_FULL), 1)
        return evicted

    async def _cut(self, stream: str, share: _Share, over: float) -> int:
        """This log has lost its oldest half, or as much as `over` bytes; how many events that were."""
        dropped = max(1, int(share.events * min(0.5, over / share.bytes)))
        await self._controller.jetstream.purge_stream(stream, subject=share.subject, keep=share.events - dropped)
        owner, channel = parts_of(log_at(share.subject))
        log.warning("to make room, %d of %d events left the store: %s", dropped, share.events, share.subject)
        self._note(Sighting(Kind.EVICTED, owner, channel), dropped)
        return dropped

    async def _largest(self, stream: str) -> _Share | None:
        """The log with the most bytes among those that may lose something.

        Messages are drawn over the stream and their bytes added up by log: what comes out is in proportion to what each
        log takes, be it of few large ones or of many small ones.
        """
        told = await self._controller.jetstream.stream_info(stream, subjects_filter=">")
        counts = {subject: count for subject, count in (told.state.subjects or {}).items() if count > 1}
        if not counts:
            return None
        drawn = await self._drawn(stream, told.state)
        found = Counter[str]()
        for subject, size in drawn:
            found[subject] += size
        every = told.state.messages / max(len(drawn), 1)
        shares = [_Share(each, count, found[each] * every) for each, count in counts.items() if found[each]]
        return max(shares, key=lambda each: each.bytes, default=None)

    async def _drawn(self, stream: str, state: StreamState) -> list[tuple[str, int]]:
        """Subject and bytes of messages at drawn places, each as likely as any other, until they tell of most of the
        stream's bytes.

        Where a place is empty another one is drawn: the next message after it would be drawn the more often the more
        places before it are empty, and whoever floods can see to that.
        """
        found: list[tuple[str, int]] = []

        async def look_at(place: int) -> None:
            message = await self._message(stream, place)
            if message is not None:
                found.append((message.subject, message.size()))

        for _ in range(_MOST_DRAWS // _DRAWS):
            places = [self._draw(state.first_seq, state.last_seq) for _ in range(_DRAWS)]
            await together(look_at, places, _AT_ONCE)
            told = sum(size for _, size in found) / max(len(found), 1) * state.messages
            if len(found) >= _FEW and told >= state.bytes / 2:
                break
        return found

    async def _message(self, stream: str, place: int) -> _Message | None:
        """By an answer in JSON: in the other kind a member's own headers and the server's cannot be told apart."""
        told = await self._controller.hub.request(
            f"$JS.API.STREAM.MSG.GET.{stream}", msgspec.json.encode({"seq": place}), timeout=_WAIT
        )
        return msgspec.json.decode(told.data, type=_Got).message
