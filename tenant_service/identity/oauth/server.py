"""The server: the library's core with this committee's parts in it, for one request and one transaction.

Every answer is committed, refusals included: a code or a proof that was used stays used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer

from sync.contract.errors import Code, Refusal
from tenant_service.identity import clients, grants
from tenant_service.identity.accounts import Account
from tenant_service.identity.clients import Access
from tenant_service.identity.grants import Grant, Lives
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.oauth.asked import Answer, Asked, Parameters, check
from tenant_service.identity.oauth.assertion import ByKey
from tenant_service.identity.oauth.code_grant import CodeGrant, EndUser, OnlyS256
from tenant_service.identity.oauth.id_token import IdToken
from tenant_service.identity.oauth.refresh_grant import RefreshGrant
from tenant_service.identity.oauth.refused import refusal_of, told_of
from tenant_service.identity.oauth.registered import BY_KEY, Registered
from tenant_service.identity.oauth.revocation import Revocation
from tenant_service.storage.unit_of_work import Unit

AUTHORIZE, TOKEN, REVOKE, USERINFO, KEYS = "/authorize", "/token", "/revoke", "/userinfo", "/jwks"
END_SESSION = "/end-session"
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Serving:
    """What every request is answered by.

    Attributes:
        address: The issuer, which is the address that users type.
        count: One more request of the application with this id, which proved who it is. Raises: Refusal RATE_LIMITED.
    """

    address: str
    issuer: Issuer
    lives: Lives
    count: Callable[[str], None]

    def of(self, unit: Unit) -> "Server":
        return Server(self, unit)


@dataclass(frozen=True)
class Wanted:
    """What an application wants of somebody, found to be in order."""

    client: clients.Client
    scopes: tuple[Access, ...]
    prompts: frozenset[str]
    max_age: int | None


class Server(AuthorizationServer):
    """Answers one request."""

    def __init__(self, serving: Serving, unit: Unit) -> None:
        super().__init__()
        self.address, self.issuer, self.lives, self.unit = serving.address, serving.issuer, serving.lives, unit
        self._count = serving.count
        ours = frozenset({self.address, self.address + TOKEN, self.address + REVOKE})
        self.register_client_auth_method(BY_KEY, ByKey(unit, ours))
        self.register_grant(CodeGrant, [OnlyS256(required=True), IdToken(self)])
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)

    # ── what is asked ──

    def wanted(self, told: Parameters, user: EndUser | None) -> Wanted | Answer:
        """What the browser was sent here for; or where it goes with a refusal, once it is known whose it is.

        Raises:
            Refusal: OAUTH_CLIENT, OAUTH_REDIRECT, OAUTH_REQUEST: nothing may go back, so a page says why.
        """
        try:
            asked = self._asked("GET", AUTHORIZE, told)
            grant = self.get_consent_grant(asked, user)
            data = asked.payload.data
            scopes = tuple(each for each in Access if each.value in asked.scope.split())
            age = data.get("max_age", "")
            seconds = int(age) if age.isdecimal() and len(age) <= len("1000000000") else None
            return Wanted(grant.request.client.client, scopes, frozenset(data.get("prompt", "").split()), seconds)
        except OAuth2Error as error:
            return self._sent_back(told, error)

    def let(self, told: Parameters, user: EndUser, *, agreed: bool) -> Answer:
        """Where the browser goes: with a code, or with the word that its user did not agree. Raises: as `wanted`."""
        try:
            asked = self._asked("GET", AUTHORIZE, told)
            grant = self.get_consent_grant(asked, user)
        except OAuth2Error as error:
            return self._sent_back(told, error)
        answer: Answer = self.create_authorization_response(asked, user if agreed else None, grant)
        return answer

    def exchanged(self, told: Parameters) -> Answer:
        """Tokens for a code or a refresh token."""
        try:
            answer: Answer = self.create_token_response(self._asked("POST", TOKEN, told))
        except OAuth2Error as error:
            return self.handle_error_response(None, error)
        return answer

    def revoked(self, told: Parameters) -> Answer:
        """What the application gave back is void."""
        try:
            asked = self._asked("POST", REVOKE, told)
            answer: Answer = self.create_endpoint_response(Revocation.ENDPOINT_NAME, asked)
        except OAuth2Error as error:
            return self.handle_error_response(None, error)
        return answer

    def refused(self, told: Parameters, error: OAuth2Error) -> Answer:
        """Where the browser goes with a refusal of our own, of a request that `wanted` found in order."""
        error.redirect_uri, error.state = told["redirect_uri"][0], (told.get("state") or (None,))[0]
        return self.handle_error_response(None, error)

    # ── what the library leaves to whoever uses it ──

    def query_client(self, id: str) -> Registered | None:
        client = clients.by_id(self.unit, id)
        return Registered(client) if client else None

    def authenticate_client(self, request: Asked, methods: Any, endpoint: str = "token") -> Registered:
        """Who asks. One that proves it is counted; of one that cannot, anybody could use up what it may ask.

        Raises:
            InvalidClientError. Refusal RATE_LIMITED, and nothing was used up.
        """
        found: Registered = super().authenticate_client(request, methods, endpoint)
        if found.client.keys:
            self._count(found.client.id)
        return found

    def tokens(self, account: Account, grant: Grant, scope: str) -> dict[str, Any]:
        """An access token for `scope`, and a refresh token where the application may go on without the browser."""
        issued = self.issuer.access_token(account, grant, scope, self.unit.now)
        told = {"access_token": issued.token, "token_type": "Bearer", "expires_in": issued.expires_in, "scope": scope}
        if Access.OFFLINE.value in grant.scope.split():
            told["refresh_token"] = grants.refresh_token(self.unit, grant.id, self.lives)
        return told

    def save_token(self, token: dict[str, Any], request: Asked) -> None:
        """What is kept of tokens was kept when they were made."""

    def send_signal(self, name: str, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        """Every answer to a browser says whose it is (RFC 9207), refusals too; none is kept on the way."""
        told = dict(headers) | _NOT_KEPT
        if "Location" in told:
            told["Location"] = add_params_to_uri(told["Location"], [("iss", self.address)])
            return Answer(303, "", told)
        return Answer(status, dict(body) if not isinstance(body, str) else body, told)

    def handle_error_response(self, request: Asked | None, error: OAuth2Error) -> Answer:
        answer: Answer = super().handle_error_response(request, error)
        if isinstance(answer.body, dict):
            answer.body |= told_of(refusal_of(error))
        return answer

    def _asked(self, method: str, path: str, told: Parameters) -> Asked:
        asked = Asked(method, self.address + path, told)
        check(asked)
        return asked

    def _sent_back(self, told: Parameters, error: OAuth2Error) -> Answer:
        """Raises: Refusal, it is not known that the address is the application's: nobody is sent there."""
        if error.redirect_uri:
            error.state = (told.get("state") or (None,))[0]
            return self.handle_error_response(None, error)
        client = self.query_client((told.get("client_id") or ("",))[0])
        back = (told.get("redirect_uri") or ("",))[0]
        if client is None:
            raise Refusal(Code.OAUTH_CLIENT)
        raise Refusal(Code.OAUTH_REDIRECT) if not client.check_redirect_uri(back) else refusal_of(error)
