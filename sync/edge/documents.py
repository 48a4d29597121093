"""Documents that are in order: parsed, within the budget, valid. Whatever is not is told in GraphQL's words."""

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
from sync.edge.budget import Fragments, Limits, check, check_text, fragments_of, too_complex
from sync.edge.in_chinese import in_chinese

MOST_KEPT = 1_000
LONGEST_KEPT = 20_000
"""Characters of a document that is remembered; a thousand of the longest allowed would fill the memory."""
MOST_ERRORS = 5
"""Reasons told of one request that cannot be begun."""
_LONGEST_MESSAGE = 300
_SUGGESTION = " Did you mean "
"""What follows tells the schema by guessing; graphql-core's `hide_suggestions` leaves one behind."""
_SCHEMA_FIELDS = {"__schema", "__type"}

Shown = dict[str, Any]
"""A GraphQL error as it is sent."""


class Unfit(Exception):
    """The document cannot be answered; `errors` says why."""

    def __init__(self, errors: list[Shown]) -> None:
        self.errors = errors
        super().__init__(errors[0]["message"])


@dataclass(frozen=True, eq=False)
class Prepared:
    """A document that may be answered, and which of its operations is meant.

    Attributes:
        asks_schema: It looks at the schema itself.
        is_kept: The same object will stand for the document next time, so what is known of it may be kept with it.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Fragments
    asks_schema: bool
    is_kept: bool


class Documents:
    """Prepares documents for one schema; each is looked at once and remembered, a bad one as well."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema, self.limits = schema, limits
        self._kept = lru_cache(maxsize=MOST_KEPT)(self._outcome)

    def of(self, text: str, name: str | None = None) -> Prepared:
        """Raises: Unfit."""
        found = (self._kept if len(text) <= LONGEST_KEPT else self._outcome)(text, name)
        if isinstance(found, Prepared):
            return found
        raise Unfit(found)  # made anew: an exception that is kept would keep every traceback

    def _outcome(self, text: str, name: str | None) -> Prepared | list[Shown]:
        try:
            return prepare(self.schema, self.limits, text, name)
        except Unfit as unfit:
            return unfit.errors


def prepare(schema: GraphQLSchema, limits: Limits, text: str, name: str | None) -> Prepared:
    """The document, and of its operations the only one or the one that is named.

    Raises:
        Unfit: with at most five reasons.
    """
    try:
        check_text(text, limits)
        document = parse(text, max_lexical_tokens=limits.tokens, allow_empty_selection_sets=False)
        fragments = fragments_of(document)
        check(schema, document, fragments, limits)
        errors = validate(schema, document, max_errors=MOST_ERRORS, hide_suggestions=True)
    except GraphQLError as error:
        raise Unfit([shown_invalid(error)]) from None
    except Refusal as refusal:
        raise Unfit([shown_refusal(refusal)]) from None
    except RecursionError:
        raise Unfit([shown_refusal(too_complex("depth"))]) from None
    operations = [
        each for each in document.definitions
        if isinstance(each, OperationDefinitionNode) and (name is None or (each.name and each.name.value == name))
    ]  # fmt: skip
    if not errors and len(operations) != 1:
        errors = [GraphQLError("name one operation of this document")]
    if errors:
        raise Unfit([shown_invalid(each) for each in errors[:MOST_ERRORS]])
    return Prepared(document, operations[0], fragments, _asks_schema(document), len(text) <= LONGEST_KEPT)


def shown_refusal(refusal: Refusal) -> Shown:
    """A refusal as a GraphQL error."""
    return {"message": refusal.en, "extensions": {"code": refusal.code.value, "zh": refusal.zh}}


def shown_invalid(error: GraphQLError) -> Shown:
    """What is wrong with the request itself, where in it, and nothing of ours."""
    where = [{"line": each.line, "column": each.column} for each in error.locations or ()]
    code = Code.INVALID
    message = error.message.partition(_SUGGESTION)[0][:_LONGEST_MESSAGE]
    told: Shown = {"message": message, "extensions": {"code": code.value, "zh": in_chinese(message)}}
    return told | ({"locations": where} if where else {})


def _asks_schema(document: DocumentNode) -> bool:
    found = False

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            nonlocal found
            found = found or node.name.value in _SCHEMA_FIELDS

    visit(document, Finder())
    return found
