"""Documents that ask every field below every root field of a schema, of all records that have canaries."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_abstract_type

from sync.contract.ids import kind_of
from tests.canaries.markers import Markers
from tests.tenant_service.schema_walk import walking
from tests.tenant_service.schema_walk.canaries import Kept

DEEP = 2


def ids_of(markers: Markers, owner: str) -> Kept:
    """The ids of an owner's records, by kind."""
    kept = Kept()
    for each in markers:
        if each.owner == owner and each.column.endswith(".id") and each.text.startswith(f"{owner}."):
            kept.ids.setdefault(kind_of(each.text), []).append(each.text)
            kept.channels[each.text] = frozenset()
    return kept


def documents(schema: GraphQLSchema, root: str, kept: Kept, *, deep: int = DEEP, together: int = 30) -> Iterator[str]:
    """One for some ids of each root field, and one for each root field that takes none."""
    parent: Any = schema.query_type if root == "query" else schema.mutation_type
    for name, field in parent.fields.items():
        below: Any = get_named_type(field.type)
        shapes = schema.get_possible_types(below) if is_abstract_type(below) else [below]
        asked = [
            f"{name}{_said(arguments)} {_selected(below, shape, deep)}"
            for shape in shapes for arguments in walking._arguments(name, field, shape, kept)
        ]  # fmt: skip
        for at in range(0, len(asked), together):
            told = " ".join(f"a{number}: {each}" for number, each in enumerate(asked[at : at + together]))
            yield f"{root} {{ {told} }}"


def _said(arguments: list[str]) -> str:
    return f"({', '.join(arguments)})" if arguments else ""


def _selected(below: Any, shape: Any, deep: int) -> str:
    if shape is below:
        return walking.selection(below, deep)
    return f"{{ __typename ... on {shape.name} {walking.selection(shape, deep)} }}"
