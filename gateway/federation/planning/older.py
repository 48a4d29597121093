"""What a committee of an older release is asked: the same, without the fields that it does not know yet.

Such a field is asked for as `__typename` under a name that nobody else uses, so that its place among the others is
kept; in what comes back it is null under its own name. A root field that is too new is not asked for at all, and a
newer argument is left where it stands: an answer that passes over a filter would be another answer.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from gateway.federation.selecting.selections import name_node
from sync.contract.strangers import reading

_decode = reading(msgspec.json.Decoder().decode)


def since(field: GraphQLField | None) -> int:
    """The release that brought this field; 0: it was always there."""
    node: Any = field and field.ast_node
    told = [each for each in node.directives or () if each.name.value == "since"] if node else []
    return int(told[0].arguments[0].value.value) if told else 0


def unused(prefix: str, names: Collection[str]) -> str:
    """A beginning that none of these names has."""
    while any(name.startswith(prefix) for name in names):
        prefix += "_"
    return prefix


class Reducer:
    """Takes out of documents what a release did not know; remembers whether there was anything."""

    def __init__(self, schema: GraphQLSchema, release: int, mark: str) -> None:
        self._schema, self._release, self._mark = schema, release, mark
        self.has_reduced = False

    def field(self, operation: OperationType, node: FieldNode) -> FieldNode:
        """A root field without what is too new below it."""
        whole = OperationDefinitionNode(operation=operation, selection_set=SelectionSetNode(selections=(node,)))
        return self._of(whole).selection_set.selections[0]  # type: ignore[no-any-return]

    def fragment(self, node: FragmentDefinitionNode) -> FragmentDefinitionNode:
        return self._of(node)  # type: ignore[no-any-return]

    def _of(self, node: Any) -> Any:
        info, reducer = TypeInfo(self._schema), self

        class Taking(Visitor):
            def leave_field(self, field: FieldNode, *_: Any) -> FieldNode | None:
                if since(info.get_field_def()) <= reducer._release:
                    return None
                reducer.has_reduced = True
                key = reducer._mark + (field.alias or field.name).value
                # Conditions are left: what the client does not want is not there as null either.
                return replace(
                    field, alias=name_node(key), name=name_node("__typename"), arguments=(), selection_set=None
                )

        return visit(node, TypeInfoVisitor(info, Taking()))


def filled(body: bytes, mark: str) -> bytes:
    """The answer as a committee of this release writes it that has no value for what was left out.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return msgspec.json.encode(_nulls(_decode(body), mark))
    except (RecursionError, OverflowError, TypeError) as error:
        raise ValueError(str(error)) from None


def _nulls(value: Any, mark: str) -> Any:
    if isinstance(value, list):
        return [_nulls(each, mark) for each in value]
    if not isinstance(value, dict):
        return value
    return {key.removeprefix(mark): None if key.startswith(mark) else _nulls(each, mark) for key, each in value.items()}
