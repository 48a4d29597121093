"""Answers what gateways ask this committee over the hub: graphql, replica, token and changes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import orjson

from sync.bus.answerer import Question
from sync.bus.rpc import CHANGES, TRACE
from sync.contract.errors import Code, Refusal
from sync.contract.ids import is_committee
from sync.contract.versions import API_VERSION
from sync.edge import traces
from sync.edge.body import Asked, asked_of, object_in
from sync.edge.budget import Limits
from sync.edge.documents import shown_refusal
from sync.edge.places import Places
from tenant_service.graph.context import Context, Who
from tenant_service.graph.operation import Answer, Executor
from tenant_service.identity.callers import Asker, Callers
from tenant_service.storage import deadline
from tenant_service.storage.engine import Domain

log = logging.getLogger(__name__)

TOO_LARGE = orjson.dumps({"errors": [shown_refusal(Refusal(Code.RESULT_TOO_LARGE))]})
MOST_OWNERS = 5_000
MOST_OF_ONE_GATEWAY = 200
"""Questions of one gateway that wait or are worked on, of the 500 that this committee takes at once."""
ContextOf = Callable[[Who, tuple[str, ...] | None], Context]
"""A context for how the actor is found in its view, and for whose copies."""


@dataclass(frozen=True)
class RpcServer:
    """One committee's answers. Callable as `sync.bus.answerer.Answering`."""

    domain: Domain
    callers: Callers
    executor: Executor
    context: ContextOf
    limits: Limits
    token: Callable[[Question], Awaitable[bytes]]
    changes: Callable[[Question], Awaitable[bytes]] | None = None
    places: Places = field(default_factory=lambda: Places(MOST_OF_ONE_GATEWAY, again_after=1), init=False)
    """By gateway, for questions that it has proven to be its own: nobody fills another's places."""

    async def __call__(self, question: Question) -> bytes | None:
        """The answer's bytes. What is refused is answered with its code; None when nobody waits any more."""
        try:
            if question.verb == "token":
                return await self.token(question)
            if question.verb == CHANGES and self.changes is not None:
                return await self.changes(question)
            return await self._graphql(question)
        except Refusal as refusal:
            return orjson.dumps({"errors": [shown_refusal(refusal)]})

    async def _graphql(self, question: Question) -> bytes | None:
        if question.verb not in ("graphql", "replica"):
            raise Refusal(Code.BAD_REQUEST)
        asker = self.callers.over_rpc(question.headers, question.body, alone=question.is_direct)
        told = object_in(question.body, self.limits)
        asked = asked_of(told)
        owners = _owners(told) if question.verb == "replica" else None
        with self.places.held(asker.gateway):
            answer = await self.domain.run(self._answered, question, asker, asked, owners)
        return None if answer is None else answer.body if answer.has_data else _with_release(answer.body)

    def _answered(
        self, question: Question, asker: Asker, asked: Asked, owners: tuple[str, ...] | None
    ) -> Answer | None:
        """In the domain's thread: one view from the question to the answer."""
        parent = question.headers.get(TRACE)
        with traces.span(f"answer {question.verb}", {"liandong.committee": self.callers.committee}, parent):
            return self._performed(question, asker, asked, owners)

    def _performed(
        self, question: Question, asker: Asker, asked: Asked, owners: tuple[str, ...] | None
    ) -> Answer | None:
        if not question.is_awaited():
            return None  # it waited in line for longer than anybody waits for the answer
        with closing(self.context(lambda unit: self.callers.actor(unit, asker), owners)) as context:
            with deadline.within(question.until):
                is_home = context.actor.is_home
            if owners is not None and not is_home:
                raise Refusal(Code.FORBIDDEN)
            return self.executor.perform(asked, context, may_act=is_home, until=question.until)


def _owners(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose copies are asked for.

    Raises:
        Refusal: BAD_REQUEST.
    """
    told = asked.get("owners")
    if not isinstance(told, list) or len(told) > MOST_OWNERS or not all(map(_is_committee, told)):
        raise Refusal(Code.BAD_REQUEST)
    return tuple(told)


def _with_release(body: bytes) -> bytes:
    """What is refused says which release refuses it: a gateway of a newer one then asks for what this one knows."""
    return orjson.dumps(orjson.loads(body) | {"extensions": {"api": API_VERSION}})


def _is_committee(told: object) -> bool:
    return isinstance(told, str) and is_committee(told)
