"""A logout token of another provider (OpenID Connect Back-Channel Logout 1.0): what it has to say to be believed."""

from typing import Any

import msgspec

from tenant_service.identity.linked_sessions import LONGEST_SID
from tenant_service.identity.links import LONGEST_SUBJECT

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = (None, "JWT", "logout+jwt")
"""`typ` in its header; the standard recommends the last, and providers that are older say nothing or the second."""
LONGEST = 3_600
"""Seconds that one may live, for so long it is kept which were used; the standard speaks of two minutes."""
_SKEW, _LONGEST_ID = 60, 255


class LogoutToken(msgspec.Struct, frozen=True):
    """Times in Unix seconds. `nonce`: there must be none, or an ID token could be shown as one of these."""

    iss: str
    aud: str | list[str]
    iat: float
    exp: float
    jti: str
    events: dict[str, Any]
    sub: str = ""
    sid: str = ""
    nonce: Any = msgspec.UNSET

    def is_right(self, issuer: str, client: str, now: float) -> bool:
        """Whether it is of this issuer and for us alone, in force, and says that a session has ended."""
        is_ours = self.iss == issuer and self.aud in (client, [client])
        is_in_force = self.iat - _SKEW <= now < self.exp + _SKEW and self.exp <= now + LONGEST + _SKEW
        says_so = isinstance(self.events.get(EVENT), dict) and self.nonce is msgspec.UNSET
        can_be = len(self.sub) <= LONGEST_SUBJECT and len(self.sid) <= LONGEST_SID
        names = bool(self.sub or self.sid) and can_be and (self.sub + self.sid).isprintable()
        return is_ours and is_in_force and says_so and names and 0 < len(self.jti) <= _LONGEST_ID

    @property
    def kept_until(self) -> float:
        """Until when it must not count again."""
        return self.exp + _SKEW
