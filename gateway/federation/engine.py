"""One request, start to end: document → plan → questions → answers → one answer."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_variable_values,
    parse,
)
from graphql.execution.values import VariableValues

from gateway.callers import NOBODY, Caller
from gateway.federation.addressing import Addressing, AtRoot
from gateway.federation.committees import Committees, Federation
from gateway.federation.documents import deciding_variables
from gateway.federation.fanout import Answers, Fanout, Putting, parts_of
from gateway.federation.gathered import gathered
from gateway.federation.merge import merged
from gateway.federation.owned import owned
from gateway.federation.plan import Plan
from gateway.federation.roots import Root
from gateway.federation.statistics import statistics
from gateway.federation.written import StandIn, Written
from gateway.joint import Joint, Route
from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from sync.edge.budget import Fragments, Limits, check_items
from sync.edge.documents import LONGEST_KEPT, Unfit, prepare, shown_invalid, shown_refusal
from sync.edge.kept import Kept

MOST_REMEMBERED = 128 * 1024 * 1024
"""Bytes of documents that are remembered, with all that was made of them."""
LONGEST_VARIABLES = 2_000
"""Bytes of variables that are remembered with what came of them."""
MOST_GIVEN = 200
"""Variables that are remembered with one document."""
LONG = 20_000
"""Cost of a request whose answer is written beside the loop: nobody else waits while a nation is added up."""
MOST_PLANS = 16
"""Of one document, by the values of its deciding variables."""
_DOCUMENT, _BYTES_A_CHARACTER, _DENSE, _REFUSED, _GIVEN, _BYTES_OF_GIVEN = 60_000, 120, 2_000, 4_000, 5_000, 50
"""What things weigh at most, in bytes, as it was measured (tests/gateway/test_remembered.py): a document, and more for
each of its characters as far as they can be words; a refusal; variables, and more for each of their bytes.
"""


@dataclass(frozen=True)
class Answer:
    """A GraphQL response. Without data it is a request that could not be begun, and `status` says why."""

    body: bytes
    has_data: bool = True
    status: int = 200


@dataclass(eq=False)
class Prepared:
    """A document that was parsed, found affordable and valid; and what was made of it so far.

    Attributes:
        given: By variables as they were sent.
    """

    query: str
    operation: OperationDefinitionNode
    fragments: Fragments
    deciding: tuple[str, ...]
    plans: dict[tuple[Any, ...], Plan] = field(default_factory=dict)
    given: "dict[bytes, Given]" = field(default_factory=dict)
    given_weight: int = 0

    @property
    def weight(self) -> int:
        """Bytes, roughly and not too few."""
        dense, made = min(len(self.query), _DENSE), sum(each.weight for each in self.plans.values())
        return _DOCUMENT + _BYTES_A_CHARACTER * dense + 2 * len(self.query) + made + self.given_weight

    def remember(self, said: bytes, found: "Given") -> None:
        if len(self.given) >= MOST_GIVEN:
            self.given.clear()
            self.given_weight = 0
        self.given[said] = found
        self.given_weight += _GIVEN + _BYTES_OF_GIVEN * len(said)


@dataclass(frozen=True, eq=False)
class Given:
    """A document with its variables: what is asked, and each root field's arguments. Shared between requests."""

    plan: Plan
    values: VariableValues
    arguments: list[dict[str, Any]]


class Failed(Exception):
    """The request as a whole has no answer; `errors` say why."""

    def __init__(
        self, errors: list[dict[str, Any]], *, has_data: bool = False, status: int = 400, about: str = ""
    ) -> None:
        """`about`: the document, where it is remembered with the refusal."""
        super().__init__()
        self.weight = _REFUSED + 2 * len(about)
        data = {"data": None} if has_data else {}
        self.answer = Answer(orjson.dumps(data | {"errors": errors}), has_data, 200 if has_data else status)


