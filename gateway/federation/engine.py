"""One request, start to end: document → plan → questions → answers → one answer."""

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from graphql import OperationType

from gateway.federation.address import Standpoint
from gateway.federation.answering.parts import Replies
from gateway.federation.asking.addressing import Addressing
from gateway.federation.asking.fanout import Fanout
from gateway.federation.asking.putting import Putting
from gateway.federation.committees import Federation
from gateway.federation.planning.given import Planner, documents_of
from gateway.federation.refused import Answer, AtRoot, Failed, instead, shown
from gateway.federation.writing import answer_of
from gateway.identity.callers import NOBODY, Caller
from gateway.joint import Joint
from sync.bus.ending import finished
from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from sync.edge.budget import Limits
from sync.edge.documents import Unfit

COSTLY, MANY = 20_000, 300
"""Cost of a request, and committees asked by it, above which its answer is written beside the loop: a nation is added
up in half a second.
"""
_BESIDE = 2
"""Such answers that are written at a time."""


class Gateway:
    """Answers GraphQL requests for a federation. Keeps nothing but plans."""

    def __init__(
        self, joint: Joint, federation: Federation, fanout: Fanout, addressing: Addressing, limits: Limits,
        now: Callable[[], dt.datetime], *, shows_schema: bool = False,
    ) -> None:  # fmt: skip
        self.joint, self._federation, self.fanout = joint, federation, fanout
        self._addressing, self._now = addressing, now
        self._shows_schema = shows_schema
        self.documents, self._planner = documents_of(joint, limits), Planner(joint, limits)
        self._beside = ThreadPoolExecutor(_BESIDE, "writing")

    def close(self) -> None:
        """Nothing is written any more."""
        self._beside.shutdown(wait=False, cancel_futures=True)

    async def answer(
        self, request: Asked, caller: Caller = NOBODY, *, only_queries: bool = False,
        charge: Callable[[int], None] = lambda _: None,
    ) -> Answer:  # fmt: skip
        """The GraphQL response; never raises on what a client or a committee does.

        `charge` is told what the request costs before anybody is asked. What it raises comes through: whoever may not
        ask at all has no answer.
        """
        try:
            return await self._answered(request, caller, only_queries=only_queries, charge=charge)
        finally:
            self.documents.weigh(request.query, request.name)

    async def _answered(
        self, request: Asked, caller: Caller, *, only_queries: bool, charge: Callable[[int], None]
    ) -> Answer:
        try:
            putting = self._begin(request, caller, only_queries=only_queries)
        except (Failed, AtRoot, Refusal) as no:
            return instead(no)
        if isinstance(putting, Answer):
            return putting
        charge(putting.cost)
        try:
            replies = await self.fanout.ask(putting)
            if _is_long(putting):
                return await finished(self._written_beside(putting, replies))
            return answer_of(putting, replies)
        except (AtRoot, Refusal) as no:
            return instead(no)

    async def _written_beside(self, putting: Putting, replies: Replies) -> Answer:
        """Whoever gives up waiting keeps its place until the thread is free: else they would pile up."""
        return await asyncio.get_running_loop().run_in_executor(self._beside, answer_of, putting, replies)

    def _begin(self, request: Asked, caller: Caller, *, only_queries: bool) -> Putting | Answer:
        """The question, ready to be put; or why there is none. Raises: Failed, AtRoot, Refusal."""
        try:
            prepared = self.documents.of(request.query, request.name)
        except Unfit as unfit:
            raise Failed(unfit.errors) from None
        if prepared.operation.operation is OperationType.SUBSCRIPTION and not only_queries:
            raise Failed([shown(Refusal(Code.NEEDS_STREAM))])
        if only_queries and prepared.operation.operation is not OperationType.QUERY:
            raise Failed([shown(Refusal(Code.WRONG_METHOD, methods="POST"))], status=405)
        given = self._planner.given(prepared, request.variables)
        return self._addressing.of(given, request.variables, self._standpoint(caller))

    def _standpoint(self, caller: Caller) -> Standpoint:
        return Standpoint(
            caller, self._federation.now(), self._now(), self._addressing.replica_above, self._addressing.deadline,
            shows_schema=self._shows_schema or bool(caller.claims and "system_admin" in caller.claims.roles),
        )  # fmt: skip


def _is_long(putting: Putting) -> bool:
    return putting.cost > COSTLY or any(len(each.address.everyone) > MANY for each in putting.asked)
