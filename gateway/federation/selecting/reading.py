"""Reads what a client selects out of plain things: for the types that only the gateway fills."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    get_argument_values,
    get_named_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from gateway.federation.selecting.selections import Collector, variables_in

Reader = Callable[[dict[str, Any], VariableValues], dict[str, Any]]


@dataclass
class Arguments:
    """The arguments of a field, read anew only where variables are in them."""

    definition: GraphQLField
    node: FieldNode

    @cached_property
    def _constant(self) -> dict[str, Any] | None:
        return None if variables_in(self.node.arguments or ()) else get_argument_values(self.definition, self.node)

    def values(self, values: VariableValues) -> dict[str, Any]:
        return self._constant or get_argument_values(self.definition, self.node, values)


def reader(collector: Collector, type_: GraphQLObjectType, node: FieldNode) -> Reader:
    """Reads what `node` selects out of plain dicts: for the types that only the gateway fills.

    A value may be a function of the field's arguments.
    """
    steps: list[tuple[str, str, Reader | None, Arguments | None]] = []
    for key, each in collector.collect(type_, node.selection_set).items():
        of = type_.fields.get(each.name.value)
        below: Any = of and get_named_type(of.type)
        inner = reader(collector, below, each) if is_object_type(below) else None
        steps.append((key, each.name.value, inner, Arguments(of, each) if of and of.args else None))

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
