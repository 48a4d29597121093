"""The engine and the few threads that may use it.

Domain code is synchronous; the edges are asynchronous and hand each operation to `Domain.run`. On SQLite there is one
domain thread per process for everything, so it is the single writer and rows never wait for a lock; on PostgreSQL there
are four (more threads only fight for the interpreter: see performance.md's measurements).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from tenant_service.storage import deadline, traced

T = TypeVar("T")
P = ParamSpec("P")

POSTGRESQL_THREADS = 4
BUSY_MS = 5_000
"""How long a statement waits for another process of this committee (a command line) to finish its write."""
WRITES = "liandong_writes"
"""Execution option of a connection whose transaction will write: it takes SQLite's write lock at its beginning, because
a transaction that reads first and writes later is refused when somebody else wrote in between."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`; makes the folder of a SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_size=POSTGRESQL_THREADS + 1, max_overflow=2, pool_pre_ping=True)
        deadline.keep(engine)
        traced.trace(engine)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    deadline.keep(engine)
    traced.trace(engine)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # with less, a power cut is a restore from a backup
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is erased does not lie on in free pages
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # straight to the driver: it cannot fail, and every read pays for it
        connection.connection.cursor().execute("BEGIN")


class Domain:
    """Runs synchronous operations for asynchronous edges, one after the other on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        threads = 1 if engine.dialect.name == "sqlite" else POSTGRESQL_THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="domain")

    async def run(self, act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns; its exceptions come through unchanged."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: act(*args, **kwargs))

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()
