"""One GraphQL operation, start to end, in the domain's thread."""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError

from sync.contract.errors import Code, Refusal
from tenant_service.graph.context import Context

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Operation:
    """What a client sends: a document, its variables, and which of its operations is meant."""

    query: str
    variables: dict[str, Any] | None = None
    name: str | None = None


def perform(schema: strawberry.Schema, operation: Operation, context: Context) -> bytes:
    """The bytes of a GraphQL answer; never raises. Faults of our own are logged and shown as INTERNAL."""
    try:
        told = schema.execute_sync(operation.query, operation.variables, context, None, operation.name)
        errors = {"errors": [shown_error(error) for error in told.errors]} if told.errors else {}
        extra = {"extensions": told.extensions} if told.extensions else {}
        return orjson.dumps({"data": told.data, **errors, **extra})
    except Exception:
        log.exception("an operation broke")
        return orjson.dumps({"errors": [INTERNAL]})
    finally:
        context.close()


INTERNAL = {"message": "internal error", "extensions": {"code": "INTERNAL", "zh": "系统内部错误，请稍后重试"}}


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
        shown = {"message": error.message, "extensions": {"code": Code.INVALID.value, "zh": Code.INVALID.zh}}
    else:
        log.error("a resolver broke", exc_info=cause)
        shown = dict(INTERNAL)
    return shown | ({"path": error.path} if error.path else {})
