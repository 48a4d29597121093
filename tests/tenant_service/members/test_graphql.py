"""The room as clients meet it: over GraphQL, with idempotency keys."""

import json
from typing import Any

import pytest
from sqlalchemy import delete

from sync.contract.trust.directory import Directory
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graph.types import Schema
from tenant_service.identity import quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import PersonalReadRow
from tenant_service.identity.policy import Role
from tenant_service.members.graphql import MemberMutation, MemberQuery
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES, services

EXECUTOR = Executor(Schema(MemberQuery, mutation=MemberMutation), Limits())


def ask(units: Units, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(actor, units, places.directory(), SERVICES)
    return json.loads(EXECUTOR.perform(Asked(query, variables), context).body)


def done(units: Units, actor: Actor, query: str, **variables: Any) -> Any:
    answer = ask(units, actor, query, **variables)
    assert "errors" not in answer, answer
    [told] = answer["data"].values()
    return told


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


ADD = """mutation ($key: ID!, $person: PersonInput!) { addPerson(key: $key, person: $person) {
  id name tags gender birthMonth workPhone employer rosterNo memberships { title } } }"""
PROPOSE = "mutation ($m: MembershipInput!, $key: ID!) { proposeMembership(key: $key, membership: $m) { id state } }"
CONFIRM = """mutation ($id: ID!, $key: ID!) {
  confirmMembership(key: $key, id: $id, decision: {meeting: "十届一次会议", day: "2026-03-01"}) {
    state since title sector party term decidedBy person { name } unit { name } } }"""
MEMBERS = """query ($where: MemberFilter, $first: Int! = 20, $after: Cursor) {
  members(where: $where, first: $first, after: $after) {
    nodes { id name title sector party term workPhone tags } totalCount pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
def zhang(units: Units, clerk: Actor) -> str:
    told = {"name": "张三", "gender": "MALE", "birthMonth": "1968-05", "workPhone": "8400000", "tags": ["法律"]}
    made = done(units, clerk, ADD, key="p1", person=told)
    assert {name: made[name] for name in told} == told | {"birthMonth": "1968-**", "workPhone": "84***00"}
    seat = {"kind": "MEMBER", "personId": made["id"], "title": "常委", "sector": "ECONOMY", "party": "CDL", "term": 10}
    proposed = done(units, clerk, PROPOSE, key="m1", m=seat)
    confirmed = done(units, clerk, CONFIRM, key="m2", id=proposed["id"])
    assert confirmed == {
        "state": "ACTIVE", "since": "2026-03-01", "title": "常委", "sector": "ECONOMY", "party": "CDL", "term": 10,
        "decidedBy": "十届一次会议", "person": {"name": "张三"}, "unit": None,
    }  # fmt: skip
    return str(made["id"])


def test_a_member_looks_members_up(units: Units, member: Actor, zhang: str) -> None:
    found = done(units, member, MEMBERS, where={"tag": "法律", "sector": "ECONOMY", "title": "常", "term": 10})
    assert found == {
        "nodes": [{
            "id": zhang, "name": "张三", "title": "常委", "sector": "ECONOMY", "party": "CDL", "term": 10,
            "workPhone": "8400000", "tags": ["法律"],
        }],
        "totalCount": 1, "pageInfo": {"hasNextPage": False, "endCursor": found["pageInfo"]["endCursor"]},
    }  # fmt: skip
    assert done(units, member, MEMBERS, where={"name": "李"})["nodes"] == []
    assert done(units, member, MEMBERS, after=found["pageInfo"]["endCursor"])["nodes"] == []


def test_the_same_key_adds_a_person_once(units: Units, clerk: Actor) -> None:
    first, again = (done(units, clerk, ADD, key="k", person={"name": "李四"}) for _ in range(2))
    assert first == again
    assert code(ask(units, clerk, ADD, key="k", person={"name": "王五"})) == "IDEMPOTENCY_KEY_REUSED"
    persons = done(units, clerk, "{ persons { nodes { name } totalCount } }")
    assert persons == {"nodes": [{"name": "李四"}], "totalCount": 1}


def test_a_refused_mutation_says_why(units: Units, member: Actor) -> None:
    answer = ask(units, member, ADD, key="k", person={"name": "李四"})
    assert (answer["data"], code(answer)) == (None, "FORBIDDEN")


def test_a_file_is_for_the_office_and_the_person_alone(units: Units, clerk: Actor, member: Actor, zhang: str) -> None:
    query = "query ($id: ID!) { person(id: $id) { name workPhone gender birthMonth memberships { title } } }"
    whole = {
        "name": "张三", "workPhone": "8400000", "gender": "MALE", "birthMonth": "1968-05",
        "memberships": [{"title": "常委"}],
    }  # fmt: skip
    assert done(units, clerk, query, id=zhang) == whole | {"birthMonth": "1968-**"}
    assert done(units, places.staff(places.JIASHAN, Role.MEMBER, person=zhang), query, id=zhang) == whole
    shown = ask(units, member, "query ($id: ID!) { person(id: $id) { name workPhone birthMonth } }", id=zhang)
    assert shown["data"]["person"] == {"name": "张三", "workPhone": "8400000", "birthMonth": None}
    assert code(shown) == "FORBIDDEN"
    partner = places.stranger(places.JIASHAN, places.QINGPU, Role.SECRETARY)
    assert done(units, partner, query, id=zhang) is None


def test_the_committee_above_asks_how_many(units: Units, zhang: str) -> None:
    above = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    query = "query ($id: ID!) { memberCounts(id: $id) { total bySector { sector count } byParty { party count } } }"
    assert done(units, above, query, id=places.JIASHAN) == {
        "total": 1, "bySector": [{"sector": "ECONOMY", "count": 1}], "byParty": [{"party": "CDL", "count": 1}],
    }  # fmt: skip
    partner = places.stranger(places.JIASHAN, places.QINGPU, Role.CLERK)
    assert code(ask(units, partner, query, id=places.JIASHAN)) == "FORBIDDEN"
    assert code(ask(units, above, query, id=places.QINGPU)) == "NOT_FOUND"


def test_units_are_kept_shared_and_asked_for(units: Units, clerk: Actor, directory: Directory) -> None:
    add = """mutation ($key: ID!, $unit: UnitInput!, $shares: [ShareInput!]!) {
      addUnit(key: $key, unit: $unit, shares: $shares) { id name parentId since sector people } }"""
    town = done(units, clerk, add, key="u1", unit={"name": "姚庄镇", "kind": "TOWN", "since": "2020-01-01"}, shares=[])
    below = {"name": "一社区", "kind": "COMMUNITY", "parentId": town["id"]}
    done(units, clerk, add, key="u2", unit=below, shares=[])
    sector = {"name": "经济科技界", "kind": "SECTOR", "sector": "ECONOMY"}
    done(units, clerk, add, key="u3", unit=sector, shares=[{"scope": "PARENT"}])
    query = """query ($where: UnitFilter) { units(where: $where) {
      nodes { name kind sector people children { name } } totalCount } }"""
    assert done(units, clerk, query, where={"kinds": ["TOWN"], "on": "2020-01-01"}) == {
        "nodes": [{"name": "姚庄镇", "kind": "TOWN", "sector": None, "people": 0, "children": [{"name": "一社区"}]}],
        "totalCount": 1,
    }  # fmt: skip
    assert done(units, clerk, query, where={"on": "2019-12-31", "kinds": ["TOWN"]})["totalCount"] == 0
    above = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    assert done(units, above, query)["nodes"] == [
        {"name": "经济科技界", "kind": "SECTOR", "sector": "ECONOMY", "people": 0, "children": []}
    ]
    move = 'mutation ($id: ID!) { closeUnit(key: "c", id: $id, last: "2026-04-01") { until } }'
    assert code(ask(units, clerk, move, id=town["id"])) == "UNIT_IN_USE"


def test_bodies_memberships_and_tags_are_asked_for_at_home(units: Units, clerk: Actor, zhang: str) -> None:
    body = 'mutation { addBody(key: "b", body: {name: "县水务局", kind: DEPARTMENT}) { id } }'
    id = done(units, clerk, body)["id"]
    assert done(units, clerk, '{ bodies(name: "水务") { nodes { id name kind } } }') == {
        "nodes": [{"id": id, "name": "县水务局", "kind": "DEPARTMENT"}]
    }
    posting = {"kind": "POSTING", "personId": zhang, "bodyId": id}
    place = 'mutation ($m: MembershipInput!) { placeMember(key: "p", membership: $m) { id bodyId } }'
    placed = done(units, clerk, place, m=posting)
    assert placed["bodyId"] == id
    held = "query ($id: ID!) { memberships(where: {personId: $id}) { nodes { kind state } totalCount } }"
    assert done(units, clerk, held, id=zhang) == {
        "nodes": [{"kind": "MEMBER", "state": "ACTIVE"}, {"kind": "POSTING", "state": "ACTIVE"}], "totalCount": 2,
    }  # fmt: skip
    end = 'mutation ($id: ID!) { endMembership(key: "e", id: $id, how: MOVED, last: "2026-04-30") { state until } }'
    assert done(units, clerk, end, id=placed["id"]) == {"state": "ENDED", "until": "2026-04-30"}
    assert done(units, clerk, "{ tags { tag count } }") == [{"tag": "法律", "count": 1}]
    stranger = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    for query in ("{ bodies { totalCount } }", "{ memberships { totalCount } }", "{ tags { tag } }", MEMBERS):
        assert code(ask(units, stranger, query)) == "FORBIDDEN"


def test_who_has_no_seat_today_has_a_masked_phone_and_keeps_it_when_the_form_comes_back(
    units: Units, clerk: Actor
) -> None:
    told = {"name": "钱七", "workPhone": "13812345678", "birthMonth": "1970-01"}
    made = done(units, clerk, ADD, key="p", person=told)
    assert (made["workPhone"], made["birthMonth"]) == ("138****5678", "1970-**")
    change = """mutation ($key: ID!, $id: ID!, $person: PersonInput!) {
      changePerson(key: $key, id: $id, person: $person) { name workPhone birthMonth } }"""
    again = {"name": "钱七", "workPhone": made["workPhone"], "birthMonth": made["birthMonth"]}
    done(units, clerk, change, key="c1", id=made["id"], person=again)
    own = places.staff(places.JIASHAN, Role.MEMBER, person=made["id"])
    seat = {"kind": "MEMBER", "personId": made["id"], "title": "委员", "term": 10}
    done(units, clerk, CONFIRM, key="m2", id=done(units, clerk, PROPOSE, key="m1", m=seat)["id"])
    whole = done(units, own, "query ($id: ID!) { person(id: $id) { workPhone birthMonth } }", id=made["id"])
    assert whole == {"workPhone": "13812345678", "birthMonth": "1970-01"}
    wrong = again | {"workPhone": "139****5678"}
    assert code(ask(units, clerk, change, key="c2", id=made["id"], person=wrong)) == "BAD_VALUE"


def test_rows_that_are_read_twice_to_make_one_answer_count_once(units: Units, clerk: Actor, zhang: str) -> None:
    """The list is read by its plan; another is refused, so the operation is walked once more, field by field."""
    with units.write() as unit:  # what the fixture's mutations answered counts for nothing
        unit.session.execute(delete(PersonalReadRow))
    told = ask(
        units, clerk, "{ members { nodes { id } } again: members { nodes { id } } units(first: 1000) { nodes { id } } }"
    )
    assert code(told) == "BAD_PAGE"
    with units.read() as unit:
        assert quotas.used(unit.session, clerk, unit.now) == 2


def test_who_reads_people_by_the_hundred_is_stopped_and_ones_own_data_does_not_count(
    units: Units, clerk: Actor, zhang: str
) -> None:
    def asked(actor: Actor, query: str, **variables: Any) -> Any:
        context = Context(actor, units, places.directory(), services(personal_rows_per_day=3))
        return json.loads(EXECUTOR.perform(Asked(query, variables), context).body)

    with units.write() as unit:  # what the fixture's mutations answered counts for nothing
        unit.session.execute(delete(PersonalReadRow))
    one, list_ = "query ($id: ID!) { person(id: $id) { name } }", "{ members { nodes { name } } }"
    for query in (one, list_, "{ memberships { nodes { title } } }"):
        assert "errors" not in asked(clerk, query, **({"id": zhang} if query is one else {}))
    for query in (one, list_, "{ persons { nodes { name } } }"):
        answer = asked(clerk, query, **({"id": zhang} if query is one else {}))
        assert code(answer) == "QUOTA_REACHED"
        assert "张三" not in json.dumps(answer, ensure_ascii=False)
    own = places.staff(places.JIASHAN, Role.MEMBER, person=zhang)
    for _ in range(5):
        assert asked(own, one, id=zhang)["data"]["person"] == {"name": "张三"}
        assert "errors" not in asked(own, list_)
