"""What a committee's people did, kept outside its database: an intent before each act, and what came of it after.

Lines of JSON, flushed to disk one by one, in small files that stay below any limit set on the size of the database.
Moments are `time.monotonic_ns`, the same for all processes of a machine. The checker believes this and nothing else.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

_LARGEST = 64 * 1024


class Intent(msgspec.Struct, tag="intent", kw_only=True):
    """Somebody is about to write a version of a record.

    Attributes:
        canary, deep: Texts that occur in this version only; the second is for partners and parents alone.
        channels: Whom it is shared with from now.
        wall: The committee's own clock (Unix seconds).
    """

    number: int
    at: int
    record: str
    op: Literal["put", "delete"]
    version: int
    canary: str
    deep: str
    channels: list[str]
    wall: float


class Outcome(msgspec.Struct, tag="outcome", kw_only=True):
    """It was committed, or why not."""

    number: int
    at: int
    error: str = ""


Entry = Intent | Outcome
_decode = msgspec.json.Decoder(Entry).decode


class Journal:
    """Written by one process at a time; a new one goes on in a new file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._next = max((each.number for each in entries(folder)), default=0) + 1
        self._file = -1
        self._size = _LARGEST

    def intends(self, told: Intent) -> int:
        """Returns the number under which `came` tells what came of it; `number` and `at` are set here."""
        number, self._next = self._next, self._next + 1
        self._write(msgspec.structs.replace(told, number=number, at=time.monotonic_ns()))
        return number

    def came(self, number: int, error: str = "") -> None:
        self._write(Outcome(number=number, at=time.monotonic_ns(), error=error))

    def _write(self, entry: Entry) -> None:
        if self._size >= _LARGEST:
            self._turn()
        line = msgspec.json.encode(entry) + b"\n"
        os.write(self._file, line)
        os.fsync(self._file)
        self._size += len(line)

    def _turn(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        path = self._folder / f"{len(list(self._folder.iterdir())):06d}.jsonl"
        self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        self._size = 0


def entries(folder: Path) -> Iterator[Entry]:
    """In the order in which they were written; a line that a kill tore off is left out."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                yield _decode(line)
            except msgspec.DecodeError:
                continue


class Write(msgspec.Struct, kw_only=True):
    """One act as the journal tells it; `ended` and `error` are None where its process was killed meanwhile."""

    intent: Intent
    ended: int | None = None
    error: str | None = None

    @property
    def is_committed(self) -> bool:
        return self.error == ""

    @property
    def may_be_committed(self) -> bool:
        """A fault at the commit says nothing about what the disk took."""
        return self.error != "" and not (self.error or "").startswith("Refusal")


def writes(folder: Path) -> list[Write]:
    found: dict[int, Write] = {}
    for each in entries(folder):
        if isinstance(each, Intent):
            found[each.number] = Write(intent=each)
        elif each.number in found:
            found[each.number].ended, found[each.number].error = each.at, each.error
    return [found[number] for number in sorted(found)]
