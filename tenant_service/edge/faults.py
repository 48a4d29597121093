"""A fault of ours is answered in the house's words: with a reference that the log has as well, and nothing else of it.

Nothing here needs the database, for that may be what failed.
"""

import logging
import secrets

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.contract.errors import Refusal
from sync.edge.asking import INTERNAL
from tenant_service.edge.front_pages import FrontPages
from tenant_service.identity.oauth import server

log = logging.getLogger(__name__)

_FOR_PROGRAMS = (
    "/graphql", "/rpc/", "/.well-known/", "/livez", "/readyz", "/metrics", server.TOKEN, server.REVOKE,
    server.USERINFO, server.KEYS,
)  # fmt: skip
_CODE = INTERNAL["extensions"]["code"]
_PROBLEM = "application/problem+json"


def is_for_programs(scope: Scope) -> bool:
    """Whether it is a program that asks at such an address, and not somebody's browser."""
    return str(scope["path"]).startswith(_FOR_PROGRAMS)


class Faults:
    """Answers what broke before any answer was begun; one that was begun breaks off, for half of it is no page."""

    def __init__(self, app: ASGIApp, pages: FrontPages) -> None:
        self._app, self._pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = scope["type"] != "http"

        async def watched(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Refusal as refusal:  # such as of NUL, which a database refuses wherever it is asked with it
            if is_begun:
                raise
            await self._refused(scope, refusal)(scope, receive, send)
        except Exception:
            if is_begun:
                raise
            reference = secrets.token_hex(4)
            log.exception("a request broke, reference %s", reference)
            answer = self._problem(reference) if is_for_programs(scope) else self._page(scope, reference)
            await answer(scope, receive, send)

    def _refused(self, scope: Scope, refusal: Refusal) -> Response:
        if not is_for_programs(scope):
            return self._pages.deps.site.pages.refuse(Request(scope), refusal, self._pages.frame(None))
        told = {
            "type": "about:blank", "title": refusal.en, "status": refusal.status, "code": refusal.code.value,
            "zh": refusal.zh, "error": "invalid_request",
        }  # fmt: skip
        return Response(orjson.dumps(told), refusal.status, media_type=_PROBLEM)

    def _page(self, scope: Scope, reference: str) -> Response:
        pages, request = self._pages.deps.site.pages, Request(scope)
        said = INTERNAL["message"] if pages.here(request).language == "en" else INTERNAL["extensions"]["zh"]
        return pages.show(
            request, "broken.html", self._pages.frame(None), status=500, code=_CODE, said=said, reference=reference
        )

    @staticmethod
    def _problem(reference: str) -> Response:
        """By RFC 9457; `error` is what clients of OAuth look at."""
        told = {
            "type": "about:blank", "title": INTERNAL["message"], "status": 500, "code": _CODE,
            "zh": INTERNAL["extensions"]["zh"], "reference": reference, "error": "server_error",
        }  # fmt: skip
        return Response(orjson.dumps(told), 500, media_type=_PROBLEM)
