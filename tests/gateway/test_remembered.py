"""What a gateway remembers of documents is bounded by what it weighs, and it weighs no more than is thought."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from gateway.federation.engine import Gateway
from gateway.federation.planning import given as planning
from gateway.federation.planning.plan import Plan
from gateway.federation.roots.merged import Merged
from gateway.federation.roots.passed_on import PassedOn
from gateway.federation.selecting.shapes import Shape
from gateway.joint import Joint
from gateway.schema import joint_sdl
from sync.edge.budget import Limits
from sync.edge.documents import Prepared
from sync.edge.kept import Kept
from tests.gateway.federation import Federation, said
from tests.weights import traced

FIELDS = """id committeeId title kind format state startsAt endsAt place venueId hostIds mechanismId series issueNo
    organizer capacity signUpUntil leaderPresent membersPresent headcount suggestions report backfilled changeNote"""
LISTS = " ".join(f"r{n}: activities(first: $n) {{ nodes {{ ...F }} totalCount @include(if: $v) }}" for n in range(16))
BOTH = " ".join(f"r{n}: activities(first: $n) {{ nodes {{ ...F }} edges {{ node {{ ...F }} }} }}" for n in range(8))
PASSED = " ".join(f'r{n}: activity(id: "330100.activity.{n:032x}") {{ id @include(if: $v) ...F }}' for n in range(16))
DOCUMENTS = {
    "small": "query ($v: Boolean!, $n: Int!) { activities(first: $n) { nodes { id title @include(if: $v) } } }",
    "lists": f"query ($v: Boolean!, $n: Int!) {{ {LISTS} }} fragment F on Activity {{ {FIELDS} }}",
    "both": f"query ($n: Int!) {{ {BOTH} }} fragment F on Activity {{ {FIELDS} }}",
    "passed": f"query ($v: Boolean!) {{ {PASSED} }} fragment F on Activity {{ {FIELDS} }}",
    "padded": ("query ($v: Boolean!) { committees { id @include(if: $v) } } #").ljust(20_000, "x"),
}
TOLD = {"v": True, "n": 1}


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    nothing: Any = None
    return Gateway(Joint(joint_sdl()), nothing, nothing, nothing, Limits(), lambda: dt.datetime.now(dt.UTC))


def used(gateway: Gateway, query: str) -> Prepared:
    """A document with everything that answering it leaves behind."""
    prepared = gateway.documents._outcome(query, None)
    assert isinstance(prepared, Prepared)
    names = {each.variable.name.value for each in prepared.operation.variable_definitions or ()}
    for number in range(1, 4):
        told = {name: value for name, value in (TOLD | {"n": number}).items() if name in names}
        prepared.values.put(orjson.dumps(told) + b" " * number, gateway._planner._with(prepared, orjson.dumps(told)))
    for plan, _ in prepared.plans._things.values():
        for each in shapes_of(plan):
            _ = each._read, each._read_all
        for roots, release in ((plan.roots, None), (plan.roots, 1), (plan.roots[:1], None)):
            plan.question(roots, release)
    return prepared


def shapes_of(plan: Plan) -> Iterator[Shape]:
    """All that reads rows."""
    for root in plan.roots:
        match root:
            case Merged():
                yield from root._connection.rows.values()
            case PassedOn():
                yield root._shape


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_weighs_no_more_than_is_thought(gateway: Gateway, name: str) -> None:
    used(gateway, DOCUMENTS[name])  # what the first one of all leaves behind is nobody's
    measured = [traced(lambda: used(gateway, DOCUMENTS[name] + " ")) for _ in range(3)]
    weight = min(each for _, each in measured)  # whatever else runs in this process is measured as well
    assert weight < measured[0][0].weight < 8 * weight


def test_variables_weigh_no_more_than_is_thought(gateway: Gateway) -> None:
    query = "query ($at: At) { activities(at: $at) { nodes { id } } }"
    prepared = used(gateway, query)
    before = prepared.weight
    many = [orjson.dumps({"at": {"ids": [f"{n}{m:03}" for m in range(240)]}}) for n in range(10)]

    def remember() -> None:
        for each in many:
            prepared.values.put(each, gateway._planner._with(prepared, each))

    _, weight = traced(remember)
    assert weight < prepared.weight - before < 8 * weight


def test_variables_make_room_for_others_by_what_they_weigh(gateway: Gateway) -> None:
    prepared = gateway.documents.of("query ($at: At) { activities(at: $at) { nodes { id } } }")
    for n in range(200):
        gateway._planner.given(prepared, {"at": {"ids": [f"{n}{m:03}" for m in range(200)]}})
        assert prepared.values.weight <= planning.MOST_OF_GIVEN
    assert 1 < len(prepared.values) < 30
    for n in range(200):
        gateway._planner.given(prepared, {"at": {"ids": [str(n)]}})
    assert 150 < len(prepared.values) <= 240


def test_however_many_documents_come_they_weigh_no_more_than_may_be(
    three: Federation, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_REMEMBERED", 2_000_000)
    parts = runner.run(three.parts())
    kept, query = parts.gateway.documents.remembered, "query Q%d { venues(first: 1) { nodes { id name } } }"
    for number in range(60):
        assert "errors" not in runner.run(said(parts, query % number))
        assert "errors" in runner.run(said(parts, f"{{ nothing{number} }}"))
        assert kept.weight <= 2_000_000
    assert kept.weight == sum(each.weight for each, _ in kept._things.values())  # also what was made on the way
    assert len(kept) < 60
    hits = kept.hits
    runner.run(said(parts, query % 59))
    assert kept.hits == hits + 1


def test_the_least_used_makes_room_and_what_grows_is_weighed_anew() -> None:
    weights = {"a": 4, "b": 4, "c": 4}
    kept = Kept[str](10, weights.__getitem__)
    for each in ("a", "b"):
        kept.put(each, each)
    assert kept.get("a") == "a"
    kept.put("c", "c")
    assert (kept.get("b"), kept.weight, len(kept)) == (None, 8, 2)
    weights["c"] = 7
    kept.weigh("c")
    assert (kept.get("a"), kept.get("c"), kept.weight) == (None, "c", 7)
    weights["c"] = 11
    kept.weigh("c")
    kept.weigh("c")
    assert (len(kept), kept.weight) == (0, 0)
    assert (kept.hits, kept.misses) == (2, 2)


def test_what_makes_room_for_things_that_grew_is_gone() -> None:
    weights = {"a": 3, "b": 3, "c": 3}
    kept = Kept[str](10, weights.__getitem__)
    for each in weights:
        kept.put(each, each)
    weights["c"] = 6
    assert (kept.weighed(), kept.get("a"), kept.get("b"), kept.get("c")) == (9, None, "b", "c")
    weights["b"] = 5
    assert (kept.weighed(), kept.get("b"), kept.get("c")) == (6, None, "c")
    weights["c"] = 11
    assert (kept.weighed(), len(kept)) == (0, 0)
