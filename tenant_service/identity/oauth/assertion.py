"""An application proves by its key who it is (private_key_jwt, RFC 7523). Our own check: the library's takes whatever
algorithm the proof names, and lets it live as long as it says.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import msgspec
from authlib.oauth2.rfc6749 import InvalidClientError
from joserfc.jwk import ECKey

from sync.contract import jose
from tenant_service.identity import grants
from tenant_service.identity.oauth.asked import Asked
from tenant_service.identity.oauth.registered import Registered
from tenant_service.storage.unit_of_work import Unit

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = 3_600
"""Seconds that a proof may live; libraries make them for an hour."""
_SKEW = 60
_TYPES = frozenset({None, "JWT", "client-authentication+jwt"})


class _Told(msgspec.Struct, frozen=True):
    """Times in Unix seconds."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    jti: str
    iat: float = 0
    nbf: float = 0


@dataclass(frozen=True)
class ByKey:
    """Who asks, by the proof in the request. `audiences`: whom a proof may be for, any one of them."""

    unit: Unit
    audiences: frozenset[str]

    def __call__(self, query_client: Any, asked: Asked) -> Registered | None:
        """None: there is no proof in the request.

        Raises:
            InvalidClientError: it proves nothing, or was used before.
        """
        proof = asked.form.get("client_assertion")
        if not proof or asked.form.get("client_assertion_type") != ASSERTION:
            return None
        told = _read(proof)
        found: Registered | None = query_client(told.iss)
        if found is None or told.sub != told.iss or asked.form.get("client_id", told.iss) != told.iss:
            raise InvalidClientError(description="the proof names no application, or another one")
        if not any(_signed(proof, key) for key in found.client.keys):
            raise InvalidClientError(description="the proof was not signed by a key of the application, with ES256")
        self._check(told)
        return found

    def _check(self, told: _Told) -> None:
        now = self.unit.now.timestamp()
        named = [told.aud] if isinstance(told.aud, str) else told.aud
        if len(named) != 1 or named[0] not in self.audiences:
            raise InvalidClientError(description="the proof is for somebody else")
        if not now < told.exp <= now + LONGEST + _SKEW or max(told.iat, told.nbf) > now + _SKEW:
            raise InvalidClientError(description="the proof is over, or lives too long")
        until = dt.datetime.fromtimestamp(told.exp, dt.UTC)
        if not told.jti or not grants.use_assertion(self.unit, told.iss, told.jti, until):
            raise InvalidClientError(description="the proof was used before")


def _read(proof: str) -> _Told:
    try:
        return msgspec.json.decode(jose.payload_of(proof), type=_Told)
    except (jose.Untrusted, msgspec.DecodeError, ValueError):
        raise InvalidClientError(description="the proof cannot be read") from None


def _signed(proof: str, key: ECKey) -> bool:
    try:
        jose.opened(_TYPES, proof, key)
    except jose.Untrusted:
        return False
    return True
