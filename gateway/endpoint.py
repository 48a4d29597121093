"""The gateway's `/graphql`: who asks, and what the federation answers. How it comes and goes, `sync.edge.asking` says.

Whatever is a GraphQL response is 200, also where committees are away: how complete it is stands in the data. Only a
request that could not be begun (its document or variables are wrong) has no data; then the newer media type says 400.
"""

import logging
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.counters import Counters
from gateway.entry import Entry
from sync.contract.errors import Refusal
from sync.edge.asking import Turned, asked_over, broken, media_of, refused, written
from sync.edge.budget import Limits
from sync.edge.media import Media

log = logging.getLogger(__name__)


class Endpoint:
    """An ASGI application for one path."""

    def __init__(self, entry: Entry, limits: Limits, counters: Counters) -> None:
        self._entry, self._limits, self._counters = entry, limits, counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = Request(scope, receive)
        media, began, code = media_of(http.headers.get("accept")), time.perf_counter(), ""
        try:
            response = await self._answer(http, media)
        except (Turned, Refusal) as no:
            response, code = refused(no, media), no.code.value
        except Exception:
            log.exception("a request broke")
            response = broken(media)
        self._counters.request(response.status_code, code, time.perf_counter() - began)
        await response(scope, receive, send)

    async def _answer(self, http: Request, media: Media | None) -> Response:
        """Raises: Turned, Refusal."""
        asked = await asked_over(http, self._limits)
        guest = await self._entry.guest(http, "/graphql")
        guest.use()
        guest.count()
        told = await guest.ask(asked, guest.caller, only_queries=http.method == "GET")
        return written(told.status, told.body, media)
