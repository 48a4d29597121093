"""履职码 (check-in code): a member's home vouches, for one activity and a short while, that this is its member.

The host checks it offline against its last good directory; each code is taken once per activity.
"""

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.trust.directory import Directory

TYPE = "liandong-code+jws"
WALK_IN = 60
"""Seconds that a code shown without signing up is valid."""


class CheckInCode(msgspec.Struct, kw_only=True, frozen=True):
    """Times in Unix seconds.

    Attributes:
        person: Pseudonymous id; its owner is the home that signs.
        name: Name shown at the desk; signing up, or showing the code, is consent.
        activity: Where it may be used; empty: a walk-in's code, at any desk.
        jti: Unique; a desk takes each once per activity.
    """

    person: str
    name: str
    activity: str
    jti: str
    iat: int
    exp: int


def issued(code: CheckInCode, key: ECKey) -> str:
    return jose.sign(TYPE, msgspec.json.encode(code), key)


def accepted(text: str, activity: str, directory: Directory, now: int) -> CheckInCode:
    """The code, signed by its member's home, for this activity, and in force.

    Raises:
        Refusal: CODE_INVALID or CODE_EXPIRED.
    """
    try:
        told = msgspec.json.decode(jose.payload_of(text), type=CheckInCode)
    except (jose.Untrusted, msgspec.DecodeError, ValueError):
        raise Refusal(Code.CODE_INVALID) from None
    if not any(_signed(text, key) for key in directory.keys(owner_of(told.person), "code", now)):
        raise Refusal(Code.CODE_INVALID)
    if told.activity not in ("", activity) or (not told.activity and told.exp - told.iat > WALK_IN):
        raise Refusal(Code.CODE_INVALID)
    if not told.iat - WALK_IN <= now < told.exp:
        raise Refusal(Code.CODE_EXPIRED)
    return told


def _signed(text: str, key: ECKey) -> bool:
    try:
        jose.opened(TYPE, text, key)
    except jose.Untrusted:
        return False
    return True
