"""What every answer to a browser carries, whatever made it."""

from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Nothing from elsewhere and nothing inline. There is no `form-action`: browsers apply it to redirects as well, and
signing in through a gateway is a form that ends at another committee's address.
"""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_TWO_YEARS = "max-age=63072000"


class BrowserHeaders:
    """Adds the headers above; a page that sets one of them itself keeps its own.

    What is not a static file is never kept by a browser or a proxy: the next person at this desk is another one.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool = False) -> None:
        """`is_https`: browsers are told to come back over TLS only."""
        self.app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": _TWO_YEARS} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, dressed)


class Dressed(Starlette):
    """An application whose every answer carries the headers: what it says when something broke is made outside of all
    that an application is wrapped in, so they are put around that as well.
    """

    def __init__(self, *, is_https: bool, **parts: Any) -> None:
        super().__init__(**parts)
        self._is_https = is_https

    def build_middleware_stack(self) -> ASGIApp:
        return BrowserHeaders(super().build_middleware_stack(), is_https=self._is_https)
