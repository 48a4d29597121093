"""Backups of a committee's database, as an operator makes and restores them."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa


@dataclass(frozen=True)
class Backup:
    """Where it lies (a file, or the name of a database), and when it was begun and ended (`time.monotonic_ns`)."""

    where: str
    begun: int
    ended: int


def backup(url: str, target: Path) -> Backup:
    """Taken while the committee works."""
    begun = time.monotonic_ns()
    if url.startswith("sqlite:///"):
        _copy(Path(url.removeprefix("sqlite:///")), target)
        return Backup(str(target), begun, time.monotonic_ns())
    name = f"{sa.make_url(url).database}_{target.name.replace('-', '_')}"
    target.touch()
    _clone(url, sa.make_url(url).database or "", name)
    return Backup(name, begun, time.monotonic_ns())


def restore(url: str, kept: Backup) -> None:
    """The database is what it was when the backup was taken; on SQLite its committee may be at work."""
    if url.startswith("sqlite:///"):
        _copy(Path(kept.where), Path(url.removeprefix("sqlite:///")))
    else:
        _clone(url, kept.where, sa.make_url(url).database or "")


def _copy(source: Path, target: Path) -> None:
    one, two = sqlite3.connect(source, timeout=30), sqlite3.connect(target, timeout=30)
    try:
        one.backup(two)
    finally:
        one.close()
        two.close()


def _clone(url: str, source: str, target: str) -> None:
    """PostgreSQL copies a database whole while nobody is connected to it: whoever is is cut off, and comes back."""
    engine = sa.create_engine(sa.make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    cut = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)'))
        connection.execute(sa.text(f'ALTER DATABASE "{source}" ALLOW_CONNECTIONS false'))
        try:
            connection.execute(cut, {"name": source})
            connection.execute(sa.text(f'CREATE DATABASE "{target}" TEMPLATE "{source}"'))
        finally:
            connection.execute(sa.text(f'ALTER DATABASE "{source}" ALLOW_CONNECTIONS true'))
    engine.dispose()
