"""`POST /backchannel-logout`: the other provider says that somebody signed out there; so they are signed out here.

It is told the same whatever was wrong, and the same whether anybody was signed in.
"""

import datetime as dt
import logging
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Refusal
from sync.edge.media import Media
from tenant_service.edge.front_pages import FrontPages, address_of, form_of
from tenant_service.edge.logout_token import LogoutToken
from tenant_service.edge.oauth import is_form
from tenant_service.edge.provider import Provider
from tenant_service.identity import grants, linked_sessions

log = logging.getLogger(__name__)

LOGGED_OUT = "/backchannel-logout"
_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class LoggedOutElsewhere(FrontPages):
    """The endpoint; it is there where the settings name a provider."""

    provider: Provider

    def routes(self) -> list[Route]:
        return [Route(LOGGED_OUT, self.heard, methods=["POST"])]

    async def heard(self, request: Request) -> Response:
        """200: whoever it names is signed out here; 400: it proves nothing; 429: too often."""
        try:
            self.deps.asked.count(address_of(request), None)
            told = (await form_of(request)).all("logout_token") if is_form(request) else ()
        except Refusal as refusal:
            return _no(refusal.status if refusal.headers else 400, refusal.headers)
        token = await self.provider.logged_out(told[0], self._now()) if len(told) == 1 else None
        if token is None or not await self.deps.site.domain.run(self._ended, token):
            return _no(400, {})
        return Response(status_code=200, headers=_KEPT)

    def _ended(self, token: LogoutToken) -> bool:
        """In the domain's thread. False: this token counted before."""
        until = dt.datetime.fromtimestamp(token.kept_until, dt.UTC)
        with self.deps.site.units.write() as unit:
            grants.sweep(unit)
            if not grants.use_assertion(unit, token.iss, token.jti, until):
                return False
            ended = linked_sessions.end(unit, token.iss, token.sub, token.sid)
        log.info("the external provider ended %d sessions", len(ended))
        return True

    def _now(self) -> float:
        return self.deps.site.units.clock().timestamp()


def _no(status: int, headers: dict[str, str]) -> Response:
    told = orjson.dumps({"error": "invalid_request"})
    return Response(told, status, headers | _KEPT, media_type=Media.JSON.header)
