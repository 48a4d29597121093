"""From a document to what each committee is asked: its root fields, each of its kind, and the questions for any of
them.
"""

from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues

from gateway.federation.planning.older import since
from gateway.federation.planning.question import Question, question_of
from gateway.federation.roots.kinds import root_of
from gateway.federation.roots.root import Root
from gateway.federation.selecting.operation import Operation
from gateway.joint import Joint
from sync.edge.budget import Fragments

_PLAN, _BYTES_A_FIELD, _QUESTION, _BYTES_A_ROOT = 10_000, 1_100, 25_000, 8_500
"""What a plan weighs at most, in bytes, as it was measured (tests/gateway/test_remembered.py), and more for each field
with all that reads it; a question, and more for each root field in it.
"""
MOST_QUESTIONS = 64
"""Of one plan: by the roots that are put together, and by the releases of those who are asked."""
Roots = tuple[Root, ...]


class Plan:
    """One operation, read with the values of its deciding variables.

    Attributes:
        weight: Bytes, roughly and not too few; it grows with each question.
    """

    def __init__(
        self, joint: Joint, operation: OperationDefinitionNode, fragments: Fragments, values: VariableValues
    ) -> None:
        self._operation = Operation(joint, operation, fragments, values)
        self.roots: Roots = tuple(map(root_of, self._operation.fields()))
        self._questions: dict[tuple[Roots, int | None], Question] = {}
        self.weight = self._own_weight = _PLAN + _BYTES_A_FIELD * self._operation.size

    @property
    def is_act(self) -> bool:
        """Whether something is changed by it."""
        return self._operation.is_act

    def question(self, roots: Roots, release: int | None = None) -> Question:
        """The document for these roots; `release`: of those who are asked, if it is an older one."""
        key = roots, release
        if key not in self._questions:
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
                self.weight = self._own_weight
            self.weight += _QUESTION + _BYTES_A_ROOT * len(roots)
            self._questions[key] = question_of(self._operation, roots, release)
        return self._questions[key]


def is_known(root: Root, release: int | None) -> bool:
    """Whether a release knows this root field."""
    return release is None or since(root.definition) <= release
