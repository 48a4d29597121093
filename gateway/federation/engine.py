"""One request, start to end: document → plan → questions → answers → one answer."""

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import orjson
from graphql import OperationType, execute_sync, parse

from gateway.callers import NOBODY, Caller
from gateway.federation.addressing import Addresses, Addressing, AtRoot
from gateway.federation.committees import Federation
from gateway.federation.fanout import Fanout
from gateway.federation.prepared import Documents
from gateway.federation.putting import Putting
from gateway.federation.refused import Answer, Failed, instead, shown
from gateway.federation.sources import Answers
from gateway.federation.writing import Begun, written
from gateway.federation.written import Written
from gateway.joint import Joint, Route
from sync.bus.ending import finished
from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from sync.edge.budget import Limits

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
        self.documents = Documents(joint, limits)
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
            self.documents.weigh(request)

    async def _answered(
        self, request: Asked, caller: Caller, *, only_queries: bool, charge: Callable[[int], None]
    ) -> Answer:
        try:
            begun = self._begin(request, caller, only_queries=only_queries)
        except (Failed, AtRoot, Refusal) as no:
            return instead(no)
        if isinstance(begun, Answer):
            return begun
        charge(begun.putting.asked.cost)
        try:
            answers = await self.fanout.ask(begun.putting)
            if _is_long(begun.putting.asked):
                return await finished(self._written_beside(begun, answers))
            return written(begun, answers)
        except (AtRoot, Refusal) as no:
            return instead(no)

    async def _written_beside(self, begun: Begun, answers: Answers) -> Answer:
        """Whoever gives up waiting keeps its place until the thread is free: else they would pile up."""
        return await asyncio.get_running_loop().run_in_executor(self._beside, written, begun, answers)

    def _begin(self, request: Asked, caller: Caller, *, only_queries: bool) -> Begun | Answer:
        """The question, ready to be put; or why there is none. Raises: Failed, AtRoot, Refusal."""
        prepared = self.documents.read(request)
        if isinstance(prepared, Failed):
            return prepared.answer  # not raised: an exception that is kept would keep every traceback
        if prepared.operation.operation is OperationType.SUBSCRIPTION and not only_queries:
            raise Failed([shown(Refusal(Code.NEEDS_STREAM))])
        if only_queries and prepared.operation.operation is not OperationType.QUERY:
            raise Failed([shown(Refusal(Code.WRONG_METHOD, methods="POST"))], status=405)
        given = self.documents.given(prepared, request.variables)
        now, committees = self._now(), self._federation.now()
        asked = self._addressing.of(given.plan, given.arguments, caller, committees, now)
        putting = Putting(given.plan, asked, request.variables, caller, now)
        return Begun(putting, committees, given.values, self._of_schema(putting))

    def _of_schema(self, putting: Putting) -> dict[int, Written]:
        """`__typename`, `__schema` and `__type`: graphql-core answers from the joint schema.

        Raises:
            AtRoot: FORBIDDEN, this gateway shows its schema to administrators only.
        """
        found = {}
        for number, root in enumerate(putting.plan.roots):
            if root.route is not Route.SCHEMA:
                continue
            if root.node.name.value != "__typename" and not self._shows_schema_to(putting.caller):
                raise AtRoot(root, Refusal(Code.FORBIDDEN))
            document = parse(putting.plan.question((number,)).text)
            said = execute_sync(self.joint.schema, document, variable_values=putting.given)
            found[number] = Written(orjson.dumps((said.data or {}).get(f"r{number}")))
        return found

    def _shows_schema_to(self, caller: Caller) -> bool:
        return self._shows_schema or bool(caller.claims and "system_admin" in caller.claims.roles)


def _is_long(asked: Addresses) -> bool:
    return asked.cost > COSTLY or any(len(each.everyone) > MANY for each in asked.each)
