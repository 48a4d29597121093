"""How entries of the audit log hang together: each entry's hash covers what it says and the hash before it."""

import datetime as dt
from hashlib import sha256
from typing import Protocol

GENESIS = sha256(b"liandong-audit/1\n").digest()
"""The chain before the first entry."""


class Said(Protocol):
    """What an entry says. `digest`: of what is kept beside it, such as a typed reason; never the words themselves."""

    @property
    def at(self) -> dt.datetime: ...
    @property
    def iss(self) -> str: ...
    @property
    def sub(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def digest(self) -> bytes | None: ...


def link(chain: bytes, seq: int, entry: Said) -> bytes:
    """The chain after this entry, as number `seq` behind `chain`."""
    at = entry.at.astimezone(dt.UTC).isoformat()  # as a database gives it back, wherever the clock was
    parts = [str(seq), at, entry.iss, entry.sub, entry.act, entry.subject]
    if entry.digest is not None:  # entries of releases that knew no digest keep their hash
        parts.append(entry.digest.hex())
    return sha256(chain + sha256("\n".join(parts).encode()).digest()).digest()


def digest_of(*words: str) -> bytes:
    """The digest of what is kept beside an entry."""
    return sha256("\n".join(words).encode()).digest()
