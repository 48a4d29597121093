"""Every kind of record is told in full by its room, and whatever lists kinds besides lists the same ones."""

import ast
import importlib
from collections import Counter
from pathlib import PurePosixPath

import pytest
from strawberry.types import get_object_definition

from sync.contract.asking.changes import RecordKind
from sync.contract.asking.searching import SearchKind
from sync.contract.records import RECORDS
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from tenant_service.personal_data.queries import MASKED, TABLES
from tenant_service.room import Room, RoomKind, Without
from tenant_service.rooms import (
    COUNTING,
    KINDS,
    MUTATIONS,
    NODES,
    OF_COMMITTEE,
    QUERIES,
    REACHING,
    RECOVERIES,
    ROOMS,
    projections,
)
from tenant_service.storage.columns import Row
from tenant_service.storage.personal import Personal, declared
from tests.architecture.tree import files, imports, modules, syntax
from tests.tenant_service import places

OF_NO_ROOM = {"committee": "the directory lists committees, and the registrars sign it"}
NOT_LISTENED_TO = {
    "body": "its list is looked through by hand", "person": "the roster is the office's", "membership": "the same",
    "handover": "it lies in one body's inbox",
}  # fmt: skip
"""Kinds that an id finds and of which no change is told."""
OF_NOBODY_ALONE = {
    "seen_proposal": "its owner tells its proposers, and takes their names away",
    "report": "its authors are told row by row", "seen_report": "its owner tells them, and takes their names away",
}  # fmt: skip
"""Tables with personal columns of which no person is told row by row, and why."""


def test_every_kind_that_travels_is_a_rooms() -> None:
    assert Counter(kind.name for room in ROOMS for kind in room.kinds) == Counter(RECORDS.keys() - OF_NO_ROOM.keys())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_part_is_missing_only_for_a_reason(kind: RoomKind) -> None:
    for part in (kind.project, kind.recover, kind.find, kind.reaching):
        assert callable(getattr(part, "made", part)) or (isinstance(part, Without) and part.because)
    assert kind.label
    assert KINDS.keys() >= set(kind.after)


def test_a_kind_that_leaves_a_part_unsaid_starts_no_program() -> None:
    told = vars(KINDS["venue"])
    for part in ("project", "recover", "find", "reaching"):
        with pytest.raises(TypeError):
            RoomKind(**{name: each for name, each in told.items() if name != part})


def test_what_travels_is_shown_elsewhere_and_comes_back() -> None:
    """A copy that no room takes in waits for ever; a record that none takes back is gone with its disk."""
    shown = projections(places.directory)
    assert set(RECOVERIES) <= set(shown)
    assert set(shown) - set(RECOVERIES) == {"value", "audit_head"}, "both are made anew"


def test_rows_come_back_behind_those_that_they_refer_to() -> None:
    order = list(RECOVERIES)
    for kind in order:
        assert all(order.index(each) < order.index(kind) for each in KINDS[kind].after)


def test_what_is_listened_to_and_searched_for_is_what_the_rooms_show() -> None:
    assert {kind.in_ids for kind in RecordKind} == NODES.keys() - NOT_LISTENED_TO.keys()
    assert {kind.value.lower() for kind in SearchKind} == set(REACHING)


def test_each_indicator_is_counted_by_one_room() -> None:
    told = Counter(code for room in ROOMS for code in (*room.flows, *room.stocks))
    assert told == Counter(IndicatorCode), "say in the room.py of its rows how they are counted"
    assert COUNTING.stocks.keys() == {code for code, each in INDICATORS.items() if each.is_stock}


def test_each_table_that_says_something_of_people_is_told_to_them() -> None:
    """By the room that has it, in its personal.py: a page would not know what to call a row of another."""
    said = {table for table, _, _ in declared(Row.metadata)}
    assert said - TABLES.keys() == OF_NOBODY_ALONE.keys()


def test_what_is_masked_on_one_page_is_masked_on_all() -> None:
    """A phone or a month of birth that is declared on a record's own table is masked, and shown for a reason."""
    hidden: dict[str, set[str]] = {}
    for table, column, kind in declared(Row.metadata):
        if table in KINDS and kind in (Personal.PHONE, Personal.BIRTH):
            hidden.setdefault(table, set()).add(column)
    assert {kind: {each.value for each in fields} for kind, fields in MASKED.items()} == hidden


def test_every_room_that_says_how_it_hangs_is_listed() -> None:
    told = [path for path in map(PurePosixPath, files()) if path.match("tenant_service/*/room.py")]
    rooms: list[Room] = [importlib.import_module(f"tenant_service.{path.parent.name}.room").ROOM for path in told]
    assert {room.name for room in rooms} == {path.parent.name for path in told}
    assert Counter(map(id, rooms)) == Counter(map(id, ROOMS))


def test_no_room_finds_out_by_itself_whom_its_rows_are_shown_to() -> None:
    """It says so in the `AtHome` of its repository: a ladder of roles in a query would be a second rule."""
    reads = [path for path in modules("tenant_service") if path.count("/") > 1 and path.endswith("queries.py")]
    by_roles = [
        f"{path}:{node.lineno}" for path in reads for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "actor.roles"
    ]  # fmt: skip
    reaching = {path for path in reads for _, name in imports(path) if "exchange.sharing.reach" in name}
    assert not by_roles
    assert not reaching


def test_no_two_rooms_have_a_field_or_a_type_of_one_name() -> None:
    """The one that is asked first would stand for both, and the other be there no more without a word."""
    for roots in (QUERIES, MUTATIONS, OF_COMMITTEE):
        fields = Counter(each.name for room in roots for each in get_object_definition(room, strict=True).fields)
        assert [name for name, times in fields.items() if times > 1] == []
    graphs = [path for path in modules("tenant_service") if path.endswith(("graphql.py", "graphql_types.py"))]
    defined = Counter(
        node.name for path in graphs for node in syntax(path).body
        if isinstance(node, ast.ClassDef) and any("strawberry." in ast.unparse(each) for each in node.decorator_list)
    )  # fmt: skip
    assert [name for name, times in defined.items() if times > 1] == []
