"""One GraphQL operation, start to end, in the domain's thread."""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType, execute_sync

from sync.contract.errors import Code, Refusal
from sync.edge.asking import INTERNAL
from sync.edge.body import Asked
from sync.edge.budget import Limits
from sync.edge.documents import MOST_ERRORS, Documents, Shown, Unfit, shown_invalid, shown_refusal
from sync.edge.streams.subscribed import Subscribed, subscribed
from tenant_service.graph.compiled.plans import Plans
from tenant_service.graph.context import Context
from tenant_service.graph.variables import Variables
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage import deadline

log = logging.getLogger(__name__)

BAD, NOT_ALLOWED = 400, 405


@dataclass(frozen=True)
class Answer:
    """A GraphQL response. Without data it is a request that could not be begun, and `status` says why."""

    body: bytes
    has_data: bool = True
    status: int = 200


class Executor:
    """Performs operations on one committee's schema. Keeps nothing but documents that it has read.

    graphql-core is called straight: what strawberry puts around it (extensions, its own caches, its error log) is
    either done here or not wanted.
    """

    def __init__(
        self, schema: strawberry.Schema, limits: Limits, *, shows_schema: bool = False, plans_lists: bool = True
    ) -> None:
        """`shows_schema`: everybody may look at the schema, not only the committee's system administrators.
        `plans_lists`: lists are read off their pages where that is the same; without, graphql-core answers everything.
        """
        self._documents = Documents(schema._schema, limits)  # noqa: SLF001 — strawberry offers no other way to it
        self._variables = Variables(self._documents)
        self._plans = Plans(self._documents.schema) if plans_lists else None
        self._shows_schema = shows_schema

    def perform(
        self, asked: Asked, context: Context, *, only_queries: bool = False, may_act: bool = True,
        until: float | None = None, root: Any = None,
    ) -> Answer:  # fmt: skip
        """The answer; never raises. Faults of our own are logged and shown as INTERNAL.

        `only_queries`: the request came in a way by which nothing else is asked. `may_act`: whoever asks is one of our
        own; others change nothing. `until`: moment of `time.monotonic()` at which the database is interrupted. `root`:
        what a subscription delivers; without it a subscription is refused.
        """
        try:
            with deadline.within(until):
                return self._perform(asked, context, root, only_queries=only_queries, may_act=may_act)
        except Unfit as unfit:
            return _not_begun(unfit.errors)
        except Refusal as refusal:
            return _not_begun([shown_refusal(refusal)])
        except Exception:
            log.exception("an operation broke")
            return Answer(orjson.dumps({"data": None, "errors": [INTERNAL]}))
        finally:
            context.close()
            self._documents.weigh(asked.query, asked.name)  # a plan and values were made on the way

    def subscribed(self, asked: Asked) -> Subscribed | None:
        """What a subscription listens to; None: it is a query or a mutation.

        Raises:
            Unfit, Refusal: it cannot be begun.
        """
        prepared = self._documents.of(asked.query, asked.name)
        if prepared.operation.operation is not OperationType.SUBSCRIPTION:
            return None
        self._variables.of(prepared, asked.variables)
        self._documents.weigh(asked.query, asked.name)
        return subscribed(self._documents.schema, prepared.operation, prepared.fragments, asked.variables)

    def _perform(
        self, asked: Asked, context: Context, root: Any, *, only_queries: bool, may_act: bool
    ) -> Answer:  # fmt: skip
        prepared = self._documents.of(asked.query, asked.name)
        if only_queries and root is None and prepared.operation.operation is not OperationType.QUERY:
            return _not_begun([shown_refusal(Refusal(Code.WRONG_METHOD, methods="POST"))], NOT_ALLOWED)
        if prepared.operation.operation is OperationType.MUTATION and not may_act:
            raise Refusal(Code.FORBIDDEN if context.actor.iss else Code.NOT_SIGNED_IN)
        if prepared.operation.operation is OperationType.SUBSCRIPTION and root is None:
            raise Refusal(Code.NEEDS_STREAM)
        if prepared.asks_schema and not (self._shows_schema or _administers(context.actor)):
            raise Refusal(Code.FORBIDDEN)
        values = self._variables.of(prepared, asked.variables)
        if self._plans and values and prepared.is_kept:
            data = self._plans.answer(prepared, values, context)
            if data is not None:
                return Answer(orjson.dumps({"data": data, **context.extensions()}))
        told = execute_sync(
            self._documents.schema, prepared.document, context_value=context, variable_values=asked.variables,
            operation_name=asked.name, root_value=root, max_coercion_errors=MOST_ERRORS, hide_suggestions=True,
        )  # fmt: skip
        assert isinstance(told, ExecutionResult)
        errors = [shown_error(error) for error in told.errors or ()]
        if told.data is None and told.errors and told.errors[0].path is None:
            return _not_begun(errors)
        shown = {"errors": errors} if errors else {}
        return Answer(orjson.dumps({"data": told.data, **shown, **context.extensions()}))


def _not_begun(errors: list[Shown], status: int = BAD) -> Answer:
    return Answer(orjson.dumps({"errors": errors}), has_data=False, status=status)


def _administers(actor: Actor) -> bool:
    return actor.is_home and Role.SYSTEM_ADMIN in actor.roles


def shown_error(error: GraphQLError) -> Shown:
    """What others may know of an error: a refusal's code and words; of our own faults, nothing."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, Refusal):
        shown = shown_refusal(cause)
    elif cause is None or error.path is None:  # of the request itself: a scalar's ValueError is the asker's fault
        shown = shown_invalid(error)
    else:
        log.error("a resolver broke", exc_info=cause)
        shown = dict(INTERNAL)
    return shown | ({"path": error.path} if error.path else {})
