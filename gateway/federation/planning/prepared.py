"""Documents as they are planned, remembered with all that was made of them."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError, OperationDefinitionNode, get_variable_values
from graphql.execution.values import VariableValues

from gateway.federation.planning.plan import Plan
from gateway.federation.refused import AtRoot, Failed, shown
from gateway.federation.selecting.selections import deciding_variables
from gateway.joint import Joint
from sync.contract.errors import Refusal
from sync.edge.body import Asked
from sync.edge.budget import Fragments, Limits, check_items
from sync.edge.documents import LONGEST_KEPT, Unfit, prepare
from sync.edge.kept import Kept

MOST_REMEMBERED = 128 * 1024 * 1024
"""Bytes of documents that are remembered, with all that was made of them."""
LONGEST_VARIABLES = 2_000
"""Bytes of variables that are remembered with what came of them."""
MOST_GIVEN = 200
"""Variables that are remembered with one document."""
MOST_PLANS = 16
"""Of one document, by the values of its deciding variables."""
_DOCUMENT, _BYTES_A_CHARACTER, _DENSE, _GIVEN, _BYTES_OF_GIVEN = 60_000, 120, 2_000, 5_000, 50
"""What things weigh at most, in bytes, as it was measured (tests/gateway/test_remembered.py): a document, and more for
each of its characters as far as they can be words; variables, and more for each of their bytes.
"""


@dataclass(eq=False)
class Prepared:
    """A document that was parsed, found affordable and valid; and what was made of it so far.

    Attributes:
        given: By variables as they were sent.
    """

    query: str
    operation: OperationDefinitionNode
    fragments: Fragments
    deciding: tuple[str, ...]
    plans: dict[tuple[Any, ...], Plan] = field(default_factory=dict)
    given: "dict[bytes, Given]" = field(default_factory=dict)
    given_weight: int = 0

    @property
    def weight(self) -> int:
        """Bytes, roughly and not too few."""
        dense, made = min(len(self.query), _DENSE), sum(each.weight for each in self.plans.values())
        return _DOCUMENT + _BYTES_A_CHARACTER * dense + 2 * len(self.query) + made + self.given_weight

    def remember(self, said: bytes, found: "Given") -> None:
        if len(self.given) >= MOST_GIVEN:
            self.given.clear()
            self.given_weight = 0
        self.given[said] = found
        self.given_weight += _GIVEN + _BYTES_OF_GIVEN * len(said)


@dataclass(frozen=True, eq=False)
class Given:
    """A document with its variables: what is asked, and each root field's arguments. Shared between requests."""

    plan: Plan
    values: VariableValues
    arguments: list[dict[str, Any]]


class Documents:
    """Reads documents and variables against one schema."""

    def __init__(self, joint: Joint, limits: Limits) -> None:
        self._joint, self._limits = joint, limits
        self.remembered = Kept[Prepared | Failed](MOST_REMEMBERED, lambda each: each.weight)

    def weigh(self, request: Asked) -> None:
        """Plans and questions were made on the way."""
        self.remembered.weigh(_key(request))

    def read(self, request: Asked) -> Prepared | Failed:
        """The document as it is planned, or why it cannot be. A refusal is remembered as well, or the same bad document
        would cost anew each time.
        """
        if len(request.query) > LONGEST_KEPT:
            return self._prepare(request.query, request.name)
        found = self.remembered.get(_key(request))
        if found is None:
            found = self._prepare(request.query, request.name)
            self.remembered.put(_key(request), found)
        return found

    def _prepare(self, query: str, name: str | None) -> Prepared | Failed:
        try:
            found = prepare(self._joint.schema, self._limits, query, name)
        except Unfit as unfit:
            return Failed(unfit.errors, about=query)
        deciding = deciding_variables([found.operation, *found.fragments.values()])
        return Prepared(query, found.operation, found.fragments, deciding)

    def given(self, prepared: Prepared, told: dict[str, Any]) -> Given:
        """What is asked with these variables. Raises: Failed, they do not fit; AtRoot."""
        try:
            check_items(told, self._limits)
        except Refusal as refusal:
            raise Failed([shown(refusal)]) from None
        said = orjson.dumps(told)
        found = prepared.given.get(said)
        if found is None:
            found = self._with(prepared, said)
            if len(said) <= LONGEST_VARIABLES:
                prepared.remember(said, found)
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
        return Given(plan, values, arguments)

    def _plan(self, prepared: Prepared, values: VariableValues) -> Plan:
        decided = tuple(values.coerced.get(name) for name in prepared.deciding)
        if decided not in prepared.plans:
            if len(prepared.plans) >= MOST_PLANS:
                prepared.plans.clear()
            prepared.plans[decided] = Plan(self._joint, prepared.operation, prepared.fragments, values)
        return prepared.plans[decided]


def _key(request: Asked) -> tuple[str, str | None]:
    return request.query, request.name
