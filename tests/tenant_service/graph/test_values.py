"""A column is shown as graphql-core shows each of its values, or not at all."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from graphql import GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, execute_sync, parse
from graphql.type import GraphQLField, GraphQLSchema
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.shapes.activities import ActivityKind
from tenant_service.graph.compiled.values import show
from tenant_service.graphql import schema

NAMED = {
    name: schema._schema.type_map[name] for name in ("ID", "Boolean", "ActivityKind", "DateTime", "Date", "Cursor")
}
LEAVES: list[Any] = [GraphQLString, GraphQLInt, *NAMED.values()]
TYPES = [
    *LEAVES, *map(GraphQLNonNull, LEAVES), GraphQLList(GraphQLString), GraphQLNonNull(GraphQLList(GraphQLInt)),
    GraphQLList(GraphQLNonNull(GraphQLString)), GraphQLList(GraphQLList(NAMED["DateTime"])),
]  # fmt: skip
MOMENT = dt.datetime(2026, 4, 1, 2, 0, 0, 7, dt.UTC)
VALUES = st.sampled_from(
    [
        None, "", "杭", "PLENARY", ActivityKind.PLENARY, 0, -1, 2**31 - 1, 2**31, True, 1.0, 1.5, b"x", MOMENT,
        MOMENT.replace(microsecond=0), MOMENT.replace(tzinfo=None), MOMENT.astimezone(ZoneInfo("Asia/Shanghai")),
        MOMENT.astimezone(dt.timezone(dt.timedelta(seconds=90))), MOMENT.date(), ["a", None], [], [["a"]],
        [MOMENT], [1],
    ]
)  # fmt: skip


@pytest.mark.parametrize("type_", TYPES, ids=str)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_column_is_shown_as_its_values_are_one_by_one(type_: Any, data: st.DataObject) -> None:
    column = data.draw(st.lists(VALUES, max_size=3) | st.lists(VALUES, min_size=1, max_size=1))
    shown = show(type_)
    assert shown
    try:
        told = orjson.dumps(list(shown(column)))
    except Exception:  # noqa: BLE001 — then graphql-core is asked
        return
    assert told == orjson.dumps([one_by_one(type_, value) for value in column])


@pytest.mark.parametrize(
    ("type_", "column"),
    [
        (GraphQLString, ["a", None]), (GraphQLNonNull(GraphQLInt), [1, -5]), (NAMED["ActivityKind"], ["PLENARY", None]),
        (NAMED["DateTime"], [MOMENT, None]), (NAMED["Date"], [MOMENT.date()]),
        (GraphQLList(GraphQLString), [["a"], []]),
    ],
)  # fmt: skip
def test_what_a_type_allows_is_shown(type_: Any, column: list[Any]) -> None:
    shown = show(type_)
    assert shown
    assert len(shown(column)) == len(column)


def test_objects_are_no_column() -> None:
    assert show(schema._schema.type_map["Venue"]) is None
    assert show(GraphQLList(schema._schema.type_map["Venue"])) is None


def one_by_one(type_: Any, value: Any) -> Any:
    """What graphql-core says. Raises: AssertionError, it says that it is an error."""
    query = GraphQLObjectType("Query", {"it": GraphQLField(type_, resolve=lambda *_: value)})
    told = execute_sync(GraphQLSchema(query), parse("{ it }"))
    assert not told.errors
    assert told.data
    return told.data["it"]
