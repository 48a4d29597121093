"""Many rows in one statement, handed to the driver as they are.

SQLAlchemy looks at each value of each row: for pages of hundreds of events a third of what taking one in costs.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tenant_service.storage.columns import Row


class _Prepared(NamedTuple):
    """A statement for one driver.

    Attributes:
        order: Of the parameters, where the driver takes them by position.
        convert: For columns whose values it does not take as they are.
    """

    sql: str
    order: tuple[str, ...] | None
    convert: dict[str, Callable[[Any], Any]]


def insert(session: Session, row: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """The rows are new; all of them name the same columns.

    Raises:
        IntegrityError: one of them is not.
    """
    _write(session, row, rows, is_upsert=False)


def upsert(session: Session, row: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """The rows stand as given, whether they did before or not; all of them name the same columns."""
    _write(session, row, rows, is_upsert=True)


def _write(session: Session, row: type[Row], rows: Sequence[dict[str, Any]], *, is_upsert: bool) -> None:
    if not rows:
        return
    connection = session.connection()
    prepared = _prepared(row, connection.dialect.name, tuple(rows[0]), is_upsert=is_upsert)
    values = {name: [each[name] for each in rows] for name in rows[0]}
    for name, convert in prepared.convert.items():
        known = {each: convert(each) for each in set(values[name])}  # mostly one moment for all of a page
        values[name] = [known[each] for each in values[name]]
    if prepared.order is None:
        told: list[Any] = [dict(zip(values, each, strict=True)) for each in zip(*values.values(), strict=True)]
    else:
        told = list(zip(*(values[name] for name in prepared.order), strict=True))
    connection.exec_driver_sql(prepared.sql, told)


@cache
def _prepared(row: type[Row], name: str, columns: tuple[str, ...], *, is_upsert: bool) -> _Prepared:
    table = row.__table__
    on: Any = postgresql if name == "postgresql" else sqlite
    dialect = on.psycopg.dialect() if name == "postgresql" else on.dialect()
    made = on.insert(table)
    if is_upsert:
        key = [column.name for column in table.primary_key]
        changed = {each: made.excluded[each] for each in columns if each not in key}
        made = made.on_conflict_do_update(index_elements=key, set_=changed)
    compiled = made.compile(dialect=dialect, column_keys=list(columns))
    convert: dict[str, Callable[[Any], Any]] = {}
    for each in columns:
        if processor := table.columns[each].type.dialect_impl(dialect).bind_processor(dialect):
            convert[each] = processor
    return _Prepared(compiled.string, tuple(compiled.positiontup) if compiled.positional else None, convert)
