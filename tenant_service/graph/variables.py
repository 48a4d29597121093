"""Variables of a request: as their types have them, and found affordable."""

import sys
from dataclasses import dataclass
from typing import Any

from graphql import get_variable_values
from graphql.execution.values import VariableValues

from sync.edge.budget import afford
from sync.edge.documents import Documents, Prepared

_SIMPLE = (str, int, float, bool, type(None))
_LONGEST = 200
"""Characters of a text that is remembered; cursors and ids are shorter."""
_VALUES, _VALUE = 1_000, 400
"""Bytes of variables that are remembered, and more for each beside its text; see sync/edge/documents.py."""


class Variables:
    """Reads the variables of prepared documents, and remembers what it read of simple ones: most requests are asked
    again with the same.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def of(self, prepared: Prepared, given: dict[str, Any]) -> VariableValues | None:
        """The values; None: one is not of its type, which graphql-core will say.

        Raises:
            Refusal: TOO_COMPLEX, with these variables the operation would cost too much.
        """
        if not (prepared.is_kept and all(map(_is_simple, given.values()))):
            return self._read(prepared, given)
        # Each with its type: 1, 1.0 and true are one and the same key otherwise.
        key = tuple((name, type(value), value) for name, value in given.items())
        found: _Read | None = prepared.values.get(key)
        if found is None:
            found = _Read(self._read(prepared, given), _weight(prepared, given))
            prepared.values.put(key, found)
        return found.values

    def _read(self, prepared: Prepared, given: dict[str, Any]) -> VariableValues | None:
        schema, limits, operation = self._documents.schema, self._documents.limits, prepared.operation
        values = get_variable_values(
            schema, operation.variable_definitions or (), given, max_errors=1, hide_suggestions=True
        )
        of_their_types = None if isinstance(values, list) else values
        known = of_their_types.coerced if of_their_types else given  # defaults may name page sizes as well
        afford(schema, operation, prepared.fragments, limits, known)
        return of_their_types


@dataclass(frozen=True)
class _Read:
    values: VariableValues | None
    weight: int


def _weight(prepared: Prepared, given: dict[str, Any]) -> int:
    each = len(given) + len(prepared.operation.variable_definitions or ())
    return _VALUES + _VALUE * each + sum(sys.getsizeof(name) + sys.getsizeof(value) for name, value in given.items())


def _is_simple(value: Any) -> bool:
    return type(value) in _SIMPLE and not (isinstance(value, str) and len(value) > _LONGEST)
