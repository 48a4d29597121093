"""The three lists in GraphQL, as office, 交办单位, department and anybody ask."""

import datetime as dt
from typing import Any

import orjson
import pytest

from sync.contract.channels import Scope, Share
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.assignments.rules import Part
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tests.tenant_service import places
from tests.tenant_service.assignments.office import LEAD, Office
from tests.tenant_service.services import SERVICES

OPEN = Share(Scope.OPEN)
EXECUTOR = Executor(schema, Limits())


def ask(office: Office, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, office.units, office.supervision.directory, SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def act(office: Office, actor: Actor, call: str) -> dict[str, Any]:
    [made] = ask(office, actor, f"mutation {{ {call} {{ id state revision }} }}")["data"].values()
    return dict(made)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_whole_chain_is_walked_by_mutations(office: Office) -> None:
    campaign, b, r = office.campaign(), office.bureau, office.roads
    one, desk, contact = office.clerk, office.coordinator, office.contact
    leader = office.secretary
    item = act(office, one, f'proposeItem(key: "1", listId: "{campaign}", item: {{text: "装路灯"}}, shares: [])')["id"]
    act(office, one, f'redraftItem(key: "2", id: "{item}", item: {{text: "加装路灯", kind: FINDING}}, shares: [])')
    again = act(office, leader, f'agreeItem(key: "3", id: "{item}", unclassified: true)')
    assert again == act(office, leader, f'agreeItem(key: "3", id: "{item}", unclassified: true)'), "a key acts once"
    id = act(office, one, f'forwardItem(key: "4", id: "{item}", officeId: "{office.desk}")')["id"]
    parts = f'[{{bodyId: "{b}", role: LEAD, dueOn: "2026-05-08"}}]'
    act(office, desk, f'assign(key: "5", id: "{id}", parts: {parts}, instructions: "限期")')
    act(office, contact, f'askToReturnAssignment(key: "6", id: "{id}", reason: "不属本局", suggested: "交通局")')
    act(office, desk, f'upholdAssignment(key: "7", id: "{id}", reason: "属你局")')
    act(office, contact, f'askToReturnAssignment(key: "8", id: "{id}", reason: "确不属本局")')
    act(office, desk, f'reassignAssignment(key: "9", id: "{id}", bodyId: "{r}", dueOn: "2026-05-20")')
    act(office, office.other, f'acceptAssignment(key: "10", id: "{id}")')
    act(office, office.other, f'askExtension(key: "11", id: "{id}", dueOn: "2026-06-01", reason: "采购")')
    act(office, desk, f'grantExtension(key: "12", id: "{id}")')
    act(office, office.other, f'askExtension(key: "13", id: "{id}", dueOn: "2026-07-01", reason: "采购")')
    act(office, desk, f'refuseExtension(key: "14", id: "{id}", reason: "不再延")')
    reply = '{text: "已装", kind: SOLVED, contactName: "周", contactPhone: "13800001234"}'
    act(office, office.other, f'replyToAssignment(key: "15", id: "{id}", reply: {reply})')
    act(office, one, f'sendBackAssignment(key: "16", id: "{id}", reason: "附照片")')
    act(office, office.other, f'replyToAssignment(key: "17", id: "{id}", reply: {reply})')
    act(office, one, f'verifyAssignment(key: "18", id: "{id}", found: "属实")')
    seen = f'{{ assignment(id: "{id}") {{ body dueOn wasDueOn draftedReply contactPhone verification reply }} }}'
    told = {"body": "交通局", "dueOn": "2026-06-01", "wasDueOn": "2026-05-20", "verification": "属实", "reply": None}
    assert ask(office, one, seen)["data"]["assignment"] == told | {
        "draftedReply": "已装", "contactPhone": "138****1234",
    }  # fmt: skip
    end = act(office, leader, f'closeAssignment(key: "19", id: "{id}", satisfaction: SATISFIED, unclassified: true)')
    assert end["state"] == "CLOSED"
    act(office, leader, f'reopenItem(key: "20", id: "{item}", reason: "又坏了")')
    act(office, desk, f'reopenAssignment(key: "21", id: "{id}")')
    act(office, one, f'withdrawAssignment(key: "22", id: "{id}", reason: "另行处理")')
    act(office, leader, f'notAdoptItem(key: "23", id: "{item}", reason: "已列入改造")')
    asked = f'{{ item(id: "{item}") {{ state number reason kind text }} }}'
    assert ask(office, one, asked)["data"]["item"] == {
        "state": "NOT_ADOPTED", "number": 1, "reason": "已列入改造", "kind": "FINDING", "text": "加装路灯",
    }  # fmt: skip


def test_lists_are_ordered_filtered_and_searched_and_show_strangers_what_is_shared(office: Office) -> None:
    due = office.assigned(office.agreed(office.campaign(), OPEN), *_until(office, "2026-06-01"))
    soon = office.assigned(office.agreed(office.campaign()), *_until(office, "2026-05-01"))
    office.forwarded(office.agreed(office.campaign()))
    where = 'where: {states: [ASSIGNED], dueFrom: "2026-04-02"}, orderBy: DUE_ON_ASC'
    found = ask(office, office.clerk, f"{{ assignments({where}) {{ totalCount nodes {{ id }} }} }}")
    assert [row["id"] for row in found["data"]["assignments"]["nodes"]] == [*soon, *due]
    order = "orderBy: DUE_ON_ASC, first: 1"
    page = "nodes { id } pageInfo { endCursor hasNextPage }"
    walked, after = [], ""
    while True:
        told = ask(office, office.clerk, f"{{ assignments({order}{after}) {{ {page} }} }}")["data"]["assignments"]
        walked += [row["id"] for row in told["nodes"]]
        if not told["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{told["pageInfo"]["endCursor"]}"'
    assert walked[1:] == [*soon, *due], "what is due no day yet stands first"
    anybody = nobody(places.JIASHAN)
    seen = ask(office, anybody, "{ items { nodes { text body } } assignments { nodes { body dueOn office } } }")["data"]
    assert seen == {
        "items": {"nodes": [{"text": "在惠通村主干道加装路灯", "body": None}]},
        "assignments": {"nodes": [{"body": "住建局", "dueOn": "2026-06-01", "office": None}]},
    }
    [hit] = ask(office, anybody, '{ search(text: "路灯") { nodes { kind } } }')["data"]["search"]["nodes"]
    assert hit == {"kind": "ITEM"}
    found = ask(office, office.clerk, '{ search(text: "住建局", kinds: [ASSIGNMENT]) { totalCount } }')
    assert found["data"]["search"]["totalCount"] == 2


def test_who_may_not_is_told_so(office: Office, member: Actor) -> None:
    call = f'proposeItem(key: "1", listId: "{office.campaign()}", item: {{text: "x"}}, shares: []) {{ id }}'
    for who in (member, office.contact, office.coordinator):
        [error] = ask(office, who, f"mutation {{ {call} }}")["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"


def _until(office: Office, due: str) -> list[Part]:
    return [Part(office.bureau, LEAD, dt.date.fromisoformat(due))]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_whole_list_is_agreed_and_what_came_of_it_urged_in_one_mutation_each(office: Office) -> None:
    campaign = office.campaign()
    for _ in range(2):
        office.proposed(campaign)
    text = f'mutation {{ agreeItems(key: "1", listId: "{campaign}", unclassified: true) {{ id number }} }}'
    made = ask(office, office.secretary, text)["data"]["agreeItems"]
    assert [each["number"] for each in made] == [1, 2]
    assert ask(office, office.secretary, text)["data"]["agreeItems"] == made, "a key acts once"
    [error] = ask(office, office.secretary, text.replace('"1"', '"2"'))["errors"]
    assert error["extensions"]["code"] == "ALREADY_DONE"
    given = [office.in_progress(each["id"])[0] for each in made]
    ids = ", ".join(f'"{id}"' for id in given)
    text = f'mutation {{ urgeAssignments(key: "3", ids: [{ids}]) {{ id reminders {{ kind day text }} }} }}'
    urged = ask(office, office.clerk, text)["data"]["urgeAssignments"]
    assert sorted(each["id"] for each in urged) == sorted(given)
    assert [each["reminders"][0]["kind"] for each in urged] == ["URGED", "URGED"]
    told = 'dueOn: "2026-09-01", reason: "汛期", document: "督〔2026〕1号"'
    text = f'mutation {{ rescheduleAssignment(key: "4", id: "{given[0]}", {told}) {{ dueOn wasDueOn }} }}'
    made = ask(office, office.coordinator, text)["data"]["rescheduleAssignment"]
    assert made["dueOn"] == "2026-09-01" != made["wasDueOn"]
    text = f'{{ assignment(id: "{given[0]}") {{ reminders {{ kind }} }} }}'
    assert ask(office, office.contact, text)["data"]["assignment"]["reminders"] == [{"kind": "URGED"}]
    assert ask(office, office.other, text)["data"]["assignment"] is None
