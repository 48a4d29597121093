"""Jiashan, its neighbours, two gateways, and everything that signs: tokens and proofs, good ones and bad ones."""

from dataclasses import dataclass
from functools import cache

import msgspec
from joserfc.jwk import ECKey

from sync.bus.rpc import PROOF, TOKEN
from sync.contract import jose
from sync.contract.trust import proofs, tokens
from sync.contract.trust.directory import Contents, Directory, Listed, Use
from sync.contract.trust.tokens import Claims
from tests.tenant_service.places import JIASHAN, JIAXING, SPRING, ZHEJIANG

GATEWAY, OTHER_GATEWAY = "gateway-330400", "gateway-330100"
RETURNS_TO = "https://gateway.example/signed-in"
NOW = int(SPRING.timestamp())


@cache
def key(id: str, use: str) -> ECKey:
    del id, use
    return jose.new_key()


def listed(id: str, uses: tuple[Use, ...], **about: object) -> Listed:
    keys = {use: [jose.public(key(id, use))] for use in uses}
    return msgspec.convert({"id": id, "name": id, "keys": keys, **about}, Listed)


def directory(serial: int = 1, expires_at: int = 2**40, **changed: dict[str, object]) -> Directory:
    """`changed`: what is different about an entry, by its id with an `_` before it."""
    entries = [
        listed(ZHEJIANG, ("token",), level="PROVINCE"),
        listed(JIAXING, ("token",), level="CITY", parent=ZHEJIANG),
        listed(JIASHAN, ("token",), parent=JIAXING),
        listed(GATEWAY, ("request",), kind="gateway", login_url=RETURNS_TO),
        listed(OTHER_GATEWAY, ("request",), kind="gateway", login_url=f"{RETURNS_TO}?of=other"),
    ]
    entries = [
        msgspec.structs.replace(each, **changed.get(f"_{each.id.replace('-', '_')}", {})) for each in entries
    ]  # fmt: skip
    return Directory(Contents(serial=serial, issued_at=0, expires_at=expires_at, entries=entries))


@dataclass
class Keeper:
    """The directory in force; tests replace it."""

    now: Directory

    def __call__(self) -> Directory:
        return self.now


GOOD = Claims(
    iss=JIAXING, sub="330400.account.1", roles=["clerk"], aud=["liandong"], iat=NOW - 10, exp=NOW + 290, jti="1",
    cnf=jose.thumbprint(key(GATEWAY, "request")),
)  # fmt: skip


def claims(**changed: object) -> Claims:
    return msgspec.structs.replace(GOOD, **changed)


def token(told: Claims = GOOD, signer: ECKey | None = None) -> str:
    return tokens.issued(told, signer or key(told.iss, "token"))


def headers(
    body: bytes, user: str, *, gateway: str = GATEWAY, to: tuple[str, ...] = (JIASHAN,), jti: str = "a", now: int = NOW,
    signer: ECKey | None = None,
) -> dict[str, str]:  # fmt: skip
    """What a gateway sends with a body."""
    proof = proofs.proof(gateway, list(to), body, user, jti, now, signer or key(gateway, "request"))
    return {TOKEN: user, PROOF: proof} if user else {PROOF: proof}
