"""One GraphQL operation, start to end, in the domain's thread."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_variable_values,
    parse,
    validate,
)

from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from sync.edge.budget import Fragments, Limits, Measure, check, fragments_of, items_in, too_complex
from tenant_service.graph.context import Context

log = logging.getLogger(__name__)

LONGEST_KEPT = 20_000
"""Characters of a document that is remembered; a thousand of the longest allowed would fill the memory."""
INTERNAL = {"message": "internal error", "extensions": {"code": "INTERNAL", "zh": "系统内部错误，请稍后重试"}}


@dataclass(frozen=True)
class Answer:
    """A GraphQL response. Without data it is a request that could not be begun, and `status` says why."""

    body: bytes
    has_data: bool = True
    status: int = 200


@dataclass(frozen=True)
class Prepared:
    """A document that was parsed, found affordable and valid."""

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Fragments


class Executor:
    """Performs operations on one committee's schema. Keeps nothing but documents that it has read.

    graphql-core is called straight: what strawberry puts around it (extensions, its own caches, its error log) is either
    done here or not wanted.
    """

    def __init__(self, schema: strawberry.Schema, limits: Limits) -> None:
        self._schema: GraphQLSchema = schema._schema  # noqa: SLF001 — strawberry offers no other way to it
        self._limits = limits
        self._remembered = lru_cache(maxsize=1000)(self._prepare)

    def perform(self, asked: Asked, context: Context, *, only_queries: bool = False) -> Answer:
        """The answer; never raises. Faults of our own are logged and shown as INTERNAL."""
        try:
            return self._perform(asked, context, only_queries=only_queries)
        except Refusal as refusal:
            return Answer(orjson.dumps({"errors": [refused(refusal)]}), has_data=False, status=400)
        except Exception:
            log.exception("an operation broke")
            return Answer(orjson.dumps({"data": None, "errors": [INTERNAL]}))
        finally:
            context.close()

    def _perform(self, asked: Asked, context: Context, *, only_queries: bool) -> Answer:
        prepare = self._remembered if len(asked.query) <= LONGEST_KEPT else self._prepare
        prepared = prepare(asked.query, asked.name)
        if isinstance(prepared, list):
            return Answer(orjson.dumps({"errors": prepared}), has_data=False, status=400)
        if only_queries and prepared.operation.operation is not OperationType.QUERY:
            return Answer(orjson.dumps({"errors": [refused(Refusal(Code.BAD_REQUEST))]}), has_data=False, status=405)
        self._afford(prepared, asked.variables)
        told = execute_sync(
            self._schema, prepared.document, context_value=context, variable_values=asked.variables,
            operation_name=asked.name,
        )  # fmt: skip
        assert isinstance(told, ExecutionResult)
        errors = {"errors": [shown_error(error) for error in told.errors]} if told.errors else {}
        if told.data is None and told.errors and told.errors[0].path is None:
            return Answer(orjson.dumps(errors), has_data=False, status=400)
        return Answer(orjson.dumps({"data": told.data, **errors, **context.extensions()}))

    def _afford(self, prepared: Prepared, variables: dict[str, Any]) -> None:
        """Raises: Refusal TOO_COMPLEX, with these page sizes it would cost too much."""
        if items_in(variables) > self._limits.items:
            raise too_complex("variables")
        values = get_variable_values(
            self._schema, prepared.operation.variable_definitions or (), variables, max_errors=1
        )
        known = {} if isinstance(values, list) else values.coerced
        measure = Measure(self._schema, prepared.fragments, self._limits, known)
        root = self._schema.get_root_type(prepared.operation.operation)
        if measure.of(prepared.operation.selection_set, root).cost > self._limits.cost:
            raise too_complex("rows")

    def _prepare(self, query: str, name: str | None) -> Prepared | list[dict[str, Any]]:
        """Raises nothing: a refusal is remembered as well, or the same bad document would cost anew each time."""
        try:
            document = parse(query, max_lexical_tokens=self._limits.tokens, allow_empty_selection_sets=False)
            fragments = fragments_of(document)
            check(self._schema, document, fragments, self._limits)
        except GraphQLError as error:
            return [_invalid(error)]
        except Refusal as refusal:
            return [refused(refusal)]
        except RecursionError:
            return [refused(too_complex("depth"))]
        operations = [
            each for each in document.definitions
            if isinstance(each, OperationDefinitionNode) and (name is None or (each.name and each.name.value == name))
        ]  # fmt: skip
        errors = validate(self._schema, document, max_errors=5, hide_suggestions=True)
        if not errors and len(operations) != 1:
            errors = [GraphQLError("name one operation of this document")]
        return [_invalid(each) for each in errors] or Prepared(document, operations[0], fragments)


def refused(refusal: Refusal) -> dict[str, Any]:
    """A refusal as a GraphQL error."""
    return {"message": refusal.en, "extensions": {"code": refusal.code.value, "zh": refusal.zh}}


def shown_error(error: GraphQLError) -> dict[str, Any]:
    """What others may know of an error: a refusal's code and words; of our own faults, nothing."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, Refusal):
        shown = refused(cause)
    elif cause is None or error.path is None:  # of the request itself: a scalar's ValueError is the asker's fault
        shown = _invalid(error)
    else:
        log.error("a resolver broke", exc_info=cause)
        shown = dict(INTERNAL)
    return shown | ({"path": error.path} if error.path else {})


def _invalid(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message[:300], "extensions": {"code": Code.INVALID.value, "zh": Code.INVALID.zh}}
