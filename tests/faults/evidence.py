"""What a run leaves behind for the checker: databases, journals, and what was done to them when.

<run>/evidence.json
<run>/<committee>/committee.db       or its URL, for PostgreSQL
<run>/<committee>/journal/*.jsonl
<run>/hub/store/                     what the hub keeps
<run>/330109/heard.bin               every byte that reached the hostile member
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tests.faults.parties import Parties


class Restored(msgspec.Struct):
    """A database was replaced by a backup. Moments are `time.monotonic_ns`: the backup was begun and ended, the same
    for the restore; no act of that committee was between the last two, or it may have been swallowed.
    """

    committee: str
    backup_begun: int
    backup_ended: int
    begun: int
    ended: int
    is_live: bool = False


class Window(msgspec.Struct):
    """In it a committee's acts may fail, because its own disk is full or its database is being replaced."""

    committee: str
    begun: int
    ended: int


class Evidence(msgspec.Struct):
    """`hub_ends`: log → epoch and seq of the last message on its subject; None: there is none."""

    present: list[str] = []
    members: list[str] = []
    databases: dict[str, str] = {}
    restored: list[Restored] = []
    windows: list[Window] = []
    hub_ends: dict[str, tuple[str, int] | None] = {}

    @property
    def parties(self) -> Parties:
        return Parties(self.present, self.members)


class Reading(Protocol):
    """A committee's database, seen from outside."""

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]: ...


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()


class _Postgresql:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._connection.execute(statement.replace("?", "%s"), values).fetchall()
        return found


@contextmanager
def opened(url: str) -> Iterator[Reading]:
    """One consistent view of the database, read only, through its own driver and nothing of ours."""
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(
            f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True, timeout=30, isolation_level=None
        )
        try:
            connection.execute("BEGIN")
            yield _Sqlite(connection)
        finally:
            connection.close()
        return
    import psycopg  # noqa: PLC0415 — only where there is a committee on PostgreSQL

    with psycopg.connect(url.replace("+psycopg", "")) as found:
        found.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield _Postgresql(found)


def kept(folder: Path) -> Evidence:
    return msgspec.json.decode((folder / "evidence.json").read_bytes(), type=Evidence)


def keep(folder: Path, evidence: Evidence) -> None:
    (folder / "evidence.json").write_bytes(msgspec.json.format(msgspec.json.encode(evidence), indent=1))
