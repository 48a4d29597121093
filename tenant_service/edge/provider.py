"""Another provider that signs our people in (OpenID Connect): what it is asked, and what of its answer is believed.

The protocol is authlib's client; what it proves is checked here, with the algorithms that the settings name.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec
from authlib.common.security import is_secure_transport
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity.links import LONGEST_SUBJECT

log = logging.getLogger(__name__)

_PATIENCE, _KNOWN_FOR, _SKEW = 10.0, 3_600, 60  # seconds
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


@dataclass(frozen=True)
class Asking:
    """One sign-in that was begun, as the browser's cookie keeps it."""

    state: str
    nonce: str
    verifier: str


@dataclass
class Provider:
    """The provider of the settings. `returns_to`: our address that it sends browsers back to."""

    issuer: str
    client_id: str
    secret: str
    algorithms: tuple[str, ...]
    returns_to: str
    _known: dict[str, Any] = field(default_factory=dict)
    _until: float = 0

    async def address(self, asking: Asking) -> str:
        """Where the browser goes. Raises: Refusal EXTERNAL_SIGN_IN."""
        known = await self._description()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                known["authorization_endpoint"], state=asking.state, nonce=asking.nonce, code_verifier=asking.verifier
            )
        return str(url)

    async def subject(self, asking: Asking, code: str, iss: str | None, now: float) -> str:
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

    def _checked(self, token: object, keys: list[Key], nonce: str, now: float) -> str:
        """Raises: Refusal EXTERNAL_SIGN_IN."""
        told = self._opened(token, keys) if isinstance(token, str) else None
        if told is None:
            raise _no(Said("身份凭证的签名不正确", "the ID token is not signed by it"))
        audience = [told.aud] if isinstance(told.aud, str) else told.aud
        is_ours = self.client_id in audience and (len(audience) == 1 or told.azp == self.client_id)
        if told.iss != self.issuer or not is_ours or told.nonce != nonce:
            raise _no(Said("身份凭证不是为这次登录签发的", "the ID token is not of this sign-in"))
        if not told.iat - _SKEW <= now < told.exp + _SKEW or not 0 < len(told.sub) <= LONGEST_SUBJECT:
            raise _no(Said("身份凭证已过期", "the ID token is not in force"))
        return told.sub

    def _opened(self, token: str, keys: Iterable[Key]) -> _Told | None:
        """None: no key of the provider signed it, by an algorithm that the settings name."""
        registry = jws.JWSRegistry(algorithms=list(self.algorithms), strict_check_header=False)
        for key in keys:
            try:
                found = jws.deserialize_compact(token, key, registry=registry)
                return msgspec.json.decode(found.payload, type=_Told)
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
