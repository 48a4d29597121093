"""A stream of server-sent events: it says that something changed, and the page then fetches itself anew."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette.event import ServerSentEvent
from starlette.requests import Request

from gateway.console.cockpit import print_of
from gateway.console.console import Console
from gateway.identity.callers import Caller
from sync.contract.errors import Refusal
from sync.edge.streams.audience import EVENTS, Stream
from sync.edge.streams.events import Held

EVERY = 2.5
"""Seconds between two looks."""
RETRY_MS = 3_000


def changes(console: Console, request: Request, caller: Caller, at: dict[str, Any]) -> Held:
    """`changed`, with a print of what is seen as its id, each time it differs from what the browser has seen: what it
    told last, or what the page shows (`?seen=`).

    The stream ends where its reader is not signed in any more or is refused; the browser tries again and is told so.

    Raises:
        Refusal: RATE_LIMITED, they look through too many already.
    """
    audience = console.visitors.parts.audience
    stream = Stream(audience, EVENTS)
    give_back = audience.places.take(caller.person)

    async def told() -> AsyncIterator[ServerSentEvent]:
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")
        while not await request.is_disconnected():
            try:
                view = await console.look(request, await console.visitors.caller(request), at)
            except Refusal:
                return
            now = print_of(view)
            if now != seen:
                yield ServerSentEvent(now, event="changed", id=now, retry=RETRY_MS)
                stream.delivered()
                seen = now
            await asyncio.sleep(EVERY)

    return Held(told(), give_back, stream)
