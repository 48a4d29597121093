"""Who may read what and who signs with which key, as cheap as a simulator needs it.

A proof is `<number of the key>:<HMAC>`; knowing a directory means knowing the numbers of keys up to the one it shows.
What real signatures are worth is proven elsewhere; here it matters who knows which key, and when.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from joserfc.jwk import ECKey

from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import parts_of
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.log import Head, erasure_statement, stand_statement, statement


@dataclass(frozen=True)
class Rights:
    """What a directory says, as far as the bus asks.

    Attributes:
        readers: Log → who may read it, nearest first.
        keys: Owner → the number of its newest key.
    """

    serial: int
    readers: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, int]

    def without(self, log: str, reader: str) -> "Rights":
        left = tuple(each for each in self.readers[log] if each != reader)
        return replace(self, serial=self.serial + 1, readers={**self.readers, log: left})

    def with_reader(self, log: str, reader: str) -> "Rights":
        return replace(self, serial=self.serial + 1, readers={**self.readers, log: (*self.readers[log], reader)})

    def with_key(self, owner: str) -> "Rights":
        return replace(self, serial=self.serial + 1, keys={**self.keys, owner: self.keys[owner] + 1})


class Sketch(Directory):
    """A directory of few committees and few logs; who is whose parent is not asked here, only what comes of it."""

    def __init__(self, rights: Rights) -> None:
        members = sorted({each for log, readers in rights.readers.items() for each in (parts_of(log)[0], *readers)})
        super().__init__(
            Contents(
                serial=rights.serial, issued_at=0, expires_at=2**40, entries=[Listed(id=id, name=id) for id in members]
            )
        )
        self.rights = rights

    def channels_of(self, owner: str) -> list[str]:
        return [parts_of(log)[1] for log in self.rights.readers if parts_of(log)[0] == owner]

    def readers(self, log: str) -> list[str]:
        return list(self.rights.readers.get(log, ()))

    def is_reader(self, log: str, reader: str) -> bool:
        return reader in self.rights.readers.get(log, ())

    def follows(self, reader: str) -> list[str]:
        return [log for log, readers in self.rights.readers.items() if reader in readers]


@cache
def _unused() -> ECKey:
    """`Trust` has a key; these sign with a number instead."""
    return jose.new_key()


class Seals(Trust):
    """The trust of one committee: real rules of who may ask whom, over a sketch, with HMACs for signatures."""

    directory: Sketch

    def __init__(self, me: str, rights: Rights) -> None:
        super().__init__(me, Sketch(rights), _unused())
        self.signs_with = rights.keys.get(me, 1)

    def sign(self, log: str, head: Head) -> str:
        return proof_of(self.me, self.signs_with, statement(log, head))

    def verify(self, log: str, head: Head) -> bool | None:
        return self._is_said(log, head.proof, statement(log, head))

    def sign_erasure(self, log: str, head: Head) -> str:
        return proof_of(self.me, self.signs_with, erasure_statement(log, head))

    def erased(self, log: str, head: Head) -> bool | None:
        return self._is_said(log, head.proof, erasure_statement(log, head))

    def sign_stand(self, log: str, head: Head, nonce: str) -> str:
        return proof_of(self.me, self.signs_with, stand_statement(log, head, nonce))

    def stands(self, log: str, head: Head, nonce: str, proof: str) -> bool:
        return bool(self._is_said(log, proof, stand_statement(log, head, nonce)))

    def _is_said(self, log: str, proof: str, said: bytes) -> bool | None:
        number, _, _ = proof.partition(":")
        if not number.isdecimal():
            return False
        owner, _ = parts_of(log)
        if int(number) > self.directory.rights.keys.get(owner, 1):
            return None
        return hmac.compare_digest(proof, proof_of(owner, int(number), said))


def proof_of(owner: str, number: int, said: bytes) -> str:
    made = hmac.new(f"{owner}/{number}".encode(), said, hashlib.sha256)
    return f"{number}:{made.hexdigest()[:20]}"
