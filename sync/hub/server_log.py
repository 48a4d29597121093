"""What the nats-server writes into its log about those who try what is not theirs, read as it is written.

The server tells of violations in its log and nowhere else. A line names the connection, in the server's quotation marks
what the client calls itself (its own words, so nothing is read in there), then the account's key, which is the server's
own knowledge:

    [7] 2026/11/22 02:21:19.598298 [ERR] 10.1.2.3:34 - cid:27 - "v2:py:x" - "AC5O…/330102/jwt:UB7J…" - Publish …

Source: nats-server 2.15.1, by experiment; tests/sync/test_watch.py runs each line on the real one.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sync.hub.sightings import Kind, Sighting

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    r"\[\d+\] \S+ \S+ \[(?:ERR|WRN|INF)\] "
    r"(?P<host>\S+):\d+ - (?:cid|wid|mid|lid|rid):\d+"
    rf"(?: - {_QUOTED})?(?: - \"(?P<account>A[A-Z2-7]{{55}})/[^\"]*\")? - (?P<told>.*)"
)
_TOLD: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PUBLISH, re.compile(rf"Publish Violation - Subject {_QUOTED}")),
    (Kind.REPLY, re.compile(rf"Publish Violation - Reply {_QUOTED}")),
    (Kind.SUBSCRIBE, re.compile(rf"Subscription Violation - Subject {_QUOTED}")),
    (Kind.SUBSCRIPTIONS, re.compile(r"(maximum subscriptions) exceeded")),
    (Kind.TOO_LARGE, re.compile(r"maximum payload exceeded: (\d+) ")),
    (Kind.SLOW, re.compile(r"Slow Consumer Detected: (\w+)")),
    (
        Kind.PROTOCOL,
        re.compile(r"(?:Client )?[Pp]arser ERROR, (.{0,60})|(maximum control line exceeded|Error reading .*)"),
    ),
)
_CHUNK = 4 * 1024**2
"""Bytes read at once; a faster log is read with the next look."""
_LONGEST = 64 * 1024

NameOf = Callable[[str], str]
"""Public account key → committee or gateway; empty: none that the hub knows."""


def sighting(line: str, name_of: NameOf) -> Sighting | None:
    """What a line of the log tells of somebody who tried what is not theirs; None: it tells of something else.

    A line with no account in it is of a connection that had not signed in yet.
    """
    found = _LINE.match(line)
    if found is None:
        return None
    for kind, told in _TOLD:
        if about := told.match(found["told"]):
            what = next((each for each in about.groups() if each), "")
            return Sighting(kind, name_of(found["account"] or ""), what, found["host"])
    return None


class Place(NamedTuple):
    """How far the log was read: bytes of the file with this inode."""

    inode: int = 0
    offset: int = 0


class ServerLog:
    """Reads the log and those that were closed when it had grown too long (`nats.log.<time>`), each line once."""

    def __init__(self, path: Path, place: Place | None = None) -> None:
        self._path, self.place = path, place or Place()
        self.lost = False
        """Whether the file that was being read was gone at the last look, so that its rest was never read."""

    def lines(self) -> Iterator[str]:
        """What was written since the last look, at most a few megabytes; `place` moves with it."""
        self.lost = False
        files = self._files()
        at = next((number for number, (inode, _) in enumerate(files) if inode == self.place.inode), None)
        if at is None:
            self.lost = bool(self.place.inode and files)
            self.place, at = Place(files[0][0] if files else 0), 0
        left = _CHUNK
        for inode, path in files[at:]:
            if inode != self.place.inode:
                self.place = Place(inode)
            told = self._read(path, left)
            yield from told.decode("utf-8", "replace").splitlines()
            left -= len(told)
            if left <= _LONGEST:
                return

    def _read(self, path: Path, most: int) -> bytes:
        """Whole lines from the place on; nothing where the server has just renamed the file."""
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self.place.offset:
                    self.place = Place(self.place.inode)  # another file under the number of one that is gone
                file.seek(self.place.offset)
                told = file.read(most)
        except FileNotFoundError:
            return b""
        whole = told.rfind(b"\n") + 1
        if not whole and len(told) > _LONGEST:
            whole = len(told)  # no line of the server's is that long
        self.place = Place(self.place.inode, self.place.offset + whole)
        return told[:whole]

    def _files(self) -> list[tuple[int, Path]]:
        """(inode, path), oldest first. The names of closed ones end in the time they were closed."""
        found = []
        for each in [*sorted(self._path.parent.glob(f"{self._path.name}.*")), self._path]:
            with suppress(FileNotFoundError):
                found.append((each.stat().st_ino, each))
        return found
