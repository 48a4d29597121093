"""Many rows in one statement, handed to the driver as they are.

SQLAlchemy looks at each value of each row: for pages of hundreds of events a third of what taking one in costs.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Text, any_, bindparam, func, select
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


def insert_tuples(session: Session, row: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """`insert`, of rows that are tuples already."""
    _write_tuples(session, row, names, rows, is_upsert=False)


def upsert_tuples(session: Session, row: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """`upsert`, of rows that are tuples already."""
    _write_tuples(session, row, names, rows, is_upsert=True)


def _write(session: Session, row: type[Row], rows: Sequence[dict[str, Any]], *, is_upsert: bool) -> None:
    names = tuple(rows[0]) if rows else ()
    _write_tuples(session, row, names, [tuple([each[name] for name in names]) for each in rows], is_upsert=is_upsert)


def _write_tuples(
    session: Session, row: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]], *, is_upsert: bool
) -> None:
    if not rows:
        return
    connection = session.connection()
    prepared = _prepared(row, connection.dialect.name, tuple(names), is_upsert=is_upsert)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    for name, convert in prepared.convert.items():
        known = {each: convert(each) for each in set(columns[name])}  # mostly one moment for all of a page
        columns[name] = tuple([known[each] for each in columns[name]])
    told: list[Any] = list(zip(*(columns[name] for name in prepared.order or names), strict=True))
    if prepared.order is None:
        told = [dict(zip(names, each, strict=True)) for each in told]
    connection.exec_driver_sql(prepared.sql, told)


def select_in(
    session: Session, columns: tuple[Any, ...], among: Any, values: Sequence[str]
) -> Iterable[tuple[Any, ...]]:
    """These columns of the rows whose text column `among` is one of `values`, however many there are."""
    connection = session.connection()
    sql, name, read = _looking(columns, among, connection.dialect.name)
    told: Any = {name: list(values)} if name else (msgspec.json.encode(values).decode(),)
    rows = connection.exec_driver_sql(sql, told).all()
    if not rows:
        return ()
    found: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    for at, convert in read.items():
        known = {each: None if each is None else convert(each) for each in set(found[at])}
        found[at] = tuple([known[each] for each in found[at]])
    return zip(*found, strict=True)


@cache
def _looking(columns: tuple[Any, ...], among: Any, name: str) -> tuple[str, str, dict[int, Callable[[Any], Any]]]:
    """The statement for one driver, the name of its parameter if it takes one by name, and how columns are read."""
    made: Any = postgresql.psycopg if name == "postgresql" else sqlite
    on = made.dialect()
    if name == "postgresql":
        listed: Any = among == any_(bindparam("among", type_=postgresql.ARRAY(Text)))
    else:
        listed = among.in_(select(func.json_each(bindparam("among", type_=Text)).table_valued("value").c.value))
    compiled = select(*columns).where(listed).compile(dialect=on)
    read = {}
    for at, each in enumerate(columns):
        if processor := each.type.dialect_impl(on).result_processor(on, None):
            read[at] = processor
    return compiled.string, "" if compiled.positional else "among", read


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
