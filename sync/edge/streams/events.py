"""graphql-sse, distinct connections: one operation over one response of server-sent events.

`next` carries a GraphQL response, `complete` ends the operation; the id of an event is the place behind it, so that a
browser that connects anew goes on there (Last-Event-ID).
"""

import logging
from collections.abc import AsyncIterator, Callable

import orjson
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sync.contract.errors import Refusal
from sync.edge.asking import INTERNAL, asked_over
from sync.edge.budget import Limits
from sync.edge.documents import Unfit, shown_refusal
from sync.edge.places import Places
from sync.edge.streams.viewing import Delivery, Opening

log = logging.getLogger(__name__)

MEDIA = "text/event-stream"
HEARTBEAT = 15
"""Seconds between two comments that keep proxies from closing a silent connection."""
SLOWEST = 20.0
"""Seconds that a client may take to receive one event; who is slower is cut off and goes on from its last one."""
_LONGEST_PLACE = 200


def wants_events(http: Request) -> bool:
    """Whether the client listens to events instead of waiting for one answer."""
    return any(each.partition(";")[0].strip().lower() == MEDIA for each in http.headers.get("accept", "").split(","))


class Held(EventSourceResponse):
    """A response that holds a place until it is over, however it ends."""

    def __init__(self, told: AsyncIterator[ServerSentEvent], give_back: Callable[[], None]) -> None:
        super().__init__(told, ping=HEARTBEAT, send_timeout=SLOWEST)
        self._give_back = give_back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._give_back()


async def events(http: Request, opening: Opening, limits: Limits, places: Places) -> Held:
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
    give_back = places.take(viewer.name) if viewer.name[0] else lambda: None
    return Held(_told(deliveries), give_back)


async def _told(deliveries: AsyncIterator[Delivery]) -> AsyncIterator[ServerSentEvent]:
    try:
        async for each in deliveries:
            if each.body:
                yield ServerSentEvent(each.body.decode(), event="next", id=each.cursor or None)
            else:
                yield ServerSentEvent(id=each.cursor, comment="listening")
    except Unfit as unfit:
        yield _failed(*unfit.errors)
    except Refusal as refusal:
        yield _failed(shown_refusal(refusal))
    except Exception:
        log.exception("a subscription broke")
        yield _failed(INTERNAL)
    yield ServerSentEvent("", event="complete")


def _failed(*errors: object) -> ServerSentEvent:
    return ServerSentEvent(orjson.dumps({"errors": list(errors)}).decode(), event="next")
