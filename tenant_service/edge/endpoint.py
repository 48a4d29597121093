"""`/graphql`: GraphQL over HTTP, strictly. What may come in, which media type goes out, and which status says what.

    415  a POST that is not JSON in UTF-8         400  no GraphQL request at all
    406  neither of the two media types is taken  401  a token that is not valid, or no longer
    405  neither GET nor POST; an act by GET      503  too late: it waited or worked for longer than it may
    413  the body is too large                    500  a fault of ours, which says nothing

A document or variables that cannot be begun are 400 in the newer media type and 200 in plain JSON; everything that was
begun is 200.
"""

import logging
import time
from functools import lru_cache
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked, asked_by, asked_in, received
from sync.edge.documents import shown_refusal
from sync.edge.media import Media, accepted, is_json
from tenant_service.edge.deps import Deps
from tenant_service.graph.operation import INTERNAL, Answer
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Asker
from tenant_service.storage import deadline

log = logging.getLogger(__name__)

_LONGEST_QUERY_STRING = 16_000
_accepted = lru_cache(maxsize=500)(accepted)


class Endpoint:
    """Answers one path. Callable as a starlette endpoint."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._limits = deps, deps.settings.limits
        self._callers, self._cookie = deps.site.callers, deps.site.cookie

    async def __call__(self, request: Request) -> Response:
        media = _accepted(request.headers.get("accept"))
        try:
            return await self._answer(request, media)
        except _Turned as turned:
            return _response(turned.status, _errors(turned.refusal), media, turned.headers)
        except Refusal as refusal:
            status = 413 if refusal.code is Code.TOO_LARGE else refusal.status
            known = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
            return _response(status, _errors(refusal), media, known)
        except Exception:
            log.exception("a request broke")
            return _response(500, orjson.dumps({"errors": [INTERNAL]}), media, {})

    async def _answer(self, request: Request, media: Media | None) -> Response:
        """Raises: _Turned, Refusal."""
        if request.method not in ("GET", "POST"):
            raise _Turned(405, Refusal(Code.BAD_REQUEST), Allow="GET, POST")
        if media is None:
            raise _Turned(406, Refusal(Code.BAD_REQUEST))
        until = time.monotonic() + self._deps.settings.operation_seconds
        by_get = request.method == "GET"
        asked = self._asked_by(request) if by_get else await self._asked_in(request)
        asker = self._callers.over_http(request.headers.get("authorization"))
        cookie = request.cookies.get(self._cookie) if asker is None else None
        told = await self._deps.site.domain.run(self._told, asked, asker, cookie, by_get, until)
        allow = {"Allow": "POST"} if told.status == 405 else {}  # noqa: PLR2004
        return _response(media.status(told.status), told.body, media, allow)

    def _told(self, asked: Asked, asker: Asker | None, cookie: str | None, by_get: bool, until: float) -> Answer:  # noqa: FBT001
        """In the domain's thread: who asks, and what they are answered."""
        with deadline.within(until):
            actor = self._actor(asker, cookie)
        return self._deps.executor.perform(asked, self._deps.context(actor), only_queries=by_get, until=until)

    def _actor(self, asker: Asker | None, cookie: str | None) -> Actor:
        """A cookie that is not valid any more is no cookie.

        Raises:
            Refusal: SIGN_IN_ENDED; PASSWORD_CHANGE_NEEDED, which is done on a page.
        """
        found = self._callers.signed_in(cookie) if asker is None else None
        if found and found.actor.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        if found:
            return found.actor
        with self._callers.units.read() as unit:
            return self._callers.actor(unit, asker or Asker())

    def _asked_by(self, request: Request) -> Asked:
        text: bytes = request.scope["query_string"]
        if len(text) > _LONGEST_QUERY_STRING:
            raise Refusal(Code.TOO_LARGE, most=_LONGEST_QUERY_STRING)
        try:
            pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
        except ValueError:
            raise Refusal(Code.BAD_REQUEST) from None
        return asked_by(pairs, self._limits)

    async def _asked_in(self, request: Request) -> Asked:
        if not is_json(request.headers.get("content-type")) or "content-encoding" in request.headers:
            raise _Turned(415, Refusal(Code.BAD_REQUEST))
        said = request.headers.get("content-length")
        return asked_in(await received(request.stream(), said, self._limits.bytes), self._limits)


class _Turned(Exception):
    """Answered before any GraphQL is looked at."""

    def __init__(self, status: int, refusal: Refusal, **headers: str) -> None:
        super().__init__()
        self.status, self.refusal, self.headers = status, refusal, headers


def _errors(refusal: Refusal) -> bytes:
    return orjson.dumps({"errors": [shown_refusal(refusal)]})


def _response(status: int, body: bytes, media: Media | None, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, media_type=(media or Media.JSON).header)
