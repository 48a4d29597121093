"""Who asks the gateway, and how it proves to the committees that it asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import uuid_utils
from joserfc.jwk import ECKey

from sync.bus.rpc import PROOF, TOKEN
from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust import proofs
from sync.contract.trust.directory import Directory
from sync.contract.trust.tokens import FEDERATION, Claims, TokenReader

Clock = Callable[[], float]
"""Unix seconds."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks; `claims` is None for everybody without an account."""

    token: str = ""
    claims: Claims | None = None

    @property
    def home(self) -> str | None:
        return self.claims.iss if self.claims else None

    @property
    def person(self) -> tuple[str, str]:
        """Who they are throughout the federation: issuer and subject. Two empty texts for whoever has no account."""
        return (self.claims.iss, self.claims.sub) if self.claims else ("", "")


NOBODY: Final = Caller()


class Callers:
    """Tells from a token who asks."""

    def __init__(self, gateway: str, key: ECKey, clock: Clock) -> None:
        self._reader, self._clock, self._bound_to = TokenReader(gateway), clock, jose.thumbprint(key)

    def of(self, token: str | None, directory: Directory) -> Caller:
        """The caller that this token names; NOBODY without one.

        Raises:
            Refusal: BAD_TOKEN (also one that was made for another gateway), UNKNOWN_ISSUER.
        """
        if not token:
            return NOBODY
        claims = self._reader.accept(token, directory, int(self._clock()))
        if claims.cnf and claims.cnf != self._bound_to:
            raise Refusal(Code.BAD_TOKEN)
        return Caller(token, claims)

    def is_for_all(self, claims: Claims) -> bool:
        """Whether every committee takes this token from us, not only its own."""
        return FEDERATION in claims.aud and claims.cnf == self._bound_to


class Prover:
    """Signs what this gateway asks."""

    def __init__(self, gateway: str, key: ECKey, clock: Clock) -> None:
        self._gateway, self._key, self._clock = gateway, key, clock

    def headers(self, to: list[str], body: bytes, token: str) -> dict[str, str]:
        """The two signatures that go with one body: who asks, and via whom, to whom, what."""
        jti = uuid_utils.uuid7().hex
        told = proofs.proof(self._gateway, to, body, token, jti, int(self._clock()), self._key)
        return {TOKEN: token, PROOF: told} if token else {PROOF: told}
