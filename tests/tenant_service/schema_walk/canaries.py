"""A county whose every table holds rows in which every text is a canary: where it stood, and who may be told."""

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from sqlalchemy import Column, Table

from sync.contract import records
from sync.contract.ids import record_id
from sync.contract.visibility import Visible
from tenant_service.exchange.models import SharedOutRow
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.files.rules import FileKind
from tenant_service.storage.columns import Instant, Listing, Row
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.schema_walk.strangers import CHANNELS, HOME

SHARED = [frozenset[str](), *(frozenset([each]) for each in CHANNELS), frozenset(["c", "o"])]
"""On which channels the records of each kind are shared, one after the other."""
STATES = {
    ("activity", "state"): "CLOSED", ("activity", "approval"): "SIGNED", ("membership", "state"): "ACTIVE",
    ("venue", "state"): "OPEN", ("venue_space", "is_gone"): False, ("body", "until"): None,
    ("membership", "until"): None,
    ("membership", "unit_id"): None, ("venue", "parent_id"): None, ("venue", "closed_on"): None,
    ("person", "left_on"): None, ("campaign", "approval"): "SIGNED",
    ("proposal", "approval"): "SIGNED",
    ("report", "approval"): "SIGNED", ("post", "state"): "PUBLISHED", ("recognition", "state"): "CONFIRMED",
    ("programme", "approval"): "SIGNED", ("programme", "task_dues"): None, ("programme", "task_done"): None,
    ("form", "state"): "CLOSED",
    ("procedure", "state"): "IN_FORCE", ("topic", "state"): "CLOSED",
}  # fmt: skip
"""What has to be so, or a record is shown to nobody yet; of members, a membership of no unit is the seat."""
KINDS = {"org_unit": "unit"}
"""Tables that are not called as the kind of their records, and that kind."""


@dataclass
class Kept:
    """What the county holds: record → channels it is shared on; kind → its ids, in the order of SHARED; which columns
    of a record say something.
    """

    channels: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    said: set[tuple[str, str]] = field(default_factory=set)


def filled(units: Units) -> Kept:
    kept = Kept()
    own = [table for table in Row.metadata.sorted_tables if _is_filled(table)]
    models: dict[Any, Any] = {each.local_table: each.class_ for each in Row.registry.mappers}
    for kind in (kind for each in own if (kind := kind_in(each.name)) in records.RECORDS):
        kept.ids[kind] = [record_id(HOME, kind, f"{number:032x}") for number in range(len(SHARED))]
        kept.channels |= dict(zip(kept.ids[kind], SHARED, strict=True))
    with units.write() as unit:
        for table in own:
            for number, channels in enumerate(SHARED):
                values = {each.name: _value(each, number, channels, kept) for each in table.columns}
                unit.session.add(models[table](**values))
                kept.said |= {(str(values.get("id")), name) for name, value in values.items() if value}
            unit.session.flush()
        _attach(unit, kept)
        for record, channels in kept.channels.items():
            for channel in channels:
                unit.session.add(SharedOutRow(record=record, channel=channel, seq=1, version=1, is_shared=True))
    return kept


def _attach(unit: Unit, kept: Kept) -> None:
    """Each activity has a file: the county's alone, with whomever the activity is shared."""
    unit.session.add(FileBytesRow(digest="d", data=b"canary-TENANT-file_bytes-data-none"))
    unit.session.flush()
    for number, of in enumerate(kept.ids["activity"]):
        unit.session.add(
            FileRow(
                id=f"{number:032x}", subject=of, name="canary-TENANT-file-name-none", kind=next(iter(FileKind)), size=1,
                width=None, height=None, digest="d", by_reporter=False, sub="canary-TENANT-file-sub-none",
                added_at=places.SPRING, added_on=places.SPRING.date(),
            )
        )  # fmt: skip


def kind_in(table: str) -> str:
    """Of which kind the records in it are."""
    return KINDS.get(table, table)


def _is_filled(table: Table) -> bool:
    """Rooms' tables; what the exchange and sign-in remember has a shape of its own."""
    part_of_one = any(each.column.table.name in records.RECORDS for each in table.foreign_keys)
    return ("committee_id" in table.c or part_of_one) and not table.name.startswith(("seen_", "heard_"))


SHOWN_BESIDE = {("venue_space", each): Visible.PUBLIC for each in ("id", "name", "opens", "closes", "weekdays")}
"""Columns that are in no record and are shown beside one nevertheless."""


def _circle(table: str, column: str) -> Visible:
    """What the column's record says of it; a column that is in no record is the county's alone."""
    if (table, column) in SHOWN_BESIDE:
        return SHOWN_BESIDE[table, column]
    shape = records.RECORDS.get(kind_in(table))
    declared: Iterator[Any] = (each for each in fields(shape) if each.name == column) if shape else iter(())
    return next((each.metadata["visible"] for each in declared), Visible.TENANT)


def _value(column: Column[Any], number: int, channels: frozenset[str], kept: Kept) -> Any:
    table, name = column.table.name, column.name
    if (table, name) in STATES:
        said = STATES[table, name]
        return said if said is None else column.type.python_type(said)
    for each in column.foreign_keys:
        if kind_in(each.column.table.name) not in kept.ids:  # a row that is no record
            return _value(each.column, number, channels, kept)
    canary = f"canary-{_circle(table, name)}-{table}-{name}-{'+'.join(sorted(channels)) or 'none'}"
    if column.unique or name == "id":
        canary += f"-{number}"
    named = _named(column, number, kept)
    return _of_type(column, number, canary) if named is _FREE else named


_FREE = object()


def _named(column: Column[Any], number: int, kept: Kept) -> Any:
    """What has to name something that is there: the record of the other kind that is shared with the same."""
    name, of = column.name, column.name.removesuffix("_id")
    if name == "id" and kind_in(column.table.name) in kept.ids:
        return kept.ids[kind_in(column.table.name)][number]
    if name in kept.ids or of not in kept.ids or name == of:
        listed: dict[str, Any] = {"committee_id": HOME, "host_ids": [HOME], "shares": []}
        return listed.get(name, (None if column.nullable else HOME) if name.endswith("_id") else _FREE)
    return kept.ids[of][number]


def _listed(of: Any, number: int, canary: str) -> list[Any]:
    """A list of whatever it holds: the canary, or of a closed list its first code."""
    [inner] = get_args(of)
    if get_args(inner):
        return [_listed(inner, number, canary)]
    return [{str: canary, int: number + 1, bool: True}.get(inner) or next(iter(inner))]


def _of_type(column: Column[Any], number: int, canary: str) -> Any:
    if isinstance(column.type, Instant):
        return places.SPRING + dt.timedelta(days=number)
    if isinstance(column.type, Listing):
        return _listed(column.type.of, number, canary)
    kind = column.type.python_type
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    plain: dict[type, Any] = {dt.date: places.SPRING.date(), bool: True, int: number + 1, dict: {}}
    return plain.get(kind, canary)
