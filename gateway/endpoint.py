"""The gateway's `/graphql`: who asks, and what the federation answers. How it comes and goes, `sync.edge.asking` says.

Whatever is a GraphQL response is 200, also where committees are away: how complete it is stands in the data. Only a
request that could not be begun (its document or variables are wrong) has no data; then the newer media type says 400.
"""

import logging
import time

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.callers import NOBODY, Caller
from gateway.exchange import Exchange
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.figures import Figures
from gateway.rates import Rates, name_of
from gateway.sessions import Sessions, cookie_in
from sync.contract.errors import Code, Refusal
from sync.edge.asking import Turned, asked_over, broken, media_of, refused, written
from sync.edge.budget import Limits
from sync.edge.media import Media
from sync.edge.own_pages import is_foreign

log = logging.getLogger(__name__)


class Endpoint:
    """An ASGI application for one path."""

    def __init__(
        self, gateway: Gateway, exchange: Exchange, federation: Federation, limits: Limits, rates: Rates,
        figures: Figures, sessions: Sessions | None = None, cookie: str = "",
    ) -> None:  # fmt: skip
        self._gateway, self._exchange, self._federation, self._limits = gateway, exchange, federation, limits
        self._rates, self._figures = rates, figures
        self._sessions, self._cookie = sessions, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = Request(scope, receive)
        media, began, code = media_of(http.headers.get("accept")), time.perf_counter(), ""
        try:
            response = await self._answer(http, media)
        except (Turned, Refusal) as no:
            response, code = refused(no, media), (no.refusal if isinstance(no, Turned) else no).code.value
        except Exception:
            log.exception("a request broke")
            response = broken(media)
        self._figures.request(response.status_code, code, time.perf_counter() - began)
        await response(scope, receive, send)

    async def _answer(self, http: Request, media: Media | None) -> Response:
        """Raises: Turned, Refusal."""
        asked = await asked_over(http, self._limits)
        address = http.client.host if http.client else ""
        try:
            caller = await self.caller(http.headers)
        except Refusal:
            self._rates.request(name_of(NOBODY, address))  # to guess tokens costs as much as to ask
            raise
        name = name_of(caller, address)
        self._rates.request(name)
        with self._rates.place(name):
            told = await self._gateway.answer(
                asked, caller, only_queries=http.method == "GET", charge=lambda cost: self._charge(name, cost)
            )
        return written(told.status, told.body, media)

    def _charge(self, name: str, cost: int) -> None:
        """Raises: Turned, RATE_LIMITED."""
        try:
            self._rates.cost(name, cost)
        except Refusal as refusal:
            raise Turned(refusal.status, refusal, **{"Retry-After": str(refusal.about["seconds"])}) from None

    async def caller(self, headers: Headers) -> Caller:
        """Who asks, by token or cookie.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER; CROSS_SITE.
        """
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
        if is_foreign(headers, carries_cookie=True):
            raise Refusal(Code.CROSS_SITE)
        found = await self._sessions.token(id)
        return await self._exchange.caller(found, self._federation.now().directory) if found else NOBODY
