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
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.callers import Caller, Callers
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.sessions import Sessions, cookie_in
from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked, asked_by, asked_in, received
from sync.edge.budget import Limits

log = logging.getLogger(__name__)

NEWER, OLDER = "application/graphql-response+json", "application/json"
_LONGEST_QUERY_STRING = 16_000
_INTERNAL = {"message": "internal error", "extensions": {"code": "INTERNAL", "zh": "系统内部错误，请稍后重试"}}


class _Turned(Exception):
    """Answered before any GraphQL is looked at."""

    def __init__(self, status: int, refusal: Refusal, **headers: str) -> None:
        super().__init__()
        self.status, self.refusal, self.headers = status, refusal, headers


class Endpoint:
    """An ASGI application for one path."""

    def __init__(
        self, gateway: Gateway, callers: Callers, federation: Federation, limits: Limits,
        sessions: Sessions | None = None, cookie: str = "",
    ) -> None:  # fmt: skip
        self._gateway, self._callers, self._federation, self._limits = gateway, callers, federation, limits
        self._sessions, self._cookie = sessions, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        media = taken(headers.get("accept"))
        try:
            response = await self._answer(Request(scope, receive), headers, media)
        except _Turned as turned:
            response = _refused(turned.status, turned.refusal, media or OLDER, turned.headers)
        except Refusal as refusal:
            status = 413 if refusal.code is Code.TOO_LARGE else refusal.status
            known = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
            response = _refused(status, refusal, media or OLDER, known)
        except Exception:
            log.exception("a request broke")
            response = _response(500, orjson.dumps({"errors": [_INTERNAL]}), media or OLDER, {})
        await response(scope, receive, send)

    async def _answer(self, http: Request, headers: Headers, media: str | None) -> Response:
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
        return _response(told.status if media == NEWER else 200, told.body, media, {})

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
        if not _is_json(headers.get("content-type", "")):
            raise _Turned(415, Refusal(Code.BAD_REQUEST))
        return asked_in(await received(http.stream(), headers.get("content-length"), self._limits.bytes), self._limits)

    async def _caller(self, headers: Headers) -> Caller:
        """Raises: Refusal BAD_TOKEN, UNKNOWN_ISSUER; _Turned."""
        said = headers.get("authorization")
        if said is not None:
            scheme, _, token = said.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Refusal(Code.BAD_TOKEN)
            return self._callers.of(token.strip(), self._federation.now().directory)
        cookie = headers.get("cookie")
        id = cookie_in(cookie, self._cookie) if cookie and self._sessions else None
        if id is None or self._sessions is None:
            return self._callers.of(None, self._federation.now().directory)
        if not _is_own_page(headers):
            raise _Turned(403, Refusal(Code.FORBIDDEN))
        return self._callers.of(await self._sessions.token(id), self._federation.now().directory)


@lru_cache(maxsize=500)
def taken(accept: str | None) -> str | None:
    """The media type to answer in; None: the client takes neither. Without a wish it is the older one."""
    if accept is None or not accept.strip():
        return OLDER
    best: tuple[float, int, str] | None = None
    for place, wish in enumerate(accept.split(",")):
        name, *told = [each.strip().lower() for each in wish.split(";")]
        quality = next((_quality(each[2:]) for each in told if each.startswith("q=")), 1.0)
        charset = next((each[8:].strip('"') for each in told if each.startswith("charset=")), "utf-8")
        found = {NEWER: NEWER, OLDER: OLDER, "*/*": OLDER, "application/*": OLDER}.get(name)
        if found and quality > 0 and charset == "utf-8" and (best is None or (quality, -place) > best[:2]):
            best = quality, -place, found
    return best[2] if best else None


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@lru_cache(maxsize=500)
def _is_json(content_type: str) -> bool:
    name, *told = [each.strip().lower() for each in content_type.split(";")]
    charsets = [each[8:].strip('"') for each in told if each.startswith("charset=")]
    return name == OLDER and all(each in ("utf-8", "utf8") for each in charsets)


def _is_own_page(headers: Headers) -> bool:
    """Whether a browser that carries the cookie asks for a page of ours, and not for another site's."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _refused(status: int, refusal: Refusal, media: str, headers: dict[str, str]) -> Response:
    told: dict[str, Any] = {"message": refusal.en, "extensions": {"code": refusal.code, "zh": refusal.zh}}
    return _response(status, orjson.dumps({"errors": [told]}), media, headers)


def _response(status: int, body: bytes, media: str, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, media_type=f"{media}; charset=utf-8")
