"""Syntax trees: what a selection comes to, and what is used below it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSkipDirective,
    NameNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    get_directive_values,
    visit,
)
from graphql.execution.values import VariableValues

from sync.edge.budget import Fragments


class Collector:
    """CollectFields of the specification, with the values of the variables that decide what is included."""

    def __init__(self, fragments: Fragments, values: VariableValues) -> None:
        self._fragments, self._values = fragments, values

    def collect(self, type_: GraphQLObjectType, *sets: SelectionSetNode | None) -> dict[str, FieldNode]:
        """By response key; the field nodes of one key come as one, their selections joined."""
        found: dict[str, list[FieldNode]] = {}
        seen = set[str]()
        mine = {type_.name, *(each.name for each in type_.interfaces)}
        for selected in sets:
            self._enter(selected, mine, found, seen)
        return {key: _joined(nodes) for key, nodes in found.items()}

    def _enter(
        self, selected: SelectionSetNode | None, mine: set[str], found: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for each in selected.selections if selected else ():
            of: Any = each
            if not self._included(of):
                continue
            if isinstance(each, FieldNode):
                found.setdefault((each.alias or each.name).value, []).append(each)
                continue
            if isinstance(each, FragmentSpreadNode):
                if each.name.value in seen:
                    continue
                seen.add(each.name.value)
                of = self._fragments[each.name.value]
            if of.type_condition is None or of.type_condition.name.value in mine:
                self._enter(of.selection_set, mine, found, seen)

    def _included(self, node: Any) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self._values)
        include = get_directive_values(GraphQLIncludeDirective, node, self._values)
        return not (skip and skip["if"]) and (include is None or include["if"])


def variables_in(nodes: Iterable[Any]) -> set[str]:
    found = set[str]()

    class Finder(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.add(node.name.value)

    for node in nodes:
        visit(node, Finder())
    return found


def deciding_variables(nodes: Iterable[Any]) -> tuple[str, ...]:
    """Variables whose value changes what is asked or what it costs: those of @skip and @include, and page sizes."""
    found: dict[str, None] = {}

    class Finder(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            found.update(dict.fromkeys(variables_in(node.arguments or ())))

        def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
            if node.name.value == "first":
                found.update(dict.fromkeys(variables_in([node])))

    for node in nodes:
        visit(node, Finder())
    return tuple(found)


def fragments_in(nodes: Iterable[Any], fragments: Fragments) -> list[str]:
    """Names of the fragments that are spread below `nodes`, and below those fragments, each once."""
    found: dict[str, None] = {}

    class Finder(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            if node.name.value not in found:
                found[node.name.value] = None
                visit(fragments[node.name.value], Finder())

    for node in nodes:
        visit(node, Finder())
    return list(found)


def keys_in(nodes: Iterable[Any]) -> set[str]:
    """Response keys of all fields in and below `nodes`."""
    found = set[str]()

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            found.add((node.alias or node.name).value)

    for node in nodes:
        visit(node, Finder())
    return found


def name_node(name: str) -> NameNode:
    return NameNode(value=name)


def variable_node(name: str) -> VariableNode:
    return VariableNode(name=name_node(name))


def _joined(nodes: list[FieldNode]) -> FieldNode:
    if len(nodes) == 1 or nodes[0].selection_set is None:
        return nodes[0]
    selections = tuple(each for node in nodes if node.selection_set for each in node.selection_set.selections)
    return replace(nodes[0], selection_set=SelectionSetNode(selections=selections))
