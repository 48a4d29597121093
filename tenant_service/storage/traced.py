"""One span for each statement, without its text: values may stand in it."""

import time
from typing import Any

from sqlalchemy import Engine, event

from sync.edge import traces


def trace(engine: Engine) -> None:
    """Statements of this engine are told to whoever collects spans; where nobody does, none is listened to."""
    if traces.is_collected():
        event.listen(engine, "before_cursor_execute", _begin)
        event.listen(engine, "after_cursor_execute", _end)


def _begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 — as SQLAlchemy calls it
    if context is not None:
        context.liandong_began = time.monotonic()


def _end(connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 — as SQLAlchemy calls it
    if context is not None:
        traces.over("sql", time.monotonic() - context.liandong_began, {"db.system": connection.dialect.name})
