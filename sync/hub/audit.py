"""The hub's audit file: what somebody tried at the hub and was not let do, and whose events it evicted, in lines that
hang together by their hashes.

    {"n": 41, "first": "…Z", "last": "…Z", "kind": "PUBLISH", "who": "330102", "what": "sh.33.01.10.c", "host": "…",
     "times": 312, "prev": "<hash of line 40>", "hash": "<sha256 of all before>"}

A line that is altered, taken out or put in breaks the chain; a tail that is cut off does not, so the number and the
hash of the last line are shown by `liandong hub audit --verify` and the number in the metrics, to be compared with what
was noted elsewhere. The same attempt is one line a minute with how often it was made, and a party that tries many
different things gets a bounded number of lines: an attacker can make the file longer, and never fill the disk.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sync.hub.sightings import Sighting

MOST_BYTES = 16 * 1024**2
"""Of one file; then it is closed and the next begun."""
MOST_FILES = 8
"""Kept, with the one being written; the oldest goes first, and what follows still hangs together."""
MOST_KINDS = 40
"""Different lines of one party in one minute; whatever it tries beyond is told together, as `…`."""
MOST_TEXT = 200
"""Characters of a subject; it is the attacker's own text."""
OTHERS = "…"
START = "0" * 64


class Line(msgspec.Struct, kw_only=True):
    n: int
    first: str
    last: str
    kind: str
    who: str
    what: str
    host: str
    times: int
    prev: str
    hash: str = ""

    def text(self) -> str:
        times = f"  × {self.times}, until {self.last}" if self.times > 1 else ""
        return f"{self.n}  {self.first}  {self.kind}  {self.who or '?'}  {self.what}  {self.host}{times}"

    def sealed(self) -> "Line":
        return msgspec.structs.replace(self, hash=self._digest())

    def is_whole(self) -> bool:
        return self.hash == self._digest()

    def _digest(self) -> str:
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, hash=""))).hexdigest()


@dataclass(slots=True)
class _Seen:
    first: float
    last: float
    times: int


class Audit:
    """The file at `path`, and its predecessors `path.1`, `path.2` … (the higher, the older)."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> None:
        self._path, self._most_bytes, self._most_files = path, most_bytes, most_files
        self._open: dict[Sighting, _Seen] = {}
        self._kinds: dict[str, int] = {}
        self.entries, self.head = self._end()

    def _end(self) -> tuple[int, str]:
        """Number and hash of the last line; one that a crash left half-written is cut off."""
        for path in (self._path, _older(self._path, 1)):
            lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
            if lines and not lines[-1].endswith(b"\n"):
                os.truncate(path, sum(len(each) for each in lines[:-1]))
                lines.pop()
            for text in reversed(lines):
                if last := _line(text):
                    return last.n, last.hash
        return 0, START

    def note(self, seen: Sighting, at: float, times: int = 1) -> None:
        """It is written with the next `write`. `at`: Unix seconds."""
        seen = Sighting(seen.kind, seen.who, _short(seen.what), _short(seen.host))
        if seen not in self._open:
            self._kinds[seen.who] = self._kinds.get(seen.who, 0) + 1
            if self._kinds[seen.who] > MOST_KINDS:
                seen = Sighting(seen.kind, seen.who, OTHERS)
        known = self._open.setdefault(seen, _Seen(at, at, 0))
        known.last, known.times = max(known.last, at), known.times + times

    def write(self) -> int:
        """All that was noted is on disk; returns how many lines that took.

        Raises:
            OSError: it is not, and is written with the next call.
        """
        lines, entries, head = [], self.entries, self.head
        for seen, when in sorted(self._open.items(), key=lambda item: item[1].first):
            line = Line(
                n=entries + 1, first=_moment(when.first), last=_moment(when.last), kind=seen.kind, who=seen.who,
                what=seen.what, host=seen.host, times=when.times, prev=head,
            ).sealed()  # fmt: skip
            entries, head = line.n, line.hash
            lines.append(msgspec.json.encode(line) + b"\n")
        if lines:
            self._append(b"".join(lines))
            self.entries, self.head = entries, head
            self._open, self._kinds = {}, {}
        return len(lines)

    def _append(self, told: bytes) -> None:
        """`told` is in the file whole, or not at all."""
        if self._path.exists() and self._path.stat().st_size + len(told) > self._most_bytes:
            self._rotate()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        size = os.fstat(file).st_size
        try:
            while told:
                told = told[os.write(file, told) :]
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, size)
            raise
        finally:
            os.close(file)

    def _rotate(self) -> None:
        _older(self._path, self._most_files - 1).unlink(missing_ok=True)
        for number in range(self._most_files - 2, 0, -1):
            if _older(self._path, number).exists():
                _older(self._path, number).replace(_older(self._path, number + 1))
        self._path.replace(_older(self._path, 1))


class Broken(Exception):
    """The audit file is not what was written; says from which line on."""


def lines(path: Path) -> Iterator[Line]:
    """Every line that is kept, oldest first, checked one against the other.

    Raises:
        Broken: a line was altered, taken out or put in.
    """
    before: Line | None = None
    for file in reversed([path, *_predecessors(path)]):
        for number, text in enumerate(file.read_bytes().splitlines(), 1) if file.exists() else ():
            line = _line(text)
            if line is None or not line.is_whole():
                raise Broken(f"{file.name}, line {number}: altered")
            if before and (line.prev, line.n) != (before.hash, before.n + 1):
                raise Broken(f"{file.name}, line {number}: it does not follow entry {before.n}")
            before = line
            yield line


def _predecessors(path: Path) -> list[Path]:
    found = [each for each in path.parent.glob(f"{path.name}.*") if each.suffix[1:].isdecimal()]
    return sorted(found, key=lambda each: int(each.suffix[1:]))


def _older(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _line(text: bytes) -> Line | None:
    try:
        return msgspec.json.decode(text, type=Line)
    except msgspec.DecodeError:
        return None


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + OTHERS


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
