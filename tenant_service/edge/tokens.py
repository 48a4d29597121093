"""`POST /token`: as JSON, an API token for a name and a password of the committee's own programs; as a form, what OAuth
says (`edge.oauth`). People sign in on a page.
"""

import logging

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from sync.edge.body import object_in, received
from sync.edge.documents import shown_refusal
from sync.edge.media import Media, is_json
from tenant_service.edge.deps import Deps
from tenant_service.edge.front_pages import address_of
from tenant_service.edge.oauth import OAuth, is_form
from tenant_service.identity.accounts import Account
from tenant_service.identity.issuing import Issued

log = logging.getLogger(__name__)

_MOST_BYTES = 4_000
_MOST_GATEWAYS = 10


class TokenEndpoint:
    """`{"username", "password", "gateways": [id …]}` → `{"token", "expiresIn"}`.

    The token is for this committee, and for the gateways that are named.
    """

    def __init__(self, deps: Deps, oauth: OAuth) -> None:
        self._deps, self._oauth = deps, oauth

    async def __call__(self, request: Request) -> Response:
        if is_form(request):
            return await self._oauth.token(request)
        try:
            issued = await self._issued(request)
        except Refusal as refusal:
            status = 413 if refusal.code is Code.TOO_LARGE else refusal.status
            return _response(status, {"errors": [shown_refusal(refusal)]}, refusal.headers)
        return _response(200, {"token": issued.token, "expiresIn": issued.expires_in}, {})

    async def _issued(self, request: Request) -> Issued:
        """Raises: Refusal."""
        if not is_json(request.headers.get("content-type")):
            raise Refusal(Code.BAD_REQUEST)
        body = await received(request.stream(), request.headers.get("content-length"), _MOST_BYTES)
        told = object_in(body, self._deps.settings.limits)
        name, password, gateways = told.get("username"), told.get("password"), told.get("gateways", [])
        if not isinstance(name, str) or not isinstance(password, str) or not _are_ids(gateways):
            raise Refusal(Code.BAD_REQUEST)
        with self._deps.attempts.tried(address_of(request), name):
            account = await self._deps.sign_in.account(name, password)
            issued = self._for(account, gateways)
            await self._deps.sign_in.noted(account)
            return issued

    def _for(self, account: Account, gateways: list[str]) -> Issued:
        callers = self._deps.site.callers
        return self._deps.issuer.api_token(account, gateways, callers.directory(), callers.units.clock())


def _are_ids(told: object) -> bool:
    return isinstance(told, list) and len(told) <= _MOST_GATEWAYS and all(isinstance(each, str) for each in told)


def _response(status: int, told: dict[str, object], headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(told), status, headers, media_type=Media.JSON.header)
