"""Signatures and sealed bodies: the one place that knows an algorithm, so that another (SM2) can be added here.

All signatures are ES256, all sealed bodies ECDH-ES+A256KW with A256GCM; algorithm lists are always said, because the
libraries' default sets are wrong for us. Every signed thing names its `typ`, so none can be used as another.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

T = TypeVar("T")
SIGNING = ["ES256"]
SEALING = ["ECDH-ES+A256KW", "A256GCM"]

_USUAL, _LARGE = jws.JWSRegistry(algorithms=SIGNING), jws.JWSRegistry(algorithms=SIGNING)
_LARGE.max_payload_length = 16 * 1024**2
_ES256 = _USUAL.get_alg(SIGNING[0])
Sealed = dict[str, Any]
"""A sealed body, as JSON."""


class Untrusted(Exception):
    """The bytes are not what their key would have signed or sealed. Says nothing more, on purpose."""


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", auto_kid=True)


def public(key: ECKey) -> dict[str, Any]:
    """The public JWK, with its kid (the thumbprint)."""
    return {**key.as_dict(private=False), "kid": key.kid}


def thumbprint(key: ECKey) -> str:
    return key.thumbprint()


def sign(typ: str, payload: bytes, key: ECKey) -> str:
    """Compact JWS."""
    _ES256.check_key(key)
    signed = b"%s.%s" % (_header(typ, key.kid), _base64(payload))
    return f"{signed.decode()}.{_base64(_ES256.sign(signed, key)).decode()}"


@lru_cache(maxsize=100)
def _header(typ: str, kid: str | None) -> bytes:
    """A header as it is signed: one key says the same in all its headers, and to check and write it took about as long
    as to sign.
    """
    told = {"alg": SIGNING[0], "kid": kid, "typ": typ}
    _USUAL.check_header(told)
    return _base64(msgspec.json.encode(told))


def _base64(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


def header_of(token: str) -> dict[str, Any]:
    """The header, unchecked: good for choosing a key, for nothing else.

    Raises:
        Untrusted: not a compact JWS.
    """
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, UnicodeError) as error:
        raise Untrusted(str(error)) from None


@lru_cache(maxsize=1_000)
def _told_in(header: str) -> tuple[object, object]:
    told = header_of(f"{header}..")
    return told.get("typ"), told.get("kid")


def type_and_signer(token: str) -> tuple[object, object]:
    """What a compact JWS of any size calls itself, and whose key it says it was signed with; unchecked. Headers that
    are the same are read once.

    Raises:
        Untrusted: not a compact JWS.
    """
    return _told_in(token.partition(".")[0])


def payload_of(token: str) -> bytes:
    """The payload, unchecked: good for finding out whose key to check with, for nothing else.

    Raises:
        Untrusted: not a compact JWS.
    """
    try:
        return jws.extract_compact(token.encode()).payload
    except (JoseError, ValueError, UnicodeError) as error:
        raise Untrusted(str(error)) from None


def opened(typ: str | Collection[str | None], token: str, key: ECKey, *, is_large: bool = False) -> bytes:
    """The payload, signed by `key` as a `typ`, or as one of several where others' programs sign.

    `is_large`: it may be of 16 MB, and not only of 128 kB.

    Raises:
        Untrusted: it is not.
    """
    try:
        found = jws.deserialize_compact(token, key, registry=_LARGE if is_large else _USUAL)
    except (JoseError, ValueError, TypeError) as error:
        raise Untrusted(str(error)) from None
    said = found.headers().get("typ")
    if said != typ if isinstance(typ, str) else said not in typ:
        raise Untrusted(f"not a {typ}")
    return found.payload


def decoded(payload: bytes, read: Callable[[bytes], T]) -> T:
    """What `read` makes of a payload that was signed. Raises: Untrusted, it is nothing that would have been."""
    try:
        return read(payload)
    except msgspec.DecodeError as error:
        raise Untrusted(str(error)) from None


def sign_detached(typ: str, payload: bytes, key: ECKey) -> str:
    """A JWS without its payload (RFC 7515 appendix F)."""
    return jws.detach_content(sign(typ, payload, key))


def is_signed(typ: str, proof: str, payload: bytes, key: ECKey) -> bool:
    """Whether `key` signed `payload` as a `typ`. A proof that brings its own payload is refused."""
    first, middle, rest = (f"{proof}..").split(".", 2)
    if not first or middle or not rest:
        return False
    try:
        found = jws.deserialize_compact(proof, key, algorithms=SIGNING, payload=payload)
    except (JoseError, ValueError, TypeError):
        return False
    return bool(found.headers().get("typ") == typ and found.payload == payload)


def seal(payload: bytes, *to: ECKey) -> Sealed:
    """JWE (RFC 7516, general JSON serialization) that only the holders of these keys open."""
    made = jwe.GeneralJSONEncryption({"enc": SEALING[1]}, payload)
    for key in to:
        made.add_recipient({"alg": SEALING[0]}, key)
    return dict(jwe.encrypt_json(made, None, algorithms=SEALING))


def unsealed(sealed: Sealed | str, key: ECKey) -> bytes:
    """What `seal` sealed; a compact JWE, for one key alone, is read as well.

    Raises:
        Untrusted: it was not sealed to this key.
    """
    try:
        if isinstance(sealed, str):
            found = jwe.decrypt_compact(sealed, key, algorithms=SEALING).plaintext
        else:  # the library gives up at the first recipient that is somebody else
            mine = [each for each in sealed["recipients"] if each["header"]["kid"] == key.kid]
            of_mine: Any = {**sealed, "recipients": mine}
            found = jwe.decrypt_json(of_mine, key, algorithms=SEALING).plaintext
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Untrusted(str(error)) from None
    if found is None:
        raise Untrusted("empty")
    return found


def read_key(jwk: dict[str, Any] | bytes) -> ECKey:
    """A key from its JWK.

    Raises:
        Untrusted: not an EC key on P-256.
    """
    try:
        told = msgspec.json.decode(jwk, type=dict[str, Any]) if isinstance(jwk, bytes) else jwk
        key = ECKey.import_key(told)
    except (JoseError, ValueError, TypeError, msgspec.DecodeError) as error:
        raise Untrusted(str(error)) from None
    if key.curve_name != "P-256":
        raise Untrusted(key.curve_name)
    if not key.kid:
        key.ensure_kid()
    return key
