"""User tokens: every committee is the issuer of its own users; the federation sees this one profile only.

A token says who somebody is and in which roles. What that allows elsewhere is local policy, deny by default, and never
depends on `sub`.
"""

from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory

TYPE = "at+jwt"
FEDERATION = "liandong"
"""Audience of a token that a gateway renewed for itself; it is bound to that gateway's key."""
LONGEST = 900
"""Seconds a token may live."""
SKEW = 30
"""Seconds that two clocks may differ."""
_MOST_KNOWN = 10_000


class Claims(msgspec.Struct, kw_only=True, frozen=True):
    """Times in Unix seconds.

    Attributes:
        iss: Home committee.
        sub: Account there; (iss, sub) names a user everywhere.
        roles: Codes of `tenant_service.identity.policy`.
        aud: Committees and gateways that may take it, or FEDERATION.
        person: The user's pseudonymous person id, if the account belongs to a member.
        cnf: Thumbprint of the gateway key it is bound to; empty: not bound.
    """

    iss: str
    sub: str
    roles: list[str]
    aud: list[str]
    iat: int
    exp: int
    jti: str
    name: str = ""
    person: str | None = None
    cnf: str = ""


def issued(claims: Claims, key: ECKey) -> str:
    return jose.sign(TYPE, msgspec.json.encode(claims), key)


@dataclass
class TokenReader:
    """Accepts tokens for one audience; remembers what it has checked until it expires.

    `kind`: what claims are read into; a home may say more in tokens of its own than others read.
    """

    audience: str
    kind: type[Claims] = Claims
    _known: dict[str, Claims] = field(default_factory=dict)
    _serial: int = -1

    def accept(self, token: str, directory: Directory, now: int) -> Claims:
        """The claims of a token that its home signed, for us, and that is in force.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER.
        """
        if directory.serial != self._serial or len(self._known) > _MOST_KNOWN:  # a suspension must count at once
            self._known.clear()
            self._serial = directory.serial
        claims = self._known.get(token)
        if claims is None:
            claims = self._known[token] = self._checked(token, directory, now)
        home = directory.entries[claims.iss]
        in_force = claims.iat - SKEW <= now < claims.exp and claims.exp - claims.iat <= LONGEST
        if not in_force or claims.iat < home.nbf_tokens:
            raise Refusal(Code.BAD_TOKEN)
        return claims

    def _checked(self, token: str, directory: Directory, now: int) -> Claims:
        try:
            claims = msgspec.json.decode(jose.payload_of(token), type=self.kind)
        except (jose.Untrusted, msgspec.DecodeError, ValueError):
            raise Refusal(Code.BAD_TOKEN) from None
        if not directory.is_active(claims.iss):
            raise Refusal(Code.UNKNOWN_ISSUER, issuer=claims.iss[:20])
        if not any(_signed(token, key) for key in directory.keys(claims.iss, "token", now)):
            raise Refusal(Code.BAD_TOKEN)
        bound_to_a_gateway = FEDERATION in claims.aud and claims.cnf
        if self.audience not in claims.aud and not bound_to_a_gateway:
            raise Refusal(Code.BAD_TOKEN)
        return claims


def _signed(token: str, key: ECKey) -> bool:
    try:
        jose.opened(TYPE, token, key)
    except jose.Untrusted:
        return False
    return True


def bearer_of(said: object) -> str | None:
    """The token of an Authorization header, or of a greeting that has the same in it; None where nothing is said.

    Raises:
        Refusal: BAD_TOKEN, something else is said.
    """
    if said is None:
        return None
    scheme, _, token = said.partition(" ") if isinstance(said, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(Code.BAD_TOKEN)
    return token.strip()
