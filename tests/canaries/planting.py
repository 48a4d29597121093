"""Fills one committee's database so that every text column of every table has canaries, and shares the records on every
channel there is, one after the other. What is planted, and who may be told it, is read off the declarations: a new
column is planted by itself, or `tests.canaries.exceptions` has to name it with the reason why not.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from sqlalchemy import Column, Table

from sync.contract import records
from sync.contract.trust.directory import Directory
from sync.contract.visibility import Visible
from tenant_service.exchange.sharing import choices
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.statistics.models import Mapping
from tenant_service.storage.columns import Ascii, Instant, Listing, Row
from tenant_service.storage.unit_of_work import Unit, Units
from tests.canaries.exceptions import BY_NAME, FIXED, UNPLANTED_TABLES, UNPLANTED_TYPES
from tests.canaries.finding import found_in
from tests.canaries.markers import Leave, Markers
from tests.tenant_service.schema_walk import canaries
from tests.tenant_service.schema_walk.canaries import SHOWN_BESIDE, STATES

KINDS = canaries.KINDS | {"incoming_request": "request"}
"""Tables that are not called as the records are whose ids they have."""
SHARED = ("activity", "venue", "org_unit", "campaign", "appraisal", "procedure", "topic", "item", "assignment", "call",
          "report", "post", "recognition", "programme", "form", "proposal")  # fmt: skip
"""Records that are shared with whom their office chooses."""
TO_A_PARTNER = ("participation", "request", "incoming_request")
"""Records that travel to one partner alone; of the last the answer does."""
TOLD_AS = {"incoming_request": ("answer", {"answer_id": "id", "id": "request_id"})}
"""What is told as a record of another kind, and the columns that have another name there."""
REFERENCES = {"venue_id": "venue", "area_id": "org_unit", "person_id": "person", "activity_id": "activity",
              "campaign_id": "campaign", "programme_id": "programme", "list_id": "activity",
              "appraisal_id": "appraisal"}  # fmt: skip


@dataclass
class Planting:
    """One owner's rows as they are made.

    Attributes:
        other: The committee that has requests and people here.
        asked: Ids of its requests that were planted already; they are answered.
    """

    owner: str
    other: str
    directory: Directory
    markers: Markers
    now: dt.datetime
    asked: Sequence[str] = ()
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    planted: set[tuple[str, str]] = field(default_factory=set)

    @property
    def sets(self) -> list[tuple[str, ...]]:
        """On which channels the records of each kind are shared, one after the other."""
        return [(), *((each,) for each in self.directory.channels_of(self.owner)), ("c", "o")]

    def channels(self, table: str, number: int) -> tuple[str, ...]:
        if table in TO_A_PARTNER:
            return (f"x_{self.other}",) if table != "incoming_request" or number < len(self.asked) else ()
        return self.sets[number] if table in (*SHARED, *(of for of, _ in SHOWN_BESIDE)) else ()

    def plant(self, units: Units) -> None:
        models: dict[Any, Any] = {each.local_table: each.class_ for each in Row.registry.mappers}
        tables = [each for each in Row.metadata.sorted_tables if each.name not in UNPLANTED_TABLES]
        places = [(table, number) for table in tables for number in range(len(self.sets))]
        for table, number in places:
            if "id" in table.c and table.c["id"].type.python_type is str:
                self.ids[table.name, number] = self._id(table.name, number)
        with units.write() as unit:
            for table, number in places:
                self._row(unit, models[table], table, number)
                unit.session.flush()
            self._audited(unit)

    def _id(self, table: str, number: int) -> str:
        if table != "incoming_request":
            return self.new_id(f"{table}.id", KINDS.get(table, table), self.owner)
        return (
            self.asked[number]
            if number < len(self.asked)
            else self.new_id("incoming_request.id", "request", self.other)
        )

    def new_id(self, column: str, kind: str, owner: str) -> str:
        return self.markers.new(self.owner, column, f"{owner}.{kind}.{{}}").text

    def _row(self, unit: Unit, model: Any, table: Table, number: int) -> None:
        values = self.rows[table.name, number] = {}
        for column in table.columns:
            values[column.name] = self._value(table, column, number)
            self._note(table.name, column.name, number, values[column.name])
        row = model(**values)
        unit.session.add(row)
        if table.name in SHARED or (table.name in TO_A_PARTNER and self.channels(table.name, number)):
            record = row.answer(self.now) if table.name == "incoming_request" else row.record()
            unit.publish(record, values.get("revision", 1), set(self.channels(table.name, number)))

    def _audited(self, unit: Unit) -> None:
        """The log's entries are chained, so the log itself writes them."""
        for _ in range(3):
            sub, subject = (self.markers.new(self.owner, f"audit_entry.{name}").text for name in ("sub", "subject"))
            audit.note(unit, Actor(self.owner, iss=self.owner, sub=sub), "person.add", subject)

    # ── values ──

    def _value(self, table: Table, column: Column[Any], number: int) -> Any:
        name = (table.name, column.name)
        if name in STATES:
            said = STATES[name]
            return said if said is None else column.type.python_type(said)
        if name in FIXED:
            return FIXED[name][0](self, number)
        if column.name in BY_NAME:
            return BY_NAME[column.name][0](self, table.name, number)
        return self._named(table, column, number)

    def _named(self, table: Table, column: Column[Any], number: int) -> Any:
        """Of a column that names another row that row's id; a canary of its own otherwise."""
        if column.foreign_keys:
            [foreign] = column.foreign_keys
            return self.rows[foreign.column.table.name, number][foreign.column.name]
        if column.name == "id" and (table.name, number) in self.ids:
            return self.ids[table.name, number]
        if column.name in REFERENCES:
            return self.ids[REFERENCES[column.name], number]
        return self._of_type(table.name, column, number)

    def _of_type(self, table: str, column: Column[Any], number: int) -> Any:
        kind = type_of(column)
        if kind is dt.datetime:
            return self.now - dt.timedelta(days=20) + dt.timedelta(hours=number)
        if issubclass(kind, enum.Enum):
            return next(iter(kind))
        if kind in UNPLANTED_TYPES:
            day = self.now.date() - dt.timedelta(days=20)
            return {dt.date: day, bool: True, int: number + 1}[kind]
        form = '{{"canary":"{}"}}' if kind is bytes else "{}" if column.type is Ascii else "金丝雀{}"
        text = self.markers.new(self.owner, f"{table}.{column.name}", form).text
        return text.encode() if kind is bytes else [text] if kind is list else text

    def _note(self, table: str, column: str, number: int, value: Any) -> None:
        """Which canaries stand in this column, and whom its record tells them to."""
        circle, channels = circle_of(table, column), list(self.channels(table, number))
        for token in found_in(repr(value).encode()) & self.markers.by_token.keys():
            self.planted.add((table, column))
            if circle is not None and channels:
                beside = (table, column) in SHOWN_BESIDE
                names = TOLD_AS.get(table, ("", {}))[1].get(column, column) == "id"
                self.markers[token].leaves.append(Leave(circle, channels, on_the_spot=beside, names=names))

    def shares(self, table: str, number: int) -> list[str]:
        return choices.codes_of(self.channels(table, number), self.directory)


def type_of(column: Column[Any]) -> type:
    """What a column holds."""
    if isinstance(column.type, Listing):
        return list
    if isinstance(column.type, Mapping):
        return dict
    return dt.datetime if isinstance(column.type, Instant) else column.type.python_type


@cache
def circle_of(table: str, column: str) -> Visible | None:
    """What the column's record says of it; None: no record has it, so it is the owner's alone."""
    if (table, column) in SHOWN_BESIDE:
        return SHOWN_BESIDE[table, column]
    kind, names = TOLD_AS.get(table, (KINDS.get(table, table), {}))
    if table not in (*SHARED, *TO_A_PARTNER) or (names and column in ("committee_id", "state", "answered_at")):
        return None
    told = names.get(column, column)
    return next((each.metadata["visible"] for each in fields(records.RECORDS[kind]) if each.name == told), None)
