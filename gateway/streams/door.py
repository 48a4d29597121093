"""`/graphql` for who listens to events; everybody else is answered by the endpoint behind it.

What is turned away is a request like any other; what is begun is counted as a stream.
"""

import logging
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.counters import Counters
from gateway.streams.viewers import Streams
from sync.contract.errors import Refusal
from sync.edge.asking import Turned, broken, refused, written
from sync.edge.budget import Limits
from sync.edge.documents import Unfit
from sync.edge.media import Media
from sync.edge.streams.audience import Audience
from sync.edge.streams.events import events, wants_events

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Door:
    """An ASGI application for one path."""

    streams: Streams
    limits: Limits
    audience: Audience
    counters: Counters
    others: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = Request(scope, receive)
        await (await self._listened(http) if wants_events(http) else self.others)(scope, receive, send)

    async def _listened(self, http: Request) -> Response:
        try:
            return await events(http, self.streams.open, self.limits, self.audience)
        except Unfit as unfit:
            response, code = written(400, orjson.dumps({"errors": unfit.errors}), Media.GRAPHQL), ""
        except (Turned, Refusal) as no:
            response, code = refused(no, Media.GRAPHQL), no.code.value
        except Exception:
            log.exception("a request broke")
            response, code = broken(Media.GRAPHQL), ""
        self.counters.requests[response.status_code, code] += 1
        return response
