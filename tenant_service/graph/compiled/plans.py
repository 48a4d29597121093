"""Plans of operations: whether every root is a list that can be read off a page, and the reading of it."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationType,
    VariableNode,
    Visitor,
    get_argument_values,
    visit,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from sync.contract.errors import Refusal
from sync.edge.documents import MOST_KEPT, Prepared
from tenant_service.graph.compiled.selections import PlainSelection, Selection, Selector, Unknown
from tenant_service.graph.compiled.values import Unlike
from tenant_service.graph.context import Context

log = logging.getLogger(__name__)

_Info: Any = GraphQLResolveInfo  # without what runs asynchronous resolvers: there are none here
_DECIDING = {"skip", "include"}
_MOST_PLANS = 16
"""Of one document, for different values of the variables that decide what is included."""


@dataclass(frozen=True)
class Root:
    """A root list and what is asked of it."""

    field: GraphQLField
    nodes: list[FieldNode]
    selection: Selection | PlainSelection


Plan = dict[str, Root | str]
"""Response key → the list, or what `__typename` says."""


log = logging.getLogger(__name__)


class Document:
    """What is known of a document: variables that decide what is included, and a plan for some values of theirs."""

    def __init__(self, prepared: Prepared) -> None:
        self.deciding = _deciding(prepared.document)
        self.plans: dict[tuple[Any, ...], Plan | None] = {}


class Plans:
    """Answers the operations that it knows how to; a document is looked at once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._documents = lru_cache(MOST_KEPT)(Document)

    def answer(self, prepared: Prepared, values: VariableValues, context: Context) -> dict[str, Any] | None:
        """What graphql-core would answer as `data`, without errors. None: it is for graphql-core to answer."""
        try:
            plan = self._plan(prepared, values)
            return plan and {
                key: root if isinstance(root, str) else self._list(key, root, prepared, values, context)
                for key, root in plan.items()
            }
        except (Refusal, Unlike, GraphQLError):
            return None  # graphql-core meets it again and says it in its words
        except Exception:
            log.exception("a plan broke; the operation is walked field by field")
            return None

    def _list(self, key: str, root: Root, prepared: Prepared, values: VariableValues, context: Context) -> Any:
        query: Any = self._schema.query_type
        info = _Info(
            root.nodes[0].name.value, root.nodes, root.field.type, query, Path(None, key, query.name), self._schema,
            prepared.fragments, None, prepared.operation, values, context, None, None, None,
        )  # fmt: skip
        arguments = get_argument_values(root.field, root.nodes[0], values)
        assert root.field.resolve
        found: Any = root.field.resolve(None, info, **arguments)
        return root.selection.shown(found.page if isinstance(root.selection, Selection) else found)

    def _plan(self, prepared: Prepared, values: VariableValues) -> Plan | None:
        if prepared.operation.operation is not OperationType.QUERY:
            return None
        known = self._documents(prepared)
        decided = tuple(values.coerced.get(name) for name in known.deciding)
        if decided not in known.plans:
            if len(known.plans) >= _MOST_PLANS:
                known.plans.clear()
            known.plans[decided] = self._planned(prepared, values)
        return known.plans[decided]

    def _planned(self, prepared: Prepared, values: VariableValues) -> Plan | None:
        query: Any = self._schema.query_type
        selector = Selector(self._schema, prepared, values)
        roots = collect_fields(self._schema, selector.fragments, values, query, prepared.operation).grouped_field_set
        plan: Plan = {}
        try:
            for key, group in roots.items():
                name = group[0].node.name.value
                if name == "__typename":
                    plan[key] = query.name
                else:
                    of = query.fields.get(name)
                    selection = selector.selection(of and of.type, group)
                    plan[key] = Root(of, [each.node for each in group], selection)
        except Unknown:
            return None
        return plan


def _deciding(document: DocumentNode) -> tuple[str, ...]:
    found: set[str] = set()

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in _DECIDING:
                values = [each.value for each in node.arguments or ()]
                found.update(each.name.value for each in values if isinstance(each, VariableNode))

    visit(document, Finder())
    return tuple(found)
