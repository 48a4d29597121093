"""GraphQL over HTTP, strictly: what may come in, which media type goes out, and which status says what.

    415  a POST that is not JSON in UTF-8          400  no GraphQL request at all
    406  neither of the two media types is taken   401  a token that is not valid, or no longer
    405  neither GET nor POST; an act by GET       403  a page of another site uses a signed-in browser
    413  the body is too large                     500  a fault of ours, which says nothing

Whatever is a GraphQL response is 200, also where committees are away: how complete it is stands in the data. Only a
request that could not be begun (its document or variables are wrong) has no data; then the newer media type says 400.
"""

import logging
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.callers import NOBODY, Caller
from gateway.exchange import Exchange
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.sessions import Sessions, cookie_in
from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked, asked_by, asked_in, received
from sync.edge.budget import Limits
from sync.edge.documents import shown_refusal
from sync.edge.media import Media, accepted, is_json

log = logging.getLogger(__name__)

_LONGEST_QUERY_STRING = 16_000
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_INTERNAL = {"message": "internal error", "extensions": {"code": "INTERNAL", "zh": "系统内部错误，请稍后重试"}}


_accepted = lru_cache(maxsize=500)(accepted)


class _Turned(Exception):
    """Answered before any GraphQL is looked at."""

    def __init__(self, status: int, refusal: Refusal, **headers: str) -> None:
        super().__init__()
        self.status, self.refusal, self.headers = status, refusal, headers


class Endpoint:
    """An ASGI application for one path."""

    def __init__(
        self, gateway: Gateway, exchange: Exchange, federation: Federation, limits: Limits,
        sessions: Sessions | None = None, cookie: str = "",
    ) -> None:  # fmt: skip
        self._gateway, self._exchange, self._federation, self._limits = gateway, exchange, federation, limits
        self._sessions, self._cookie = sessions, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        media = _accepted(headers.get("accept"))
        try:
            response = await self._answer(Request(scope, receive), headers, media)
        except _Turned as turned:
            response = _refused(turned.status, turned.refusal, media or Media.JSON, turned.headers)
        except Refusal as refusal:
            status = 413 if refusal.code is Code.TOO_LARGE else refusal.status
            known = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
            response = _refused(status, refusal, media or Media.JSON, known)
        except Exception:
            log.exception("a request broke")
            response = _response(500, orjson.dumps({"errors": [_INTERNAL]}), media or Media.JSON, {})
        await response(scope, receive, send)

    async def _answer(self, http: Request, headers: Headers, media: Media | None) -> Response:
        """Raises: _Turned, Refusal."""
        if http.method not in ("GET", "POST"):
            raise _Turned(405, Refusal(Code.BAD_REQUEST), Allow="GET, POST")
        if media is None:
            raise _Turned(406, Refusal(Code.BAD_REQUEST))
        asked = self._asked_by(http) if http.method == "GET" else await self._asked_in(http, headers)
        caller = await self._caller(headers)
        told = await self._gateway.answer(asked, caller, only_queries=http.method == "GET")
        if told.status == 405:  # noqa: PLR2004
            return _response(405, told.body, media, {"Allow": "POST"})
        return _response(media.status(told.status), told.body, media, {})

    def _asked_by(self, http: Request) -> Asked:
        text: bytes = http.scope["query_string"]
        if len(text) > _LONGEST_QUERY_STRING:
            raise Refusal(Code.TOO_LARGE, most=_LONGEST_QUERY_STRING)
        try:
            pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
        except ValueError:
            raise Refusal(Code.BAD_REQUEST) from None
        return asked_by(pairs, self._limits)

    async def _asked_in(self, http: Request, headers: Headers) -> Asked:
        if not is_json(headers.get("content-type")):
            raise _Turned(415, Refusal(Code.BAD_REQUEST))
        return asked_in(await received(http.stream(), headers.get("content-length"), self._limits.bytes), self._limits)

    async def _caller(self, headers: Headers) -> Caller:
        """Raises: Refusal BAD_TOKEN, UNKNOWN_ISSUER; _Turned."""
        said = headers.get("authorization")
        if said is not None:
            scheme, _, token = said.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Refusal(Code.BAD_TOKEN)
            return await self._exchange.caller(token.strip(), self._federation.now().directory)
        cookie = headers.get("cookie")
        id = cookie_in(cookie, self._cookie) if cookie and self._sessions else None
        if id is None or self._sessions is None:
            return NOBODY
        if not _is_own_page(headers):
            raise _Turned(403, Refusal(Code.FORBIDDEN))
        found = await self._sessions.token(id)
        return await self._exchange.caller(found, self._federation.now().directory) if found else NOBODY


def _is_own_page(headers: Headers) -> bool:
    """Whether a browser that carries the cookie asks for a page of ours, and not for another site's."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _refused(status: int, refusal: Refusal, media: Media, headers: dict[str, str]) -> Response:
    return _response(status, orjson.dumps({"errors": [shown_refusal(refusal)]}), media, headers)


def _response(status: int, body: bytes, media: Media, headers: dict[str, str]) -> Response:
    return Response(body, status, headers | _ALWAYS, media_type=media.header)