class Gateway:
    """Answers GraphQL requests for a federation. Keeps nothing but plans."""

    def __init__(
        self, joint: Joint, federation: Federation, fanout: Fanout, addressing: Addressing, limits: Limits,
        now: Callable[[], dt.datetime], *, shows_schema: bool = False,
    ) -> None:  # fmt: skip
        self.joint, self._federation, self.fanout = joint, federation, fanout
        self._addressing, self._limits, self._now = addressing, limits, now
        self._shows_schema = shows_schema
        self.remembered = Kept[Prepared | Failed](MOST_REMEMBERED, lambda each: each.weight)

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
            self.remembered.weigh(_key(request))  # plans and questions were made on the way

    async def _answered(
        self, request: Asked, caller: Caller, *, only_queries: bool, charge: Callable[[int], None]
    ) -> Answer:
        try:
            begun = self._begin(request, caller, only_queries=only_queries)
        except (Failed, AtRoot, Refusal) as no:
            return _instead(no)
        if isinstance(begun, Answer):
            return begun
        charge(begun.putting.asked.cost)
        try:
            answers = await self.fanout.ask(begun.putting)
            if begun.putting.asked.cost > LONG:
                return await asyncio.to_thread(self._write, begun, answers)
            return self._write(begun, answers)
        except (AtRoot, Refusal) as no:
            return _instead(no)

    def _begin(self, request: Asked, caller: Caller, *, only_queries: bool) -> "_Begun | Answer":
        """The question, ready to be put; or why there is none. Raises: Failed, AtRoot, Refusal."""
        prepared = self.read(request)
        if isinstance(prepared, Failed):
            return prepared.answer  # not raised: an exception that is kept would keep every traceback
        if prepared.operation.operation is OperationType.SUBSCRIPTION and not only_queries:
            raise Failed([_told(Refusal(Code.NEEDS_STREAM))])
        if only_queries and prepared.operation.operation is not OperationType.QUERY:
            raise Failed([_told(Refusal(Code.BAD_REQUEST))], status=405)
        given = self._given_of(prepared, request.variables)
        now, committees = self._now(), self._federation.now()
        asked = self._addressing.of(given.plan, given.arguments, caller, committees, now)
        return _Begun(Putting(given.plan, asked, request.variables, caller, now), committees, given.values)

    def read(self, request: Asked) -> Prepared | Failed:
        """The document as it is planned, or why it cannot be. A refusal is remembered as well, or the same bad document
        would cost anew each time.
        """
        if len(request.query) > LONGEST_KEPT:
            return self._prepare(request.query, request.name)
        found = self.remembered.get(_key(request))
        if found is None:
            found = self._prepare(request.query, request.name)
            self.remembered.put(_key(request), found)
        return found

    def _prepare(self, query: str, name: str | None) -> Prepared | Failed:
        try:
            found = prepare(self.joint.schema, self._limits, query, name)
        except Unfit as unfit:
            return Failed(unfit.errors, about=query)
        deciding = deciding_variables([found.operation, *found.fragments.values()])
        return Prepared(query, found.operation, found.fragments, deciding)

    def _given_of(self, prepared: Prepared, told: dict[str, Any]) -> Given:
        """Raises: as `_with`."""
        try:
            check_items(told, self._limits)
        except Refusal as refusal:
            raise Failed([_told(refusal)]) from None
        said = orjson.dumps(told)
        found = prepared.given.get(said)
        if found is None:
            found = self._with(prepared, said)
            if len(said) <= LONGEST_VARIABLES:
                prepared.remember(said, found)
        return found

    def _with(self, prepared: Prepared, variables: bytes) -> Given:
        """Raises: Failed, the variables do not fit; AtRoot. (What is raised is not remembered.)"""
        told = orjson.loads(variables)
        definitions = prepared.operation.variable_definitions or ()
        values = get_variable_values(self.joint.schema, definitions, told, max_errors=5, hide_suggestions=True)
        if isinstance(values, list):
            raise Failed([_told(each) for each in values])
        plan = self._plan(prepared, values)
        arguments = []
        for root in plan.roots:
            try:
                arguments.append(root.arguments(values))
            except GraphQLError as error:
                raise AtRoot(root, error) from None
        return Given(plan, values, arguments)

    def _plan(self, prepared: Prepared, values: VariableValues) -> Plan:
        decided = tuple(values.coerced.get(name) for name in prepared.deciding)
        if decided not in prepared.plans:
            if len(prepared.plans) >= MOST_PLANS:
                prepared.plans.clear()
            prepared.plans[decided] = Plan(self.joint, prepared.operation, prepared.fragments, values)
        return prepared.plans[decided]

    def _write(self, begun: "_Begun", answers: Answers) -> Answer:
        """Raises: AtRoot."""
        written: list[bytes] = []
        errors: list[dict[str, Any]] = []
        stand_ins: list[StandIn] = []
        is_null = False
        for number, root in enumerate(begun.putting.plan.roots):
            value = self._root(number, root, begun, answers)
            written.append(b'"%s":%s' % (root.key.encode(), value.json))
            errors += value.errors
            stand_ins += value.stand_ins
            is_null = is_null or (root.is_required and value.json == b"null")
        data = b"null" if is_null else b"{%s}" % b",".join(written)
        more = b',"errors":%s' % orjson.dumps(errors) if errors else b""
        if stand_ins:
            told = {"stale": [each.shown() for each in stand_ins]}
            more += b',"extensions":%s' % orjson.dumps(told)
        return Answer(b'{"data":%s%s}' % (data, more))

    def _root(self, number: int, root: Root, begun: "_Begun", answers: Answers) -> Written:
        putting, committees, values = begun.putting, begun.committees, begun.values
        address, name = putting.asked.each[number], f"r{number}"
        match root.route:
            case Route.MERGED | Route.STATISTICS:
                sources, parts = parts_of(number, address, answers, committees, putting.now)
                told = address.arguments
                if root.route is Route.MERGED:
                    value = merged(root, name, sources, parts, told, values)
                else:
                    value = statistics(root, sources, parts, told, values, putting.now, committees)
                if address.needs_all and not value.complete:
                    raise AtRoot(root, Refusal(Code.PARTIAL_RESULT))
                return value
            case Route.OWNERS:
                sources, parts = parts_of(number, address, answers, committees, putting.now)
                return gathered(root, name, address.arguments["ids"], sources, parts)
            case Route.OWNER | Route.HOME:
                if address.refusal:
                    return Written(b"null", [_told(address.refusal) | {"path": [root.key]}])
                id = address.arguments["id"] if root.route is Route.OWNER else None
                return next((owned(root, number, of, id, answers) for of in address.live), Written(b"null"))
            case Route.DIRECTORY:
                assert root.read
                listed = [root.read(committees.shown[id], values) for id in address.everyone]
                return Written(orjson.dumps(listed))
            case Route.SCHEMA:
                return self._of_schema(number, putting)

    def _of_schema(self, number: int, putting: Putting) -> Written:
        """`__typename`, `__schema` and `__type`: graphql-core answers from the joint schema.

        Raises:
            Refusal: FORBIDDEN, this gateway shows its schema to administrators only.
        """
        root = putting.plan.roots[number]
        if root.node.name.value != "__typename" and not self._shows_schema_to(putting.caller):
            raise AtRoot(root, Refusal(Code.FORBIDDEN))
        document = parse(putting.plan.question((number,)).text)
        told = execute_sync(self.joint.schema, document, variable_values=putting.given)
        return Written(orjson.dumps((told.data or {}).get(f"r{number}")))

    def _shows_schema_to(self, caller: Caller) -> bool:
        return self._shows_schema or bool(caller.claims and "system_admin" in caller.claims.roles)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A question that may be put, and what its answer is written with."""

    putting: Putting
    committees: Committees
    values: VariableValues


def _key(request: Asked) -> tuple[str, str | None]:
    return request.query, request.name


def _instead(no: Failed | AtRoot | Refusal) -> Answer:
    """The answer where there is none."""
    match no:
        case Failed():
            return no.answer
        case AtRoot():
            return Failed([_told(no.cause) | {"path": [no.key]}], has_data=True).answer
        case _:
            return Failed([_told(no)], has_data=True).answer


def _told(refusal: Exception) -> dict[str, Any]:
    if isinstance(refusal, GraphQLError):
        return shown_invalid(refusal)
    assert isinstance(refusal, Refusal)
    return shown_refusal(refusal)
