"""One person's data as a page shows it: rows under the name of what they are, masked for all but the person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sync.contract.fields import FIELDS
from sync.contract.kinds import Kind
from sync.edge.shell import formats
from sync.edge.shell.words import say
from tenant_service.identity import masks
from tenant_service.identity.acts import ACTS
from tenant_service.identity.policy import Role
from tenant_service.members import contacts
from tenant_service.personal_data.queries import TABLES
from tenant_service.personal_data.words import COLUMNS
from tenant_service.storage.columns import Row
from tenant_service.storage.personal import Held, Personal, declared
from tenant_service.web.site import Visit

UNSAID = ("id", "committee_id", "sort_key", "chain", "digest")
"""Columns that say nothing to anybody."""
_OF_ROLES = ("roles", "given", "withdrawn")
MOST_SHOWN = 100
"""Rows of one table on the page; the file has all."""
ROLES: dict[str, str] = {role.value: role.label for role in Role}


@dataclass(frozen=True)
class Area:
    """One table: how many rows it has, and those that are shown, each as pairs of a label and a text."""

    label: str
    count: int
    rows: list[list[tuple[str, str]]]


def areas(visit: Visit, rows: Iterable[Held], *, is_own: bool, is_seated: bool, most: int | None) -> list[Area]:
    """`is_seated`: the work phone is in the address book, so it is shown whole. `most`: rows of a table; None: all."""
    by_table: dict[str, list[Held]] = {table: [] for table in TABLES}
    for each in rows:
        by_table[each.table].append(each)
    found = []
    for table, held in by_table.items():
        shown = held[:most] if is_own or TABLES[table].for_office else []
        lines = [_pairs(visit, each, is_own=is_own, is_seated=is_seated) for each in shown]
        if held:
            found.append(Area(visit.say(TABLES[table].label), len(held), lines))
    return found


def _pairs(visit: Visit, held: Held, *, is_own: bool, is_seated: bool) -> list[tuple[str, str]]:
    kinds, found = _personal()[held.table], []
    for name, value in held.values.items():
        if value is None or value == [] or name in UNSAID:
            continue
        kind = kinds.get(name)
        masked = value
        if not is_own and kind is Personal.BIRTH:
            masked = masks.birth(value)
        if not is_own and kind is Personal.PHONE:
            masked = _phone(visit, held.table, value, is_seated=is_seated)
        said = label(held.table, name) if visit.here.language == "zh-CN" else name.replace("_", " ")
        found.append((said, _text(visit, name, masked)))
    return found


def _phone(visit: Visit, table: str, value: str, *, is_seated: bool) -> str | None:
    """Of the person as in the address book, of a record's contact as that record's own page shows it."""
    if table == "person":
        return value if is_seated else masks.phone(value)
    return contacts.phone(visit.unit, visit.actor, value)


def label(table: str, column: str) -> str:
    """What people call a column; its own name where nobody calls it anything."""
    first, *others = column.split("_")
    said = FIELDS.get(first + "".join(map(str.title, others)), column)
    return COLUMNS.get(f"{table}.{column}") or COLUMNS.get(column) or said


def _text(visit: Visit, column: str, value: Any) -> str:
    if isinstance(value, dt.datetime):
        return formats.moment(value, visit.unit.now, visit.here.language)
    if isinstance(value, bool):
        return visit.say(say("是") if value else say("否"))
    if isinstance(value, list):
        return "、".join(ROLES.get(str(each), str(each)) if column in _OF_ROLES else str(each) for each in value)
    if isinstance(value, Kind):
        return value.label
    told = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return visit.say(ACTS.get(told, told)) if column == "act" else told


@cache
def _personal() -> dict[str, dict[str, Personal]]:
    """Table → its declared columns."""
    found: dict[str, dict[str, Personal]] = {table: {} for table in Row.metadata.tables}
    for table, column, kind in declared(Row.metadata):
        found[table][column] = kind
    return found
