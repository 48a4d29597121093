"""Asks every field of every type that is reachable from every root, whatever the schema has, and reads what came."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from graphql import (
    GraphQLField,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.execution.values import VariableValues

from sync.contract.visibility import Visible
from sync.edge.body import Asked
from sync.edge.documents import Prepared
from tenant_service.graph.operation import Executor
from tenant_service.graph.types import VisibleTo
from tenant_service.graphql import schema
from tests.tenant_service.schema_walk.canaries import Kept
from tests.tenant_service.schema_walk.strangers import HOME

SCHEMA = schema._schema
DEEP = 4
_SCALARS = {
    "String": "canary", "Int": 50, "Float": 2.5, "Boolean": True, "DateTime": "2026-04-01T10:00:00+08:00",
    "Date": "2026-04-01", "JSONObject": {},
}  # fmt: skip
_ID_ARGUMENTS = {"activityId": "activity", "personId": "person"}


def remembering(executor: Executor) -> Executor:
    """It reads each text, and each set of variables of it, once for everybody who asks."""
    executor._documents.of = cache(executor._documents.of)  # type: ignore[method-assign]
    read, known = executor._variables.of, dict[tuple[int, bytes], VariableValues | None]()

    def of(prepared: Prepared, given: dict[str, Any]) -> VariableValues | None:
        key = id(prepared), orjson.dumps(given)
        if key not in known:
            known[key] = read(prepared, given)
        return known[key]

    executor._variables.of = of  # type: ignore[method-assign]
    return executor


def documents(root: str, kept: Kept, deep: int = DEEP) -> Iterator[tuple[str, Asked]]:
    """Name of the root field, and a document that asks all below it; once for each id that it could be asked of.

    The ids are variables, so that an executor reads each text once, however many ids there are and whoever asks.
    """
    parent: Any = {"query": SCHEMA.query_type, "mutation": SCHEMA.mutation_type}[root]
    for name, field in parent.fields.items():
        below: Any = get_named_type(field.type)
        shapes = SCHEMA.get_possible_types(below) if is_abstract_type(below) else [below]
        for shape, arguments in ((each, told) for each in shapes for told in _arguments(name, field, each, kept)):
            narrowed = f"{{ __typename ... on {shape.name} {_selection(shape, deep)} }}" if shape is not below else ""
            said, variables = _of_variables(field, arguments)
            yield name, Asked(f"{root}{said[0]} {{ {name}{said[1]} {narrowed or _selection(below, deep)} }}", variables)


@cache
def _selection(type_: Any, deep: int) -> str:
    return selection(type_, deep)


def _of_variables(field: GraphQLField, arguments: list[str]) -> tuple[tuple[str, str], dict[str, Any]]:
    """How the operation declares its variables and the field takes its arguments; and what the variables are."""
    declared, told, variables = [], [], {}
    for each in arguments:
        key, _, literal = each.partition(": ")
        if get_named_type(field.args[key].type).name == "ID":
            declared.append(f"${key}: {field.args[key].type}")
            told.append(f"{key}: ${key}")
            variables[key] = orjson.loads(literal)
        else:
            told.append(each)
    return (_bracketed(declared), _bracketed(told)), variables


def _bracketed(told: list[str]) -> str:
    return f"({', '.join(told)})" if told else ""


def selection(type_: Any, deep: int, above: tuple[str, ...] = ()) -> str:
    """All fields of a type, and of those below it; a type stands at most twice on one way down."""
    if is_leaf_type(type_):
        return ""
    if is_abstract_type(type_):
        return "{ __typename id }"
    told = ["__typename"]
    for name, field in type_.fields.items():
        below: Any = get_named_type(field.type)
        if is_leaf_type(below):
            told.append(f"{name}{_required(field)}")
        elif deep and above.count(below.name) < 1:
            told.append(f"{name}{_required(field)} {selection(below, deep - 1, (*above, type_.name))}")
    return f"{{ {' '.join(told)} }}"


def _required(field: GraphQLField) -> str:
    told = [f"{name}: {_literal(arg.type)}" for name, arg in field.args.items() if is_required_argument(arg)]
    return f"({', '.join(told)})" if told else ""


def _arguments(name: str, field: GraphQLField, shape: Any, kept: Kept) -> Iterator[list[str]]:
    """Values for what a root field needs: each id of the kind that it speaks of, of all kinds where it says none."""
    every = [HOME, *kept.channels]
    plain, of_ids = [], None
    for key, arg in field.args.items():
        if of_ids is None and key in ("id", "ids", "activityId") and get_named_type(arg.type).name == "ID":
            of_ids = key
        elif key == "first":
            plain.append("first: 50")
        elif key == "year":
            plain.append("year: 2026")
        elif key in ("text", "from", "to", "indicators") or is_required_argument(arg):
            plain.append(f"{key}: {_literal(arg.type, _ID_ARGUMENTS.get(key, 'activity'), kept)}")
    if of_ids is None:
        yield plain
        return
    kind = _ID_ARGUMENTS.get(of_ids) or shape.name.lower()
    if is_list_type(getattr(field.args[of_ids].type, "of_type", None)):
        yield [*plain, f"{of_ids}: {orjson.dumps(every[:90]).decode()}"]
        return
    for id in (kept.ids.get(kind) or every) if name != "memberCounts" else [HOME]:
        yield [*plain, f'{of_ids}: "{id}"']


def _literal(type_: Any, kind: str = "activity", kept: Kept | None = None) -> str:
    if is_non_null_type(type_):
        return _literal(type_.of_type, kind, kept)
    if is_list_type(type_):
        return f"[{_literal(type_.of_type, kind, kept)}]"
    if is_enum_type(type_):
        return str(next(iter(type_.values)))
    if is_input_object_type(type_):
        asked = {name: each for name, each in type_.fields.items() if is_required_input_field(each)}
        return "{" + ", ".join(f"{name}: {_literal(each.type, kind, kept)}" for name, each in asked.items()) + "}"
    if type_.name == "ID":
        return f'"{kept.ids[kind][0] if kept else HOME}"'
    return orjson.dumps(_SCALARS.get(type_.name, "x")).decode()


@dataclass(frozen=True)
class Seen:
    """A field that came back with something in it: of the record `id` (empty: of no record), declared for `to`."""

    type: str
    field: str
    to: Visible
    id: str
    value: Any


def seen(data: Any, type_: Any, id: str = "") -> Iterable[Seen]:
    """Every field in an answer that is not empty, with the record it belongs to."""
    if isinstance(data, list):
        for each in data:
            yield from seen(each, type_, id)
    elif isinstance(data, dict) and not is_leaf_type(type_):
        shape: Any = SCHEMA.type_map.get(data.get("__typename", ""), type_)
        at = data.get("id") or id
        for name, value in data.items():
            if name == "__typename" or is_empty(value):
                continue
            field = shape.fields[name]
            yield Seen(shape.name, name, circle_of(field), at if "id" in shape.fields else "", value)
            yield from seen(value, get_named_type(field.type), at)


def is_empty(value: Any) -> bool:
    """Whether it tells nothing: empty lists and the frame around them do not."""
    if isinstance(value, dict):
        return all(is_empty(each) for name, each in value.items() if name != "__typename")
    if isinstance(value, list):
        return all(map(is_empty, value))
    return value in (None, False, 0, "")


def circle_of(field: GraphQLField) -> Visible:
    told: Any = field.extensions["strawberry-definition"]
    return next(each.to for each in told.directives if isinstance(each, VisibleTo))


def is_reached(type_: Any, found: set[str] | None = None) -> set[str]:
    """Names of all output types below this one."""
    found = set() if found is None else found
    for field in type_.fields.values():
        below: Any = get_named_type(field.type)
        for each in SCHEMA.get_possible_types(below) if is_abstract_type(below) else [below]:
            if not is_leaf_type(each) and each.name not in found:
                found.add(each.name)
                is_reached(each, found)
    return found
