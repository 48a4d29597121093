"""graphql-sse, distinct connections: one operation over one response of server-sent events.

`next` carries a GraphQL response, `complete` ends the operation; the id of an event is the place behind it, so that a
browser that connects anew goes on there (Last-Event-ID).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from functools import lru_cache

import anyio
import orjson
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sync.contract.errors import Code, Refusal
from sync.edge.asking import INTERNAL, asked_over
from sync.edge.budget import Limits
from sync.edge.documents import Unfit, shown_refusal
from sync.edge.media import weight_of
from sync.edge.streams.audience import COMPLETE, EVENTS, STOPPED, Audience, Stream
from sync.edge.streams.viewing import Delivery, Opening

log = logging.getLogger(__name__)

MEDIA = "text/event-stream"
HEARTBEAT = 15
"""Seconds between two comments that keep proxies from closing a silent connection."""
SLOWEST = 20.0
"""Seconds that a client may take to receive one event; who is slower is cut off and goes on from its last one."""
RETRY_MS = 3_000
"""When a browser whose stream ended with the service connects again."""
_LAST_WORD = 2.0
"""Seconds in which a stream ends by itself when the service stops."""
_LONGEST_PLACE = 200


def wants_events(http: Request) -> bool:
    """Whether the client listens to events instead of waiting for one answer."""
    return _wants(http.headers.get("accept", ""))


@lru_cache(maxsize=500)
def _wants(accept: str) -> bool:
    told = (each.strip().lower().partition(";")[::2] for each in accept.split(","))
    return any(name.strip() == MEDIA and weight_of(parameters) > 0 for name, parameters in told)


class Held(EventSourceResponse):
    """A response that holds a place until it is over, however it ends. When the service stops, it ends at once, and
    says so in a comment.
    """

    def __init__(self, told: AsyncIterator[ServerSentEvent], give_back: Callable[[], None], stream: Stream) -> None:
        stops = anyio.Event()
        super().__init__(
            _until(stops, told, stream), ping=HEARTBEAT, send_timeout=SLOWEST, shutdown_event=stops,
            shutdown_grace_period=_LAST_WORD,
        )  # fmt: skip
        self._give_back, self._stream = give_back, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._stream.is_open():
                await super().__call__(scope, receive, send)
        finally:
            self._give_back()


async def events(http: Request, opening: Opening, limits: Limits, audience: Audience) -> Held:
    """The response that delivers what was asked for.

    Raises:
        Turned, Unfit, Refusal: it cannot be begun.
    """
    asked = await asked_over(http, limits, streams=True)
    viewer = await opening(http, None)
    after = http.headers.get("last-event-id", "")[:_LONGEST_PLACE] or None
    deliveries = await viewer.begin(asked, after=after, only_reads=http.method == "GET")
    # Only who has signed in can listen. Of all others this is one answer, like any other; in one name they would take
    # each other's places.
    give_back = audience.places.take(viewer.name) if viewer.name[0] else lambda: None
    stream = Stream(audience, EVENTS)
    return Held(_told(deliveries, stream), give_back, stream)


async def _until(
    stops: anyio.Event, told: AsyncIterator[ServerSentEvent], stream: Stream
) -> AsyncIterator[ServerSentEvent]:
    """What is told, until the service stops. There is no `complete` then: the client connects again, and goes on."""
    stopped = asyncio.ensure_future(stops.wait())
    coming = asyncio.ensure_future(_next(told))
    try:
        while True:
            await asyncio.wait({stopped, coming}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                stream.how = STOPPED
                yield ServerSentEvent(comment="the service stops", retry=RETRY_MS)
                return
            event = coming.result()
            if event is None:
                return
            yield event
            coming = asyncio.ensure_future(_next(told))
    finally:
        for each in (stopped, coming):
            each.cancel()
        await asyncio.gather(stopped, coming, return_exceptions=True)


async def _next(told: AsyncIterator[ServerSentEvent]) -> ServerSentEvent | None:
    return await anext(told, None)


async def _told(deliveries: AsyncIterator[Delivery], stream: Stream) -> AsyncIterator[ServerSentEvent]:
    try:
        async for each in deliveries:
            if each.body:
                yield ServerSentEvent(each.body.decode(), event="next", id=each.cursor or None)
                stream.delivered()
            else:
                yield ServerSentEvent(id=each.cursor, comment="listening")
        stream.how = COMPLETE
    except Unfit as unfit:
        stream.how = Code.INVALID
        yield _failed(*unfit.errors)
    except Refusal as refusal:
        stream.how = refusal.code
        yield _failed(shown_refusal(refusal))
    except Exception:
        log.exception("a subscription broke")
        stream.how = "INTERNAL"
        yield _failed(INTERNAL)
    yield ServerSentEvent("", event="complete")


def _failed(*errors: object) -> ServerSentEvent:
    return ServerSentEvent(orjson.dumps({"errors": list(errors)}).decode(), event="next")
