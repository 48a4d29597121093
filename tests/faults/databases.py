"""Backups of a committee's database, as an operator makes and restores them while the committee works."""

import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.clusters import programs


@dataclass(frozen=True)
class Backup:
    """Where it lies, and when it was begun and ended (`time.monotonic_ns`)."""

    file: Path
    begun: int
    ended: int


def backup(url: str, target: Path) -> Backup:
    begun = time.monotonic_ns()
    if url.startswith("sqlite:///"):
        _copy(Path(url.removeprefix("sqlite:///")), target)
    else:
        _run("pg_dump", "--format=custom", f"--file={target}", _plain(url))
    return Backup(target, begun, time.monotonic_ns())


def restore(url: str, kept: Backup) -> None:
    """The database is what it was when the backup was taken. On PostgreSQL whoever is connected is cut off first."""
    if url.startswith("sqlite:///"):
        _copy(kept.file, Path(url.removeprefix("sqlite:///")))
        return
    name = sa.make_url(url).database
    engine = sa.create_engine(sa.make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    _run("pg_restore", "--single-transaction", f"--dbname={_plain(url)}", str(kept.file))


def _copy(source: Path, target: Path) -> None:
    one, two = sqlite3.connect(source, timeout=30), sqlite3.connect(target, timeout=30)
    try:
        one.backup(two)
    finally:
        one.close()
        two.close()


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _run(program: str, *words: str) -> None:
    folder = programs()
    assert folder is not None, "a committee is on PostgreSQL"
    subprocess.run([folder / program, *words], check=True, capture_output=True)
