"""One root field of a client's document: what is asked for it, and what its answer is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

import msgspec
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    get_argument_values,
    get_named_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from gateway.federation.documents import Collector, variables_in
from gateway.federation.shapes import Shape
from gateway.joint import MergedList, Route

ITSELF = ""
_Total = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Reader = Callable[[dict[str, Any], VariableValues], dict[str, Any]]


class More(msgspec.Struct):
    """`pageInfo` of one committee's page."""

    hasNextPage: bool  # noqa: N815 — as committees write it


@dataclass
class Told:
    """The arguments of a field, read anew only where variables are in them."""

    definition: GraphQLField
    node: FieldNode

    @cached_property
    def _constant(self) -> dict[str, Any] | None:
        return None if variables_in(self.node.arguments or ()) else get_argument_values(self.definition, self.node)

    def values(self, values: VariableValues) -> dict[str, Any]:
        return self._constant or get_argument_values(self.definition, self.node, values)


@dataclass
class Root:
    """One response key of the client's answer, and the question `r<n>` that is put for it."""

    key: str
    route: Route
    node: FieldNode
    definition: GraphQLField | None
    """None: `__typename`, `__schema` or `__type`."""
    question: FieldNode
    lifted: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """Literals that are sent as variables, so that every page of a list is one document: name to (type, value)."""
    cost: int = 1
    """Fields of one row, nested lists multiplied by their page sizes."""
    listing: MergedList | None = None
    entries: list[tuple[str, str, Any]] = field(default_factory=list)
    """Of a merged list: (response key, what, name of the list | constant | reader), in the client's order."""
    rows: dict[str, Shape] = field(default_factory=dict)
    """What a row of each list must look like; under ITSELF what is passed on whole."""
    needs_rows: bool = False
    read: Reader | None = None
    """Of what the gateway itself answers."""

    @cached_property
    def _told(self) -> Told | None:
        return Told(self.definition, self.node) if self.definition else None

    @cached_property
    def is_required(self) -> bool:
        """Whether the whole answer is null without it."""
        return self.definition is not None and is_non_null_type(self.definition.type)

    def arguments(self, values: VariableValues) -> dict[str, Any]:
        return self._told.values(values) if self._told else {}

    def shape(self) -> tuple[Any, Any]:
        """Type and default of what is answered. (Not `Raw | None`: that decodes nothing but null.)"""
        if self.route is Route.STATISTICS:
            return msgspec.Raw, msgspec.Raw(b"null")
        if self.route is Route.OWNERS:
            return list[msgspec.Raw] | None, None
        if self.route is not Route.MERGED:
            return msgspec.Raw, msgspec.Raw(b"null")
        rows = [("cursors", list[str]), ("pageInfo", More)] if self.needs_rows else []
        lists = [(told, list[msgspec.Raw]) for _, what, told in self.entries if what == "list"]
        return msgspec.defstruct("Page", [*rows, *lists, ("totalCount", _Total | None, None)]) | None, None


def reader(collector: Collector, type_: GraphQLObjectType, node: FieldNode) -> Reader:
    """Reads what `node` selects out of plain dicts: for the types that only the gateway fills.

    A value may be a function of the field's arguments.
    """
    steps: list[tuple[str, str, Reader | None, Told | None]] = []
    for key, each in collector.collect(type_, node.selection_set).items():
        of = type_.fields.get(each.name.value)
        below: Any = of and get_named_type(of.type)
        inner = reader(collector, below, each) if is_object_type(below) else None
        steps.append((key, each.name.value, inner, Told(of, each) if of and of.args else None))

    if all(inner is None and told is None and name != "__typename" for _, name, inner, told in steps):
        plain = [(key, name) for key, name, _, _ in steps]
        return lambda thing, _: {key: thing[name] for key, name in plain}

    def read(thing: dict[str, Any], values: VariableValues) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, name, inner, told in steps:
            value: Any = type_.name if name == "__typename" else thing[name]
            if told is not None:
                value = value(told.values(values))
            if inner is not None and value is not None:
                value = [inner(one, values) for one in value] if isinstance(value, list) else inner(value, values)
            made[key] = value
        return made

    return read
