"""Schemas of a PostgreSQL database that tests are lent: nobody else's rows are in them.

To make every table takes many times what most tests take. So a schema that comes back is emptied and lent again, unless
a test changed more than rows in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import uuid_utils
from sqlalchemy import Connection, Engine, MetaData, TextClause, text

from tenant_service.storage.engine import open_engine

_MOST_OFTEN = 100
"""Deleted rows stay in the files until somebody vacuums: a schema is not lent for ever."""
_LOOKS = text("""
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace(:schema))
SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
    SELECT concat_ws(' ', relname, relkind, reloptions) AS line FROM ours
    UNION ALL
    SELECT concat_ws(' ', relname, attname, atttypid, attnotnull, attisdropped, atthasdef, attidentity)
        FROM pg_attribute JOIN ours ON ours.oid = attrelid
    UNION ALL
    SELECT concat_ws(' ', relname, conname, contype, convalidated) FROM pg_constraint JOIN ours ON ours.oid = conrelid
    UNION ALL
    SELECT concat_ws(' ', relname, tgname, tgtype, tgenabled, tgfoid)
        FROM pg_trigger JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    SELECT concat_ws(' ', oid, proname, prosrc) FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)
) AS described
""")
_GUARDED = text("""
SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = to_regnamespace(:schema) AND NOT tgisinternal
""")
_OF_KIND = text("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind = :kind")


@contextmanager
def schema(url: str) -> Iterator[str]:
    """The URL of a schema without any table, gone afterwards."""
    keeper = open_engine(url)
    name = _created(keeper)
    yield within(url, name)
    _dropped(keeper, name)
    keeper.dispose()


def within(url: str, schema: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"


class Schemas:
    """Schemas of this database with every table and no row."""

    def __init__(self, url: str, tables: MetaData) -> None:
        self._url, self._tables, self._keeper = url, tables, open_engine(url)
        self._free: list[_Made] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of one; whoever borrowed it has closed every connection when it comes back."""
        made = self._free.pop() if self._free else self._made()
        yield within(self._url, made.name)
        made.times += 1
        with self._keeper.begin() as connection:
            is_as_made = made.times < _MOST_OFTEN and _looks(connection, made.name) == made.looks
            if is_as_made:
                made.empty(connection)
        if is_as_made:
            self._free.append(made)
        else:
            _dropped(self._keeper, made.name)

    def _made(self) -> "_Made":
        name = _created(self._keeper)
        engine = open_engine(within(self._url, name))
        self._tables.create_all(engine)
        engine.dispose()
        with self._keeper.begin() as connection:
            return _Made(name, self._tables, connection)

    def close(self) -> None:
        for made in self._free:
            _dropped(self._keeper, made.name)
        self._keeper.dispose()


class _Made:
    """A schema as it was made, so that it can be so again."""

    def __init__(self, name: str, tables: MetaData, connection: Connection) -> None:
        self.name, self.looks, self.times = name, _looks(connection, name), 0
        models = [each.name for each in reversed(tables.sorted_tables)]
        beside = set(self._named(connection, _OF_KIND, kind="r")) - set(models)  # of the search
        guarded, counted = self._named(connection, _GUARDED), self._named(connection, _OF_KIND, kind="S")
        self._emptying = ";".join([
            *(f"ALTER TABLE {name}.{each} DISABLE TRIGGER USER" for each in guarded),
            *(f"DELETE FROM {name}.{each}" for each in (*beside, *models)),
            *(f"ALTER TABLE {name}.{each} ENABLE TRIGGER USER" for each in guarded),
            *(f"ALTER SEQUENCE {name}.{each} RESTART" for each in counted),
        ])  # fmt: skip

    def _named(self, connection: Connection, which: TextClause, **told: str) -> list[str]:
        return list(connection.scalars(which, {"schema": self.name, **told}))

    def empty(self, connection: Connection) -> None:
        """No table has a row, and counting begins anew."""
        connection.exec_driver_sql(self._emptying)


def _looks(connection: Connection, schema: str) -> str:
    """All that is there beside rows, as one word."""
    return str(connection.scalar(_LOOKS, {"schema": schema}))


def _created(keeper: Engine) -> str:
    name = f"t{uuid_utils.uuid7().hex}"
    with keeper.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    return name


def _dropped(keeper: Engine, name: str) -> None:
    with keeper.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
