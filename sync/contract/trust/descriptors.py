"""自述 (descriptor): what a committee or a gateway says of itself, signed by its own root key.

The root key is kept offline and signs nothing else but what admission asks of it. A registrar vouches for the root's
thumbprint and for nothing in the descriptor, so it can neither give a committee another key nor move its sign-in page.
A newer descriptor has a higher `seq`; the keys of two that follow each other overlap, so that nothing stops between.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.strangers import reading
from sync.contract.trust.directory import Use

TYPE = "liandong-descriptor+jws"
KEY_LIVES = 3 * 365 * 86_400
"""Seconds for which a new key is good, unless it is replaced before."""
KEYS_WARN = 60 * 86_400
"""Seconds before the end of a party's keys from which on people are told."""
OVERLAP = 30 * 86_400
"""Seconds for which a key that was replaced is still good: nobody signs with it any more, but what it signed is read,
and a directory that shows the new one may take a while to reach everybody.
"""
_REMEMBERED = 8_192
"""Descriptors, of some 2 kB each, that are not checked again: those of a whole nation, and as many that replace them.
"""


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public JWK on P-256, what it is for, and from when until when; Unix seconds. Its kid is its thumbprint.

    An `event` key is past its `exp` when its owner signs with another; what it signed stays good as long as it is
    shown.
    """

    use: Use
    x: str
    y: str
    nbf: int
    exp: int
    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """A public JWK on P-256."""

    x: str
    y: str
    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"


class Descriptor(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed. Times in Unix seconds.

    Attributes:
        seq: Grows with every descriptor of this party; two different ones never have the same.
        parent: The committee above it. It counts only if the registrar says the same.
        keys: Newest first within a use.
        nats_account: Public key of its account at the hub; empty: the hub makes one.
        login_url: Where its users sign in (committee), or come back to (gateway).
        contact: Whom to call, for the people of other committees.
        root: The key that signs this.
    """

    id: str
    seq: int
    issued_at: int
    name: str
    root: Root
    keys: list[PublicKey]
    kind: Literal["committee", "gateway"] = "committee"
    short_name: str = ""
    level: Level = Level.COUNTY
    parent: str | None = None
    nats_account: str = ""
    login_url: str | None = None
    contact: str = ""


_descriptor = reading(msgspec.json.Decoder(Descriptor).decode)


def root_of(key: ECKey) -> Root:
    told = key.as_dict(private=False)
    return Root(x=str(told["x"]), y=str(told["y"]))


def public_key(jwk: dict[str, Any], use: Use, nbf: int, exp: int) -> PublicKey:
    """`jwk`: a public key on P-256; the file of a private one is read as well, and its secret is left out."""
    return PublicKey(use=use, x=jwk["x"], y=jwk["y"], nbf=nbf, exp=exp)


def signed(descriptor: Descriptor, root: ECKey) -> str:
    return jose.sign(TYPE, msgspec.json.encode(descriptor), root)


def digest(text: str) -> str:
    """By which a directory names a descriptor: SHA-256 of its text, base64url."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@lru_cache(maxsize=_REMEMBERED)
def read(text: str) -> tuple[Descriptor, str]:
    """The descriptor, signed by the root it names, and that root's thumbprint. Whether it is the right root, the
    directory says.

    Raises:
        jose.Untrusted: malformed, or signed by another key.
    """
    try:
        told = _descriptor(jose.payload_of(text))
    except msgspec.DecodeError as error:
        raise jose.Untrusted(str(error)) from None
    root = key_of(told.root)
    jose.opened(TYPE, text, root)
    return told, jose.thumbprint(root)


def key_of(root: Root) -> ECKey:
    """Raises: jose.Untrusted, it is no key on P-256."""
    return jose.read_key(msgspec.to_builtins(root))


def thumbprint(root: Root) -> str:
    return jose.thumbprint(key_of(root))


def fingerprint(descriptor: str) -> str:
    """What two people compare, by telephone or face to face: 32 hex digits in groups of four.

    It is of the whole text: the root and everything that it signed.
    """
    hexed = hashlib.sha256(descriptor.encode()).hexdigest()[:32]
    return " ".join(hexed[at : at + 4] for at in range(0, len(hexed), 4))


def spelled(fingerprint: str) -> str:
    """A fingerprint as it is compared, however somebody typed it."""
    return "".join(fingerprint.split()).replace("-", "").lower()


def soonest_end(descriptor: Descriptor) -> int:
    """When the first use is left without a key in force, unless the party replaces it before; Unix seconds."""
    by_use: dict[Use, int] = {}
    for key in descriptor.keys:
        by_use[key.use] = max(by_use.get(key.use, 0), key.exp)
    return min(by_use.values(), default=0)


def jwks(keys: Iterable[PublicKey]) -> dict[Use, list[dict[str, Any]]]:
    """Use → JWKs with `nbf` and `exp`, as the resolved directory holds them."""
    found: dict[Use, list[dict[str, Any]]] = {}
    for key in keys:
        told = {"kty": key.kty, "crv": key.crv, "x": key.x, "y": key.y, "nbf": key.nbf, "exp": key.exp}
        found.setdefault(key.use, []).append(told)
    return found
