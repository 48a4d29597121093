"""What applications ask by themselves: tokens, giving them back, whose they are, and how all of it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.edge.media import Media
from tenant_service.edge.deps import Deps
from tenant_service.edge.front_pages import address_of, form_of
from tenant_service.identity.clients import Access
from tenant_service.identity.oauth import server
from tenant_service.identity.oauth.asked import Answer, Parameters
from tenant_service.identity.oauth.discovery import described, key_set
from tenant_service.identity.oauth.id_token import claims_about
from tenant_service.identity.oauth.refused import told_of
from tenant_service.identity.oauth.server import Server, Serving
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.web.forms import FORM

_KNOWN_FOR = {"Cache-Control": "public, max-age=300"}
"""How long a program may keep what it found out: keys may be replaced."""

_TRIES = 4
T = TypeVar("T")
Asking = Callable[[Server, Parameters], Answer]


@dataclass(frozen=True)
class OAuth:
    """The endpoints of programs; `edge.authorize` has the one of browsers."""

    deps: Deps
    serving: Serving

    def routes(self) -> list[Route]:
        return [
            Route(server.REVOKE, self.revoke, methods=["POST"]),
            Route(server.USERINFO, self.userinfo, methods=["GET", "POST"]),
            Route(server.KEYS, self.keys, methods=["GET"]),
            Route("/.well-known/openid-configuration", self.configuration, methods=["GET"]),
            Route("/.well-known/oauth-authorization-server", self.configuration, methods=["GET"]),
        ]

    async def token(self, request: Request) -> Response:
        """Tokens for a code or a refresh token; `edge.tokens` calls it for what came as a form."""
        return await self._answered(request, Server.exchanged)

    async def revoke(self, request: Request) -> Response:
        return await self._answered(request, Server.revoked)

    async def userinfo(self, request: Request) -> Response:
        """Whose the access token is, as far as its user let be told."""
        try:
            self.deps.asked.count(address_of(request), None)
            told = await self.deps.site.domain.run(self._claims, request.headers.get("authorization"))
        except Refusal as refusal:
            if refusal.code is Code.RATE_LIMITED:
                return _refused(refusal)
            kind = "insufficient_scope" if refusal.code is Code.FORBIDDEN else "invalid_token"
            said = "Bearer" if refusal.code is Code.NOT_SIGNED_IN else f'Bearer error="{kind}"'
            return _json(refusal.status, {"error": kind, **told_of(refusal)}, {"WWW-Authenticate": said})
        return _json(200, told, {})

    async def configuration(self, _: Request) -> Response:
        return _json(200, described(self.serving.address), _KNOWN_FOR)

    async def keys(self, _: Request) -> Response:
        return _json(200, key_set(self.serving.issuer.keys(self.deps.site.units.clock())), _KNOWN_FOR)

    async def _answered(self, request: Request, ask: Asking) -> Response:
        try:
            self.deps.asked.count(address_of(request), None)
            told = await _parameters(request)
            answer = await self.deps.site.domain.run(self._asked, told, ask)
        except Refusal as refusal:
            return _refused(refusal)
        return _json(answer.status, answer.body, answer.headers)

    # ── in the domain's thread ──

    def _asked(self, told: Parameters, ask: Asking) -> Answer:
        """Who brings a secret twice must be noticed, also where several bring it at one moment."""
        return insisted(self.deps.site.units, lambda unit: ask(self.serving.of(unit), told))

    def _claims(self, authorization: str | None) -> dict[str, Any]:
        """Raises: Refusal NOT_SIGNED_IN, BAD_TOKEN, SIGN_IN_ENDED, PASSWORD_CHANGE_NEEDED; FORBIDDEN, not for this."""
        callers = self.deps.site.callers
        claims = callers.granted(authorization)
        if Access.OPENID.value not in claims.scope.split():
            raise Refusal(Code.FORBIDDEN)
        with self.deps.site.units.read() as unit:
            account = callers.own_account(unit, claims)
        if account.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        return claims_about(account, account.actor(callers.committee), claims.scope)


def insisted(units: Units, act: Callable[[Unit], T], tries: int = _TRIES) -> T:
    """What `act` makes in one transaction; where PostgreSQL lets it give way to another act, it is done once more.

    Raises:
        Refusal: what `act` raises; TRY_AGAIN, it had to give way each time.
    """
    try:
        with units.write() as unit:
            return act(unit)
    except Refusal as refusal:
        if refusal.code is not Code.TRY_AGAIN or tries == 1:
            raise
    return insisted(units, act, tries - 1)


async def _parameters(request: Request) -> Parameters:
    """Raises: Refusal BAD_REQUEST, TOO_LARGE."""
    if not is_form(request):
        raise Refusal(Code.BAD_REQUEST)
    return (await form_of(request)).values


def _refused(refusal: Refusal) -> Response:
    """What was turned away before it was looked at, in the standard's form."""
    kind = "temporarily_unavailable" if refusal.headers or refusal.code is Code.TRY_AGAIN else "invalid_request"
    return _json(refusal.status, {"error": kind, **told_of(refusal)}, refusal.headers)


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def _json(status: int, told: object, headers: dict[str, str]) -> Response:
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Response(orjson.dumps(told), status, kept, media_type=Media.JSON.header)
