"""Keys of the hub and the statements signed with them: who is an account there, and who may speak for it.

These are NATS's own (nkeys: Ed25519; JWTs with the `ed25519-nkey` algorithm); they open the line and say nothing about
committees. What a committee says is signed with its keys in the directory (`sync.contract.jose`).
"""

import hashlib
import os
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from enum import IntEnum
from typing import Any

import msgspec
import nkeys

_HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}
_NO_LIMIT = {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": True, "leaf": 0}
_JETSTREAM = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}
_EVERYBODY_UNTIL = {"*": 4_102_444_800}
"""Everybody's statement made before 2100 is void: an account nobody can use, whatever the clocks say."""
MOST_CONNECTIONS = 64
"""Of one committee or gateway at a time: its processes, and those that are just being replaced."""
MOST_PAYLOAD = 1024**2
"""Bytes of one message of a committee or gateway, headers and all."""
MOST_SUBSCRIPTIONS = 500
"""Of one connection: two for each stream that is read, and a handful."""

Claims = dict[str, Any]


class Role(IntEnum):
    OPERATOR = nkeys.PREFIX_BYTE_OPERATOR
    ACCOUNT = nkeys.PREFIX_BYTE_ACCOUNT
    USER = nkeys.PREFIX_BYTE_USER


class NKey:
    """A key pair; its seed is the secret."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._pair = nkeys.from_seed(bytearray(seed.encode()))
        self.public: str = self._pair.public_key.decode().rstrip("=")

    @classmethod
    def new(cls, role: Role, drawn: bytes = b"") -> "NKey":
        """`drawn`: 32 secret bytes that make the key; without them they are drawn here."""
        return cls(nkeys.encode_seed(drawn or os.urandom(32), int(role)).decode())

    def sign(self, data: bytes) -> bytes:
        return bytes(self._pair.sign(data))


# ── statements ──


def operator(key: NKey, system_account: str, now: int) -> str:
    """The operator's own statement, which the server's configuration shows."""
    return _statement(key, key.public, "liandong", {"type": "operator", "system_account": system_account}, now)


def account(claims: Claims, about: str, name: str, issuer: NKey, now: int) -> str:
    """The operator says what the account with the public key `about` may do."""
    return _statement(issuer, about, name, claims, now)


def account_claims(
    *,
    exports: list[Claims] | None = None,
    imports: list[Claims] | None = None,
    jetstream: bool = False,
    allowed: Claims | None = None,
    connects: bool = True,
) -> Claims:
    """Args:
    allowed: Where its users may speak and listen (`permissions`), unless their own statements say otherwise. The
        server applies a change of it to those who are connected as well.
    connects: Whether it has users at all; else it only stands between others.
    """
    few = {"conn": MOST_CONNECTIONS if connects else 0, "subs": MOST_SUBSCRIPTIONS, "payload": MOST_PAYLOAD}
    limits = _NO_LIMIT | {"conn": -1} | _JETSTREAM if jetstream else _NO_LIMIT | few
    claims: Claims = {"type": "account", "limits": limits, "default_permissions": allowed or permissions()}
    if exports:
        claims["exports"] = exports
    if imports:
        claims["imports"] = imports
    return claims


def permissions(speak: list[str] | None = None, listen: list[str] | None = None, *, answer_seconds: int = 0) -> Claims:
    """Publishing to `speak` and subscribing to `listen` is allowed and nothing else; without both, everything.

    With `answer_seconds` whoever was asked may answer once within so many seconds, where the question said.
    """
    claims: Claims = {"pub": {"allow": speak} if speak else {}, "sub": {"allow": listen} if listen else {}}
    if answer_seconds:
        claims["resp"] = {"max": 1, "ttl": answer_seconds * 10**9}
    return claims


def disabled_account() -> Claims:
    """Nobody can connect to it, and whoever is connected is cut."""
    return account_claims() | {"revocations": dict(_EVERYBODY_UNTIL)}


def service_export(subject: str, *, many_answers: bool = False, answer_seconds: int = 0) -> Claims:
    """Importers may ask on `subject`; their reply subjects never reach this account.

    `answer_seconds`: so long the server waits for an answer, and remembers who asked; 0: two minutes.
    """
    kind = "Stream" if many_answers else "Singleton"
    told = {"name": subject, "subject": subject, "type": "service", "response_type": kind}
    return told | {"response_threshold": answer_seconds * 10**9} if answer_seconds else told


def service_import(subject: str, of: str, *, at: str = "") -> Claims:
    """This account may ask on `subject`, which the account with the public key `of` exports (whole or wider).

    `at`: the subject's name in this account, with `$1`, `$2` … where `subject` has its wildcards; "": the same one.
    """
    told = {"name": subject, "subject": subject, "account": of, "type": "service"}
    return told | {"local_subject": at} if at else told


def user_credentials(account_key: NKey, name: str, now: int) -> str:
    """The text of a `.creds` file for a new user of this account. It is a secret."""
    key = NKey.new(Role.USER)
    # Its own permissions would be put above the account's, which follow the directory; so it says none.
    claims: Claims = {
        "type": "user", "issuer_account": account_key.public, "pub": {}, "sub": {},
        "subs": -1, "data": -1, "payload": -1,
    }  # fmt: skip
    statement = _statement(account_key, key.public, name, claims, now)
    return (
        f"-----BEGIN NATS USER JWT-----\n{statement}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{key.seed}\n------END USER NKEY SEED------\n"
    )


def _statement(issuer: NKey, about: str, name: str, claims: Claims, now: int) -> str:
    told = {"iat": now, "iss": issuer.public, "name": name, "sub": about, "nats": {**claims, "version": 2}}
    told["jti"] = b32encode(hashlib.sha256(msgspec.json.encode(told)).digest()).rstrip(b"=").decode()
    signed = f"{_b64(msgspec.json.encode(_HEADER))}.{_b64(msgspec.json.encode(told))}"
    return f"{signed}.{_b64(issuer.sign(signed.encode()))}"


class Statement(msgspec.Struct):
    """What is said in a statement, unchecked: `sub` is whom it is about, `iat` when it was made (Unix seconds)."""

    sub: str
    name: str
    iat: int
    nats: Claims


def read(statement: str) -> Statement:
    """Raises: ValueError, it is no statement."""
    _, _, rest = statement.partition(".")
    payload = rest.partition(".")[0]
    return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Statement)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
