"""All pages of the console, for the gateway's application."""

from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from gateway.app import Parts
from gateway.console import audit_pages, cockpit_pages, committee_pages, record_pages, sign_in_pages
from gateway.console.cockpit import Places
from gateway.console.console import TEMPLATES, Console
from gateway.console.history import History
from gateway.console.questions import Questions
from gateway.console.sign_in import SignIns
from gateway.console.visitors import Visitors
from gateway.identity.callers import Clock
from sync.contract.errors import Code, Refusal
from sync.edge.shell.pages import Pages
from sync.edge.shell.words import LANGUAGES

_SPEAKS = [("lang", each) for each in LANGUAGES]


def console_of(
    parts: Parts, pages: Pages, clock: Clock, *, title: str, under: Iterable[str] = (), places: Places | None = None
) -> Console:
    """The console over a gateway's parts. `clock` tells Unix seconds, as that of the parts does."""
    visitors = Visitors(parts, SignIns(parts, clock), title, version("liandong"))
    return Console(pages, Questions(parts.gateway, parts.rates), visitors, History(), tuple(under), places or {})


def templates() -> Pages:
    return Pages([TEMPLATES])


def site(console: Console) -> ASGIApp:
    """All pages, for a browser; an address that is none has a page as well."""

    async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        # Its links lead to the first page: an address that is none is not said again.
        language = urlencode([each for each in Request(scope).query_params.items() if each in _SPEAKS])
        first = {**scope, "path": "/", "raw_path": b"/", "query_string": language.encode()}
        request, caller = Request(first, receive), None
        with suppress(Refusal):
            caller = await console.visitors.caller(request)
        shown = console.pages.refuse(request, Refusal(Code.NO_SUCH_PAGE), console.visitors.frame(caller))
        await shown(scope, receive, send)

    return Router(routes(console), default=unknown)


def routes(console: Console) -> list[BaseRoute]:
    return [
        *sign_in_pages.routes(console), *cockpit_pages.routes(console), *committee_pages.routes(console),
        *record_pages.routes(console), *audit_pages.routes(console), *console.pages.routes(),
    ]  # fmt: skip
