"""What guards every path, before any of them is looked at: whose page sent it, how large it is, how it came."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sync.contract.errors import Code, Refusal
from sync.edge.documents import shown_refusal
from sync.edge.media import Media, is_json
from sync.edge.own_pages import is_foreign, is_led_here
from sync.edge.shell.headers import Dressed
from tenant_service.edge.deps import Deps
from tenant_service.edge.faults import Faults, is_for_programs
from tenant_service.edge.front_pages import FrontPages
from tenant_service.identity.callers import cookie_name
from tenant_service.identity.oauth.server import AUTHORIZE, END_SESSION
from tenant_service.web.lost import lost

log = logging.getLogger(__name__)

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
MOST_BYTES = 20_000_000
"""Of any body; what reads one sets a limit of its own below this."""
_MOST_TOLD = 20
"""Addresses that are remembered as told of; anybody may send that header, and the log is not theirs to fill."""
_SAFE = {"GET", "HEAD", "OPTIONS"}
_NOTED = re.compile(r"/(audit|personal|members|accounts|requests)([/.].*)?|/activities/[^/]+/attendance", re.DOTALL)
"""Pages and files of which each sight is written down: an entry of the audit log, or rows of the day's quota."""
_FROM_ANYWHERE = {AUTHORIZE, END_SESSION}
"""Forms that applications' own pages send here; like GET, they change nothing."""


def guarded(deps: Deps, routes: Sequence[BaseRoute], lifespan: Lifespan | None = None) -> Starlette:
    """An application of these paths that is guarded, and whose every answer carries the headers."""
    https, handlers = deps.settings.is_https, {404: _lost(deps)}
    return Dressed(
        is_https=https, routes=routes, middleware=_middleware(deps), lifespan=lifespan, exception_handlers=handlers
    )  # fmt: skip


def _lost(deps: Deps) -> Callable[[Request, Exception], Awaitable[Response]]:
    """People are told what to do; a program, and what is no page, gets the bare words."""

    async def answer(request: Request, _found: Exception) -> Response:
        if is_for_programs(request.scope) or request.method != "GET":
            return PlainTextResponse("Not Found", 404)
        return await lost(deps.site, request)

    return answer


def _middleware(deps: Deps) -> list[Middleware]:
    """What the application is wrapped in, outermost first."""
    settings = deps.settings
    proxies = list(settings.trusted_proxies)
    cookie = cookie_name(settings.committee, is_https=settings.is_https)
    return [
        Middleware(UnknownProxy, trusted=proxies),
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)] if proxies else []),
        Middleware(Faults, pages=FrontPages(deps)),
        Middleware(NoNul),
        Middleware(OwnPages, cookie=cookie, origin=urlsplit(settings.public_url).netloc),
        Middleware(BodyCap),
    ]


class UnknownProxy:
    """Tells the log once of each proxy that is not in `trusted_proxies`: all who come by it count as one network, so
    that one of them soon stops the others.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app, self._trusted, self._told = app, [ip_network(each) for each in trusted], set[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope["client"][0] if scope["type"] == "http" and scope.get("client") else ""
        is_new = peer and peer not in self._told and len(self._told) < _MOST_TOLD
        if is_new and "x-forwarded-for" in Headers(scope=scope) and not self._is_trusted(peer):
            self._told.add(peer)
            log.warning("%s sends X-Forwarded-For and is not in trusted_proxies: all behind it count as one", peer)
        await self._app(scope, receive, send)

    def _is_trusted(self, peer: str) -> bool:
        try:
            return any(ip_address(peer) in each for each in self._trusted)
        except ValueError:
            return False


class NoNul:
    """Refuses an address with NUL in it: no text has one, and PostgreSQL cannot even be asked for it. What comes to
    `/graphql` is told so by GraphQL.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read_here = scope["type"] == "http" and scope["path"] != "/graphql"
        if is_read_here and ("\0" in scope["path"] or b"%00" in scope.get("query_string", b"")):
            raise Refusal(Code.BAD_REQUEST)
        await self._app(scope, receive, send)


class OwnPages:
    """Refuses what another site's page makes a browser send. GET changes nothing, so pages may be linked to from
    anywhere, but for those of which a sight is written down: nobody is made to look at them, and HEAD, which shows
    nothing, is refused there. `/graphql` looks at whose page asked by GET itself.
    """

    def __init__(self, app: ASGIApp, cookie: str, origin: str) -> None:
        self._app, self._cookie, self._origin = app, cookie, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and _NOTED.fullmatch(scope["path"]):
            await self._noted(scope, receive, send)
            return
        acts = scope["type"] == "http" and scope["method"] not in _SAFE and scope["path"] not in _FROM_ANYWHERE
        if acts and self._is_foreign(Headers(scope=scope)):
            await _cross_site(Headers(scope=scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _noted(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["method"] == "HEAD":
            await Response(status_code=405, headers={"Allow": "GET"})(scope, receive, send)
        elif "authorization" not in headers and is_led_here(headers, self._origin):
            await _cross_site(headers)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        carries = f"{self._cookie}=" in headers.get("cookie", "")
        return is_foreign(headers, self._origin, carries_cookie=carries)


class BodyCap:
    """Ends a request whose body grows over what anything here reads."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and (len(said) > len(str(self._most)) or int(said) > self._most):
            await PlainTextResponse(Refusal(Code.TOO_LARGE, most=self._most).message, 413)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def _cross_site(headers: Headers) -> Response:
    refusal = Refusal(Code.CROSS_SITE)
    if is_json(headers.get("content-type")):
        body = orjson.dumps({"errors": [shown_refusal(refusal)]})
        return Response(body, refusal.status, media_type=Media.JSON.header)
    return PlainTextResponse(refusal.message, refusal.status)
