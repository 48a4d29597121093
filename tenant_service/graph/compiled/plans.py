"""Plans of operations: whether every root is a list that can be read off a page, and the reading of it."""

import logging
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationType,
    get_argument_values,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from sync.contract.errors import Refusal
from sync.edge.documents import Prepared
from tenant_service.graph.compiled.selections import PlainSelection, Selection, Selector, Unknown
from tenant_service.graph.compiled.values import Unlike
from tenant_service.graph.context import Context

log = logging.getLogger(__name__)

_Info: Any = GraphQLResolveInfo  # without what runs asynchronous resolvers: there are none here
_PLAN, _FIELD = 1_500, 2_000
"""Bytes of a plan, and more for each field that it reads; see sync/edge/documents.py."""


@dataclass(frozen=True)
class Root:
    """A root list and what is asked of it."""

    field: GraphQLField
    nodes: list[FieldNode]
    selection: Selection | PlainSelection


Plan = dict[str, Root | str]
"""Response key → the list, or what `__typename` says."""


@dataclass(frozen=True)
class Planned:
    """What came of planning; no plan: it is for graphql-core to answer.

    Attributes:
        weight: Bytes, roughly and not too few.
    """

    plan: Plan | None
    weight: int


class Plans:
    """Answers the operations that it knows how to; a plan is made once, and kept with its document."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def answer(self, prepared: Prepared, values: VariableValues, context: Context) -> dict[str, Any] | None:
        """What graphql-core would answer as `data`, without errors. None: it is for graphql-core to answer."""
        try:
            plan = self._plan(prepared, values)
            return plan and {
                key: root if isinstance(root, str) else self._list(key, root, prepared, values, context)
                for key, root in plan.items()
            }
        except (Refusal, Unlike, GraphQLError):
            context.begin_again()
            return None  # graphql-core meets it again and says it in its words
        except Exception:
            log.exception("a plan broke; the operation is walked field by field")
            context.begin_again()
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
        decided = tuple(values.coerced.get(name) for name in prepared.deciding)
        found: Planned | None = prepared.plans.get(decided)
        if found is None:
            found = self._planned(prepared, values)
            prepared.plans.put(decided, found)
        return found.plan

    def _planned(self, prepared: Prepared, values: VariableValues) -> Planned:
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
            return Planned(None, _PLAN)
        return Planned(plan, _PLAN + _FIELD * (len(roots) + selector.fields))
