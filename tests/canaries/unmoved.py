"""Every row of every committee's database, besides what moves by itself: the rest stays where nobody acts."""

import sqlalchemy as sa

from sync.contract.ids import kind_of
from tests.canaries.federation import COMMITTEES
from tests.canaries.planted import Planted

_HEADS = "each committee tells its parent once an hour how its audit log stands, and hears those below"
_READ = "the exchange notes how far it has read, and how far others say they have"
MOVING = {
    "audit_told": _HEADS, "heard_audit_head": _HEADS, "own_log": _HEADS, "own_life": _HEADS,
    "received": _HEADS + "; what others told besides lies in the rooms' tables", "hub_end": _READ, "reading": _READ,
    "receipt": _READ,
}  # fmt: skip
"""Tables that move while nobody does anything, and why. What a committee tells others is in its outbox as well."""
_COLUMNS = {("audit_consent", "told"): _HEADS}
_KINDS = {"audit_head", "audit_consent"}
"""Records that are told by the clock; all others in the tables that name a record are compared."""


def rows(planted: Planted) -> dict[str, list[str]]:
    """Committee and table → its rows as text."""
    found = dict[str, list[str]]()
    for committee in COMMITTEES:
        engine = sa.create_engine(planted.kept_at(committee))
        with engine.connect() as connection:
            for table in set(sa.inspect(connection).get_table_names()) - MOVING.keys():
                told = connection.execute(sa.text(f'SELECT * FROM "{table}"')).mappings()
                found[f"{committee} {table}"] = sorted(
                    _written(table, row) for row in told if not _is_by_the_clock(row)
                )
        engine.dispose()
    return found


def _is_by_the_clock(row: sa.RowMapping) -> bool:
    """Of no record is the first event of a log, which begins with the first head that is told in it."""
    return "record" in row and (not row["record"] or kind_of(row["record"]) in _KINDS)


def _written(table: str, row: sa.RowMapping) -> str:
    return str({name: value for name, value in row.items() if (table, name) not in _COLUMNS})
