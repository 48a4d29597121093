"""A statement past its deadline is interrupted: nobody waits for its answer any more, and others wait for the thread.

The deadline belongs to the thread that works towards it. SQLite looks at it every few thousand steps, in the same
thread, so an interrupt can never hit the next operation; PostgreSQL is told it at the beginning of each transaction.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from sync.contract.errors import Code, Refusal

_STEPS = 5_000
"""SQLite's virtual machine makes about so many in 0.2 ms."""
_INTERRUPTS = 1


class _Until(threading.local):
    moment: float | None = None


_until = _Until()


@contextmanager
def within(moment: float | None) -> Iterator[None]:
    """What this thread asks databases is over at `moment` of `time.monotonic()`; None: it may take its time.

    Raises:
        Refusal: TOO_SLOW, at once when the moment has passed, or from the statement that it passes in. What was changed
            in the transaction is gone then.
    """
    before = _until.moment
    _until.moment = moment
    try:
        if has_passed():
            raise Refusal(Code.TOO_SLOW)
        yield
    finally:
        _until.moment = before


def has_passed() -> bool:
    return _until.moment is not None and time.monotonic() >= _until.moment


def keep(engine: Engine) -> None:
    """Statements of this engine keep the deadline of their thread."""
    event.listen(engine, "handle_error", _refuse)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _watch_sqlite)
    else:
        event.listen(engine, "begin", _tell_postgresql)


def _watch_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.set_progress_handler(lambda: _INTERRUPTS if has_passed() else 0, _STEPS)


def _tell_postgresql(connection: Connection) -> None:
    if _until.moment is not None:
        left = max(1, int((_until.moment - time.monotonic()) * 1000))
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left}")


def _refuse(context: ExceptionContext) -> None:
    """Raises: Refusal TOO_SLOW, in the place of the driver's own word for an interrupted statement."""
    broke: Any = context.original_exception
    is_interrupt = (
        getattr(broke, "sqlite_errorname", "") == "SQLITE_INTERRUPT" or getattr(broke, "sqlstate", "") == "57014"
    )
    if is_interrupt and has_passed():
        raise Refusal(Code.TOO_SLOW) from None
