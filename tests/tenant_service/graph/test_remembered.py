"""What a committee remembers of documents is bounded by what it weighs, and it weighs no more than is thought."""

from random import Random
from typing import Any

import pytest

from sync.edge import documents
from sync.edge.body import Asked
from sync.edge.budget import Limits
from sync.edge.documents import Documents, Prepared
from tenant_service.graph.compiled.plans import Plans
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graph.variables import Variables
from tenant_service.graphql import schema
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.graph.lists import ASKERS, filled
from tests.tenant_service.services import SERVICES
from tests.weights import traced

FEW = "id committeeId title kind format state startsAt endsAt place venueId hostIds mechanismId series issueNo"
ALL = f"{FEW} organizer capacity signUpUntil leaderPresent membersPresent headcount suggestions report backfilled"
LISTS = " ".join(f"r{n}: activities(first: $n) {{ nodes {{ {FEW} }} }}" for n in range(25))
BOTH = " ".join(
    f"r{n}: activities(first: $n) {{ nodes {{ ...F }} edges {{ cursor node {{ ...F }} }} }}" for n in range(8)
)
DOCUMENTS = {
    "small": "query ($v: Boolean!, $n: Int!) { activities(first: $n) { nodes { id title @include(if: $v) } } }",
    "lists": f"query ($n: Int!) {{ {LISTS} }}",
    "both": f"query ($n: Int!) {{ {BOTH} }} fragment F on Activity {{ {ALL} }}",
    "roots": "query ($n: Int!) { " + " ".join(f"r{n}: units(first: $n) {{ nodes {{ id }} }}" for n in range(48)) + " }",
    "walked": '{ node(id: "330421.activity.0") { id ... on Activity { title } } }',
    "padded": "{ activities { nodes { id } } } #".ljust(20_000, "x"),
    "faces": "{ activities { nodes { id } } } #".ljust(20_000, "😀"),
    "commented": "{ activities { nodes { id } } }" + "\n#x" * 1_900,
}


def used(query: str) -> Prepared:
    """A document with everything that answering it leaves behind."""
    kept = Documents(schema._schema, Limits())
    prepared, plans, variables = kept.of(query), Plans(kept.schema), Variables(kept)
    names = {each.variable.name.value for each in prepared.operation.variable_definitions or ()}
    for number in range(1, 4):
        given: dict[str, Any] = {"v": number > 1, "n": number}
        values = variables.of(prepared, {name: given[name] for name in names})
        assert values
        plans._plan(prepared, values)
    return prepared


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_weighs_no_more_than_is_thought(name: str) -> None:
    used(DOCUMENTS[name])  # what the first one of all leaves behind is nobody's
    measured = [traced(lambda: used(DOCUMENTS[name] + " ")) for _ in range(3)]
    weight = min(each for _, each in measured)
    assert weight < measured[0][0].weight < 8 * weight


@pytest.mark.parametrize("number", [1, 20])
def test_variables_weigh_no_more_than_is_thought(number: int) -> None:
    kept = Documents(schema._schema, Limits())
    said = ", ".join(f"$v{n}: ID!" for n in range(number))
    asked = " ".join(f"r{n}: node(id: $v{n}) {{ id }}" for n in range(number))
    prepared, variables = kept.of(f"query ({said}) {{ {asked} }}"), Variables(kept)
    many = [{f"v{n}": f"{n}{m:03}" * 40 for n in range(number)} for m in range(6)]

    def remember() -> None:
        for each in many:
            variables.of(prepared, each)

    _, weight = traced(remember)
    assert len(prepared.values) == len(many)
    assert weight < prepared.values.weight < 8 * weight


def test_however_many_documents_come_they_weigh_no_more_than_may_be(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(units, Random(7))
    monkeypatch.setattr(documents, "MOST_KEPT", 2_000_000)
    executor = Executor(schema, Limits())
    kept, query = executor._documents.remembered, "query Q%d { venues(first: 1) { nodes { id name } } }"

    def ask(query: str) -> bytes:
        return executor.perform(Asked(query, {}), Context(ASKERS[0], units, places.directory(), SERVICES)).body

    for number in range(60):
        assert b"errors" not in ask(query % number)
        assert b"errors" in ask(f"{{ nothing{number} }}")
        assert kept.weight <= 2_000_000
    assert kept.weight == sum(each.weight for each, _ in kept._things.values())  # also what was made on the way
    assert len(kept) < 60
    hits = kept.hits
    ask(query % 59)
    assert kept.hits == hits + 1


def test_with_one_document_no_more_plans_and_variables_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_OF_VALUES", 20_000)
    kept = Documents(schema._schema, Limits())
    prepared, variables = kept.of(DOCUMENTS["small"]), Variables(kept)
    for number in range(1, 100):
        assert variables.of(prepared, {"v": True, "n": number})
    assert 1 < len(prepared.values) < 20
    assert prepared.values.weight <= 20_000
