"""Documents that were found to be in order: parsed, within the budget, valid. Each is looked at once and remembered."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Visitor,
    parse,
    validate,
    visit,
)

from sync.contract.errors import Code, Refusal
from sync.edge.budget import Fragments, Limits, Measure, check, fragments_of, too_complex

MOST_KEPT = 1_000
LONGEST_KEPT = 10_000
"""Characters; a longer document is looked at each time, so that nobody fills the memory with comments."""
_MOST_ERRORS = 5
_SCHEMA_FIELDS = {"__schema", "__type"}

Shown = dict[str, Any]
"""A GraphQL error as it is sent."""


class Unfit(Exception):
    """The document cannot be answered; `errors` says why, at most five times."""

    def __init__(self, errors: tuple[Shown, ...]) -> None:
        self.errors = errors
        super().__init__(errors[0]["message"])


@dataclass(frozen=True)
class Prepared:
    """A document that may be answered.

    Attributes:
        asks_schema: It looks at the schema itself.
    """

    document: DocumentNode
    fragments: Fragments
    operations: tuple[OperationDefinitionNode, ...]
    asks_schema: bool

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation that is meant.

        Raises:
            Unfit: none has this name, or there are several and none is named.
        """
        named = [each for each in self.operations if name is None or (each.name and each.name.value == name)]
        if len(named) != 1:
            raise Unfit((shown_invalid(GraphQLError("name one operation of this document")),))
        return named[0]


class Documents:
    """Prepares documents for one schema."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema, self.limits = schema, limits
        self._kept = lru_cache(maxsize=MOST_KEPT)(self._prepared)

    def of(self, text: str) -> Prepared:
        """Raises: Unfit."""
        found = self._kept(text) if len(text) <= LONGEST_KEPT else self._prepared(text)
        if isinstance(found, Prepared):
            return found
        raise Unfit(found)  # made anew: an exception that is kept would keep every traceback

    def within_cost(self, prepared: Prepared, operation: OperationDefinitionNode, variables: dict[str, Any]) -> None:
        """Raises: Refusal TOO_COMPLEX, fields times page sizes are over the limit."""
        measure = Measure(self.schema, prepared.fragments, self.limits, variables)
        if measure.of(operation.selection_set, self.schema.get_root_type(operation.operation)).cost > self.limits.cost:
            raise too_complex("page sizes")

    def _prepared(self, text: str) -> Prepared | tuple[Shown, ...]:
        try:
            document = parse(text, max_lexical_tokens=self.limits.tokens, allow_empty_selection_sets=False)
            fragments = fragments_of(document)
            check(self.schema, document, fragments, self.limits)
            errors = validate(self.schema, document, max_errors=_MOST_ERRORS, hide_suggestions=True)
        except GraphQLError as error:
            return (shown_invalid(error),)
        except Refusal as refusal:
            return (shown_refusal(refusal),)
        except RecursionError:
            return (shown_refusal(too_complex("depth")),)
        if errors:
            return tuple(shown_invalid(each) for each in errors)
        operations = tuple(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
        return Prepared(document, fragments, operations, _asks_schema(document))


def shown_refusal(refusal: Refusal) -> Shown:
    """A refusal as a GraphQL error."""
    return {"message": refusal.en, "extensions": {"code": refusal.code.value, "zh": refusal.zh}}


def shown_invalid(error: GraphQLError) -> Shown:
    """What is wrong with the request itself, where in it, and nothing of ours."""
    where = [{"line": each.line, "column": each.column} for each in error.locations or ()]
    told = {"message": error.message, "extensions": {"code": Code.INVALID.value, "zh": Code.INVALID.zh}}
    return told | ({"locations": where} if where else {})


def _asks_schema(document: DocumentNode) -> bool:
    found = False

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            nonlocal found
            found = found or node.name.value in _SCHEMA_FIELDS

    visit(document, Finder())
    return found
