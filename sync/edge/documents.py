"""Documents that are in order: parsed, within the budget, valid. Whatever is not is told in GraphQL's words."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    validate,
    visit,
)

from sync.contract.errors import Code, Refusal
from sync.edge.budget import Fragments, Limits, check, check_text, fragments_of, too_complex
from sync.edge.in_chinese import in_chinese
from sync.edge.kept import Kept

MOST_KEPT = 64 * 1024 * 1024
"""Bytes of documents that are remembered, with all that was made of them."""
LONGEST_KEPT = 20_000
"""Characters of a document that is remembered; one of the longest allowed would make room of many."""
MOST_OF_PLANS, MOST_OF_VALUES = 4_000_000, 200_000
"""Bytes of what is remembered with one document."""
_DOCUMENT, _WORD, _REFUSED = 40_000, 700, 6_000
"""What things weigh at most, in bytes, as it was measured (tests/tenant_service/graph/test_remembered.py): a document,
and more for each of its words and comments; a refusal.
"""
MOST_ERRORS = 5
"""Reasons told of one request that cannot be begun."""
_LONGEST_MESSAGE = 300
_SUGGESTION = " Did you mean "
"""What follows tells the schema by guessing; graphql-core's `hide_suggestions` leaves one behind."""
_SCHEMA_FIELDS = {"__schema", "__type"}
_DECIDING = {"skip", "include"}

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
        bare: Bytes of it without what was made of it.
        rule: Tells its `deciding` variables.
        values: What was read of its variables, by how they were sent.
        plans: What was made of it, by the values of the deciding variables; it may grow.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Fragments
    asks_schema: bool
    is_kept: bool
    bare: int
    rule: "Deciding"
    values: Kept[Any]
    plans: Kept[Any] = field(default_factory=lambda: Kept(MOST_OF_PLANS, lambda each: each.weight))

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """Names of the variables by whose values other plans are made of it."""
        return self.rule(self)

    @property
    def weight(self) -> int:
        """Bytes, roughly and not too few."""
        return self.bare + self.plans.weighed() + self.values.weight


Deciding = Callable[[Prepared], tuple[str, ...]]


def including(read: Prepared) -> tuple[str, ...]:
    """Variables that decide what is included."""
    found: dict[str, None] = {}

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in _DECIDING:
                values = [each.value for each in node.arguments or ()]
                found.update((each.name.value, None) for each in values if isinstance(each, VariableNode))

    visit(read.document, Finder())
    return tuple(found)


@dataclass(frozen=True)
class _Refused:
    errors: list[Shown]
    weight: int


class Documents:
    """Prepares documents for one schema; each is looked at once and remembered, a bad one as well.

    Attributes:
        remembered: As much as may weigh so much together, by text and by the name of the operation that is meant.
    """

    def __init__(
        self, schema: GraphQLSchema, limits: Limits, most: int | None = None, most_of_values: int | None = None,
        deciding: Deciding = including,
    ) -> None:  # fmt: skip
        """`most`: bytes of all together, in place of MOST_KEPT; `most_of_values`: of MOST_OF_VALUES."""
        self.schema, self.limits, self._deciding, self._most_of_values = schema, limits, deciding, most_of_values
        self.remembered = Kept[Prepared | _Refused](most or MOST_KEPT, lambda each: each.weight)

    def of(self, text: str, name: str | None = None) -> Prepared:
        """Raises: Unfit."""
        found = self.remembered.get((text, name)) if len(text) <= LONGEST_KEPT else None
        if found is None:
            found = self._outcome(text, name)
            if len(text) <= LONGEST_KEPT:
                self.remembered.put((text, name), found)
        if isinstance(found, Prepared):
            return found
        raise Unfit(found.errors)  # made anew: an exception that is kept would keep every traceback

    def weigh(self, text: str, name: str | None = None) -> None:
        """It was worked with: more may be remembered with it."""
        self.remembered.weigh((text, name))

    def _outcome(self, text: str, name: str | None) -> Prepared | _Refused:
        try:
            operation, document, fragments = prepare(self.schema, self.limits, text, name)
        except Unfit as unfit:
            return _Refused(unfit.errors, _REFUSED + sys.getsizeof(text))
        is_kept, most = len(text) <= LONGEST_KEPT, self._most_of_values or MOST_OF_VALUES
        values = Kept[Any](most, lambda each: each.weight)
        return Prepared(
            document, operation, fragments, _asks_schema(document), is_kept, _weight(text, document), self._deciding,
            values,
        )  # fmt: skip


def prepare(
    schema: GraphQLSchema, limits: Limits, text: str, name: str | None
) -> tuple[OperationDefinitionNode, DocumentNode, Fragments]:
    """Of the document's operations the only one or the one that is named; the document, and its fragments.

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
    return operations[0], document, fragments


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


def _weight(text: str, document: DocumentNode) -> int:
    """Bytes of a document: graphql-core keeps each word, each comment and the text; comments are texts once more."""
    words, at = 0, document.loc and document.loc.start_token
    while at:
        words, at = words + 1, at.next
    return _DOCUMENT + _WORD * words + 2 * sys.getsizeof(text)


def _asks_schema(document: DocumentNode) -> bool:
    found = False

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            nonlocal found
            found = found or node.name.value in _SCHEMA_FIELDS

    visit(document, Finder())
    return found
