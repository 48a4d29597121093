"""Request proofs: via whom a question comes, to whom it goes, and what it says. One proof serves a whole fan-out.

The user's token says who asks; the gateway's proof ties it to one body, one set of committees and one minute, so that
nobody who sees either can use it for anything else.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory
from sync.contract.trust.tokens import SKEW, Claims

TYPE = "liandong-proof+jwt"
LIFE = 60
"""Seconds."""
_KEPT = 120
_SWEPT_ABOVE = 1_000


class Proof(msgspec.Struct, kw_only=True, frozen=True):
    """Times in Unix seconds; `bh` and `ath` are base64url SHA-256 of the body and of the token."""

    iss: str
    aud: list[str]
    bh: str
    ath: str
    iat: int
    exp: int
    jti: str


def digest(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def proof(gateway: str, to: list[str], body: bytes, token: str, jti: str, now: int, key: ECKey) -> str:
    told = Proof(
        iss=gateway, aud=to, bh=digest(body), ath=digest(token.encode()), iat=now, exp=now + LIFE, jti=jti,
    )  # fmt: skip
    return jose.sign(TYPE, msgspec.json.encode(told), key)


@dataclass
class ProofReader:
    """Accepts each proof once."""

    audience: str
    _seen: dict[str, int] = field(default_factory=dict)

    def accept(
        self, text: str, body: bytes, token: str, claims: Claims | None, directory: Directory, now: int, *,
        alone: bool = False,
    ) -> str:  # fmt: skip
        """The gateway that proves this request. `alone`: it must be for us and nobody else, as a proof for several is
        known to each of them.

        Raises:
            Refusal: BAD_PROOF.
        """
        try:
            told = msgspec.json.decode(jose.payload_of(text), type=Proof)
        except (jose.Untrusted, msgspec.DecodeError, ValueError):
            raise Refusal(Code.BAD_PROOF) from None
        listed = directory.entries.get(told.iss)
        if listed is None or listed.kind != "gateway":
            raise Refusal(Code.BAD_PROOF)
        signer = next((key for key in directory.keys(told.iss, "request", now) if _signed(text, key)), None)
        is_ours = told.aud == [self.audience] if alone else self.audience in told.aud
        fits = (
            is_ours and told.bh == digest(body) and told.ath == digest(token.encode())
            and told.iat - SKEW <= now < told.exp + SKEW and told.exp - told.iat <= LIFE
        )  # fmt: skip
        bound = claims is None or not claims.cnf or (signer is not None and claims.cnf == jose.thumbprint(signer))
        if signer is None or not fits or not bound or not self._first_time(told, now):
            raise Refusal(Code.BAD_PROOF)
        return told.iss

    def _first_time(self, told: Proof, now: int) -> bool:
        name = f"{told.iss} {told.jti}"
        if name in self._seen:
            return False
        if len(self._seen) > _SWEPT_ABOVE:
            self._seen = {each: until for each, until in self._seen.items() if until > now}
        self._seen[name] = now + _KEPT
        return True


def _signed(text: str, key: ECKey) -> bool:
    try:
        jose.opened(TYPE, text, key)
    except jose.Untrusted:
        return False
    return True
