"""The registrar's audit log: every act, in lines that hang together by their hashes. It is also all that the registrar
knows: where a party stands is what its acts come to.

    {"n": 3, "at": 1775030400, "who": "王芳", "act": {"type": "invited", …}, "prev": "<hash of line 2>", "hash": "…"}

A line that is altered, taken out or put in breaks the chain. A log that was written anew from some line on, or whose
tail is cut off, is whole in itself; but the number and the hash of the newest line stand in every part of the directory
that was signed, and those parts are in everybody's hands.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sync.registrar.acts import Act, Line


class Broken(Exception):
    """The ledger is not what was written; says where."""


class Ledger:
    """One file. Two commands at once wait for each other."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[Line]:
        """Oldest first.

        Raises:
            Broken: a line was altered, taken out or put in.
        """
        return list(_checked(self._path.read_bytes() if self._path.exists() else b""))

    @contextmanager
    def held(self) -> Iterator[list[Line]]:
        """The lines, and nobody else writes meanwhile. Raises: Broken, OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.lines()

    def append(self, before: list[Line], act: Act, who: str, at: int) -> Line:
        """The line is on disk, after those `before`; call it while `held`. Raises: OSError, nothing was written."""
        line = after(before[-1] if before else None, act, who, at)
        told = msgspec.json.encode(line) + b"\n"
        file = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            size = os.fstat(file).st_size
            if os.write(file, told) < len(told):
                os.ftruncate(file, size)
                raise OSError("the disk is full")
            os.fsync(file)
        finally:
            os.close(file)
        return line


def after(before: Line | None, act: Act, who: str, at: int) -> Line:
    """The next line, with its hash."""
    number, prev = (before.n + 1, before.hash) if before else (1, Line.START)
    line = Line(n=number, at=at, who=who, act=act, prev=prev)
    return msgspec.structs.replace(line, hash=_digest(line))


def _checked(text: bytes) -> Iterator[Line]:
    before: Line | None = None
    for number, told in enumerate(text.splitlines(), 1):
        try:
            line = msgspec.json.decode(told, type=Line)
        except msgspec.DecodeError:
            raise Broken(f"line {number} cannot be read") from None
        if line.hash != _digest_of(told, line.hash):
            raise Broken(f"line {number} was altered")
        if (line.n, line.prev) != ((before.n + 1, before.hash) if before else (1, Line.START)):
            raise Broken(f"line {number} does not follow the one before")
        before = line
        yield line


def _digest(line: Line) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(line, hash=""))).hexdigest()


def _digest_of(told: bytes, hash: str) -> str:
    """Of the line as it was written, and not as this release would write it: acts may have got fields since."""
    rest, shown, end = told.rpartition(b'"hash":"' + hash.encode() + b'"')
    return hashlib.sha256(rest + b'"hash":""' + end).hexdigest() if shown and end == b"}" else ""
