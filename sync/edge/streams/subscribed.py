"""The one root field of a subscription, and its arguments."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_argument_values,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from sync.edge.budget import Fragments
from sync.edge.documents import Unfit, shown_invalid


@dataclass(frozen=True)
class Subscribed:
    """What is listened to; `key` is what the answer calls it."""

    name: str
    key: str
    node: FieldNode
    arguments: dict[str, Any]
    values: VariableValues


def subscribed(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments, variables: dict[str, Any]
) -> Subscribed:
    """The root field of a subscription that was found valid.

    Raises:
        Unfit: variables or arguments are wrong, or @skip and @include stand at the root.
    """
    values = get_variable_values(
        schema, operation.variable_definitions or (), variables, max_errors=5, hide_suggestions=True
    )
    if isinstance(values, list):
        raise Unfit([shown_invalid(each) for each in values])
    node = _root(operation, fragments)
    assert schema.subscription_type
    try:
        arguments = get_argument_values(schema.subscription_type.fields[node.name.value], node, values)
    except GraphQLError as error:
        raise Unfit([shown_invalid(error)]) from None
    return Subscribed(node.name.value, (node.alias or node.name).value, node, arguments, values)


def _root(operation: OperationDefinitionNode, fragments: Fragments) -> FieldNode:
    found: Any = operation
    while not isinstance(found, FieldNode):
        chosen = found.selection_set.selections
        if len(chosen) != 1 or chosen[0].directives:
            raise Unfit(
                [shown_invalid(GraphQLError("a subscription has one root field, and no @skip or @include there"))]
            )
        found = chosen[0]
        if found.kind == "fragment_spread":
            found = fragments[found.name.value]
    return found
