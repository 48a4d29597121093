"""Documents with their variables: what is asked of committees, remembered beside the document."""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, get_variable_values
from graphql.execution.values import VariableValues

from gateway.federation.planning.plan import Plan
from gateway.federation.refused import AtRoot, Failed, shown
from gateway.federation.selecting.selections import deciding_variables
from gateway.joint import Joint
from sync.contract.errors import Refusal
from sync.edge.budget import Limits, check_items
from sync.edge.documents import Documents, Prepared

MOST_REMEMBERED = 128 * 1024 * 1024
"""Bytes of documents that are remembered, with all that was made of them."""
MOST_OF_GIVEN = 1_200_000
"""Of these, variables of one document."""
LONGEST_VARIABLES = 2_000
"""Bytes of variables that are remembered with what came of them."""
_GIVEN, _BYTES_OF_GIVEN = 5_000, 50
"""What variables weigh at most, in bytes, and more for each of their own, as it was measured
(tests/gateway/test_remembered.py).
"""


def documents_of(joint: Joint, limits: Limits) -> Documents:
    """Reads documents against the joint schema. Page sizes decide as well: by them a question has its price."""
    return Documents(
        joint.schema, limits, MOST_REMEMBERED, MOST_OF_GIVEN,
        lambda read: deciding_variables([read.operation, *read.fragments.values()]),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Given:
    """A document with its variables: what is asked, and each root field's arguments. Shared between requests."""

    plan: Plan
    values: VariableValues
    arguments: list[dict[str, Any]]
    weight: int


class Planner:
    """Reads variables, and plans what is asked with them."""

    def __init__(self, joint: Joint, limits: Limits) -> None:
        self._joint, self._limits = joint, limits

    def given(self, prepared: Prepared, told: dict[str, Any]) -> Given:
        """What is asked with these variables. Raises: Failed, they do not fit; AtRoot."""
        try:
            check_items(told, self._limits)
        except Refusal as refusal:
            raise Failed([shown(refusal)]) from None
        said = orjson.dumps(told)
        found: Given | None = prepared.values.get(said)
        if found is None:
            found = self._with(prepared, said)
            if len(said) <= LONGEST_VARIABLES:
                prepared.values.put(said, found)
        return found

    def _with(self, prepared: Prepared, variables: bytes) -> Given:
        """Raises: Failed, the variables do not fit; AtRoot. (What is raised is not remembered.)"""
        told = orjson.loads(variables)
        definitions = prepared.operation.variable_definitions or ()
        values = get_variable_values(self._joint.schema, definitions, told, max_errors=5, hide_suggestions=True)
        if isinstance(values, list):
            raise Failed([shown(each) for each in values])
        plan = self._plan(prepared, values)
        arguments = []
        for root in plan.roots:
            try:
                arguments.append(root.arguments(values))
            except GraphQLError as error:
                raise AtRoot(root.key, error) from None
        return Given(plan, values, arguments, _GIVEN + _BYTES_OF_GIVEN * len(variables))

    def _plan(self, prepared: Prepared, values: VariableValues) -> Plan:
        decided = tuple(values.coerced.get(name) for name in prepared.deciding)
        found: Plan | None = prepared.plans.get(decided)
        if found is None:
            found = Plan(self._joint, prepared.operation, prepared.fragments, values)
            prepared.plans.put(decided, found)
        return found
