"""Another provider that signs our people in (OpenID Connect): what it is asked, and what of its answer is believed.

The protocol is authlib's client; what it proves is checked here, with the algorithms that the settings name.
"""

import asyncio
import logging
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
import msgspec
from authlib.common.security import is_secure_transport
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from sync.contract import jose
from sync.contract.errors import Code, Refusal, Said
from tenant_service.edge.logout_token import TYPES, LogoutToken
from tenant_service.identity.linked_sessions import There
from tenant_service.identity.links import LONGEST_SUBJECT

T = TypeVar("T")
log = logging.getLogger(__name__)

_PATIENCE, _KNOWN_FOR, _SKEW = 10.0, 3_600, 60  # seconds
_WAITED, _ASKED_EVERY = 3.0, 10  # seconds: for its description when somebody signs out; between questions for its keys
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class _Told(msgspec.Struct, frozen=True):
    """What an ID token has to say; times in Unix seconds."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    iat: float
    nonce: str = ""
    azp: str = ""
    sid: str = ""


@dataclass(frozen=True)
class Asking:
    """One sign-in that was begun, as the browser's cookie keeps it."""

    state: str
    nonce: str
    verifier: str


@dataclass
class Provider:
    """The provider of the settings. `returns_to`, `left_to`: our addresses that it sends browsers back to, who signed
    in and out.
    """

    issuer: str
    client_id: str
    secret: str
    algorithms: tuple[str, ...]
    returns_to: str
    left_to: str
    _known: dict[str, Any] = field(default_factory=dict)
    _until: float = 0
    _signers: list[Key] = field(default_factory=list)
    _asked_again: float = 0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def address(self, asking: Asking) -> str:
        """Where the browser goes. Raises: Refusal EXTERNAL_SIGN_IN."""
        known = await self._description()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                known["authorization_endpoint"], state=asking.state, nonce=asking.nonce, code_verifier=asking.verifier
            )
        return str(url)

    async def signed_in(self, asking: Asking, code: str, iss: str | None, now: float) -> There:
        """Who came back with this code. `iss`: whose the answer says it is (RFC 9207).

        Raises:
            Refusal: EXTERNAL_SIGN_IN.
        """
        known = await self._description()
        if iss != self.issuer and (iss is not None or known.get("authorization_response_iss_parameter_supported")):
            raise _no(Said("答复来自别处", "the answer is somebody else's"))
        try:
            async with self._client() as client:
                held = await client.fetch_token(
                    known["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=asking.verifier
                )
                keys = (await client.request("GET", known["jwks_uri"], withhold_token=True)).json()
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            log.warning("the external provider did not redeem a code: %s", type(error).__name__)
            raise _no(Said("未能换取身份凭证", "it gave no ID token")) from None
        return self._checked(held.get("id_token"), _keys(keys), asking.nonce, now)

    async def leaving(self, there: There) -> str | None:
        """Where the browser goes to be signed out there as well; None: it can't be, or not now."""
        try:
            async with asyncio.timeout(_WAITED):
                to = str((await self._description()).get("end_session_endpoint", ""))
        except (Refusal, TimeoutError):
            return None
        if there.issuer != self.issuer or not is_secure_transport(to):
            return None
        told = {"client_id": self.client_id, "post_logout_redirect_uri": self.left_to}
        return str(add_params_to_uri(to, [*told.items(), *([("id_token_hint", there.hint)] if there.hint else [])]))

    async def logged_out(self, token: str, now: float) -> LogoutToken | None:
        """What its logout token says; None: it is none.

        Anybody may send anything: so what it says comes before who signed it, and the provider's keys are asked for
        anew only where those known do not fit, and not more often than every few seconds.
        """
        try:
            told = msgspec.json.decode(jose.payload_of(token), type=LogoutToken)
        except (jose.Untrusted, msgspec.DecodeError, ValueError):
            return None
        if not told.is_right(self.issuer, self.client_id, now):
            return None
        if self._signed(token):
            return told
        async with self._asking:  # whoever comes meanwhile waits for the same answer
            if not self._signed(token) and time.monotonic() >= self._asked_again:
                self._signers = await self._asked_keys() or self._signers
                self._asked_again = time.monotonic() + _ASKED_EVERY
        return told if self._signed(token) else None

    def _signed(self, token: str) -> bool:
        return self._opened(token, self._signers, LogoutToken, TYPES) is not None

    async def _asked_keys(self) -> list[Key]:
        """Its keys as they are now; none, if it cannot be reached."""
        try:
            known = await self._description()
            async with httpx2.AsyncClient(timeout=_PATIENCE) as client:
                return _keys((await client.get(known["jwks_uri"])).json())
        except (Refusal, httpx2.HTTPError, ValueError):
            return []

    def _checked(self, token: object, keys: list[Key], nonce: str, now: float) -> There:
        """Raises: Refusal EXTERNAL_SIGN_IN."""
        told = self._opened(token, keys, _Told) if isinstance(token, str) else None
        if told is None or not isinstance(token, str):
            raise _no(Said("身份凭证的签名不正确", "the ID token is not signed by it"))
        audience = [told.aud] if isinstance(told.aud, str) else told.aud
        is_ours = self.client_id in audience and (len(audience) == 1 or told.azp == self.client_id)
        if told.iss != self.issuer or not is_ours or told.nonce != nonce:
            raise _no(Said("身份凭证不是为这次登录签发的", "the ID token is not of this sign-in"))
        if not told.iat - _SKEW <= now < told.exp + _SKEW or not 0 < len(told.sub) <= LONGEST_SUBJECT:
            raise _no(Said("身份凭证已过期", "the ID token is not in force"))
        return There(self.issuer, told.sub, told.sid, token)

    def _opened(self, token: str, keys: Iterable[Key], what: type[T], types: Container[Any] | None = None) -> T | None:
        """None: no key of the provider signed it, by an algorithm that the settings name, as one of these types."""
        registry = jws.JWSRegistry(algorithms=list(self.algorithms), strict_check_header=False)
        for key in keys:
            try:
                found = jws.deserialize_compact(token, key, registry=registry)
                if types is not None and found.headers().get("typ") not in types:
                    return None
                return msgspec.json.decode(found.payload, type=what)
            except (JoseError, ValueError, TypeError, msgspec.DecodeError):
                continue
        return None

    async def _description(self) -> dict[str, Any]:
        """Raises: Refusal EXTERNAL_SIGN_IN, it cannot be reached, or says that it is somebody else."""
        if time.monotonic() < self._until:
            return self._known
        try:
            async with httpx2.AsyncClient(timeout=_PATIENCE) as client:
                told = (await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")).json()
        except (httpx2.HTTPError, ValueError):
            raise _no(Said("对方暂时无法访问", "it cannot be reached now")) from None
        is_right = isinstance(told, dict) and told.get("issuer") == self.issuer
        if not is_right or not all(is_secure_transport(str(told.get(each, ""))) for each in _ENDPOINTS):
            raise _no(Said("对方的说明不正确", "its description is wrong"))
        self._known, self._until = told, time.monotonic() + _KNOWN_FOR
        return self._known

    def _client(self) -> Any:
        method = "client_secret_basic" if self.secret else "none"
        return AsyncOAuth2Client(
            self.client_id, self.secret or None, scope="openid", redirect_uri=self.returns_to, timeout=_PATIENCE,
            token_endpoint_auth_method=method, code_challenge_method="S256",
        )  # fmt: skip


def _keys(told: object) -> list[Key]:
    """Those that can be read and may sign; others are none of ours."""
    found = []
    for each in told.get("keys", []) if isinstance(told, dict) else []:
        try:
            if each.get("kty") != "oct" and each.get("use", "sig") == "sig":
                found.append(import_key(each))
        except (JoseError, ValueError, TypeError, AttributeError):
            continue
    return found


def _no(why: Said) -> Refusal:
    return Refusal(Code.EXTERNAL_SIGN_IN, why=why)
