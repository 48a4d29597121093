"""What everybody said, made one answer."""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql.execution.values import VariableValues

from gateway.federation.addressing import AtRoot
from gateway.federation.committees import Committees
from gateway.federation.gathered import gathered
from gateway.federation.merge import merged
from gateway.federation.owned import owned
from gateway.federation.parts import STATES, Source
from gateway.federation.plan import MOST_FAULTS
from gateway.federation.putting import Putting
from gateway.federation.refused import Answer, shown
from gateway.federation.roots import Root
from gateway.federation.sources import Answers, parts_of
from gateway.federation.statistics import statistics
from gateway.federation.written import StandIn, Written
from gateway.joint import Route
from sync.contract.errors import Code, Refusal, Said

NAMED = 5
"""Committees that a refusal names; the answer to the same question without `require` names all."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A question that may be put, and what its answer is written with; `schema`: what the schema itself answers."""

    putting: Putting
    committees: Committees
    values: VariableValues
    schema: dict[int, Written]


def written(begun: Begun, answers: Answers) -> Answer:
    """One answer of everybody's. Touches nothing but what it is given: it may be called in another thread.

    Raises:
        AtRoot: the whole request has none.
    """
    fields: list[bytes] = []
    errors: list[dict[str, Any]] = []
    stand_ins: list[StandIn] = []
    is_null = False
    for number, root in enumerate(begun.putting.plan.roots):
        value = _root(number, root, begun, answers)
        fields.append(b'"%s":%s' % (root.key.encode(), value.json))
        errors += value.errors
        stand_ins += value.stand_ins
        is_null = is_null or (root.is_required and value.json == b"null")
    data = b"null" if is_null else b"{%s}" % b",".join(fields)
    more = b',"errors":%s' % orjson.dumps(errors[:MOST_FAULTS]) if errors else b""
    if stand_ins:
        stale = {"stale": [each.shown() for each in stand_ins]}
        more += b',"extensions":%s' % orjson.dumps(stale)
    return Answer(b'{"data":%s%s}' % (data, more))


def _who_is_missing(sources: list[Source]) -> Said:
    """`余杭（应答超时）、嘉善（未共享）`: five of them, and how many there are."""
    missing = [each for each in sources if not each.is_whole]
    zh = "、".join(f"{each.committee.short_name}（{STATES.get(each.state, each.state)}）" for each in missing[:NAMED])
    en = ", ".join(f"{each.committee.id} ({each.state})" for each in missing[:NAMED])
    if len(missing) > NAMED:
        zh, en = f"{zh}等{len(missing)}家", f"{en} and {len(missing) - NAMED} more"
    return Said(zh, en)


def _root(number: int, root: Root, begun: Begun, answers: Answers) -> Written:
    putting, committees, values = begun.putting, begun.committees, begun.values
    address, name = putting.asked.each[number], f"r{number}"
    match root.route:
        case Route.MERGED | Route.STATISTICS:
            sources, parts = parts_of(number, address, answers, committees, putting.now)
            given = address.arguments
            if root.route is Route.MERGED:
                value = merged(root, name, sources, parts, given, values)
            else:
                value = statistics(root, sources, parts, given, values, putting.now, committees)
            if address.needs_all and not value.complete:
                raise AtRoot(root, Refusal(Code.PARTIAL_RESULT, why=_who_is_missing(sources)))
            return value
        case Route.OWNERS:
            sources, parts = parts_of(number, address, answers, committees, putting.now)
            return gathered(root, name, address.arguments["ids"], sources, parts)
        case Route.OWNER | Route.HOME:
            if address.refusal:
                return Written(b"null", [shown(address.refusal) | {"path": [root.key]}])
            id = address.arguments["id"] if root.route is Route.OWNER else None
            return next((owned(root, number, of, id, answers) for of in address.live), Written(b"null"))
        case Route.DIRECTORY:
            assert root.read
            listed = [root.read(committees.shown[id], values) for id in address.everyone]
            return Written(orjson.dumps(listed))
        case Route.SCHEMA:
            return begun.schema[number]
