"""Whatever has an id is found by it, by whoever may see it where it is listed."""

from collections.abc import Sequence
from random import Random
from typing import Any

import orjson
import pytest

from sync.contract.ids import record_id
from sync.contract.records import RECORDS
from sync.contract.shapes.members import MembershipKind
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service as memberships
from tenant_service.members import service as members
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.rooms import NODES
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.graph.lists import ASKERS, HOME, OWNERS, filled
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
CLERK = ASKERS[0]
FOREIGN = [
    nobody(HOME), places.stranger(HOME, places.QINGPU, Role.CLERK),
    places.stranger(HOME, places.JIAXING, Role.SECRETARY),
]  # fmt: skip


def ask(units: Units, actor: Actor, query: str, **variables: Any) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(query, variables), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def nodes(units: Units, actor: Actor, ids: Sequence[str]) -> list[Any]:
    told = ask(units, actor, "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    assert "errors" not in told
    rows: list[Any] = told["data"]["nodes"]
    return rows


def test_every_type_with_an_id_is_found_by_its_kind() -> None:
    core = schema._schema
    node: Any = core.type_map["Node"]
    with_ids = {each.name for each in core.get_possible_types(node)}
    assert {RECORDS[kind].__name__.removesuffix("Record") for kind in (*NODES, "committee")} == with_ids


@pytest.mark.parametrize("actor", ASKERS)
def test_by_id_a_caller_finds_exactly_what_the_lists_show(units: Units, actor: Actor) -> None:
    filled(units, Random(3))
    everything = [
        record_id(owner, kind, f"{number:032x}")
        for owner in (HOME, *OWNERS) for kind in ("activity", "venue", "unit") for number in range(30)
    ]  # fmt: skip
    found = [
        row["id"]
        for at in range(0, len(everything), 90) for row in nodes(units, actor, everything[at : at + 90]) if row
    ]  # fmt: skip
    listed = set()
    for name in ("activities", "venues", "units"):
        told = ask(units, actor, f"{{ {name}(first: 200) {{ nodes {{ id }} }} }}")
        listed |= {row["id"] for row in told["data"][name]["nodes"]}
    own = {id for id in found if id.startswith(HOME)}
    assert own == listed
    assert (set(found) == own) == (not actor.is_home), "copies are for our own people"


@pytest.fixture
def person(units: Units, clerk: Actor) -> tuple[str, str]:
    """A member, and the membership."""
    with units.write() as unit:
        made = members.add_person(unit, clerk, PersonDraft("张三"))
        held = memberships.propose(unit, clerk, MembershipDraft(MembershipKind.MEMBER, person_id=made.id, term=10))
        memberships.confirm(unit, clerk, held.id, Decision("十届一次会议", places.SPRING.date()))
    return made.id, held.id


def test_a_person_is_found_by_the_office_and_by_nobody_abroad(units: Units, person: tuple[str, str]) -> None:
    assert [row["__typename"] for row in nodes(units, CLERK, list(person))] == ["Person", "Membership"]
    for actor in FOREIGN:
        assert nodes(units, actor, list(person)) == [None, None]
        assert ask(units, actor, f'{{ node(id: "{person[0]}") {{ id }} }}') == {"data": {"node": None}}


def test_a_member_finds_other_members_and_only_the_own_membership(units: Units, person: tuple[str, str]) -> None:
    other = places.staff(HOME, Role.MEMBER, person=record_id(HOME, "person", "7" * 32))
    assert [row and row["__typename"] for row in nodes(units, other, list(person))] == ["Person", None]
    own = places.staff(HOME, Role.MEMBER, person=person[0])
    assert all(nodes(units, own, list(person)))


def test_what_is_no_id_is_nothing(units: Units) -> None:
    ids = ["", "x", ".", "a.b", f"{HOME}.answer.{'1' * 32}", f"{HOME}.value.{'1' * 32}", "000000"]
    assert nodes(units, CLERK, ids) == [None] * len(ids)


def test_a_committee_is_found_in_the_directory(units: Units) -> None:
    assert nodes(units, nobody(HOME), [HOME, places.QINGPU]) == [
        {"__typename": "Committee", "id": HOME}, {"__typename": "Committee", "id": places.QINGPU},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["activities", "venues"])
@pytest.mark.parametrize("whose", [HOME, *OWNERS, places.HANGZHOU])
def test_a_committee_has_its_own_rows_and_of_another_what_it_shared_with_us(
    units: Units, whose: str, name: str
) -> None:
    filled(units, Random(5))
    query = f"query ($id: ID!) {{ committee(id: $id) {{ id {name}(first: 200) {{ id committeeId }} }} }}"
    for actor in ASKERS:
        told = ask(units, actor, query, id=whose)["data"]["committee"]
        assert {row["committeeId"] for row in told[name]} <= {whose}
        lists = Context(actor, units, places.directory(), SERVICES, None if whose == HOME else (whose,))
        listed = EXECUTOR.perform(Asked(f"{{ {name}(first: 200) {{ nodes {{ id }} }} }}"), lists)
        there = {row["id"] for row in orjson.loads(listed.body)["data"][name]["nodes"]}
        assert {row["id"] for row in told[name]} == there
        assert bool(there) == (whose == HOME or (actor.is_home and whose in OWNERS))


def test_more_than_a_hundred_ids_are_refused(units: Units) -> None:
    told = ask(units, CLERK, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[HOME] * 101)
    assert told["errors"][0]["extensions"]["code"] == "TOO_MANY_IDS"
