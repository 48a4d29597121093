"""Topics in GraphQL, as the office, a member and anybody ask."""

from typing import Any

import orjson
import pytest

from sync.contract.shapes.activities import ActivityKind
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES
from tests.tenant_service.topics.office import Office

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EXECUTOR = Executor(schema, Limits())
REGISTER = """mutation {
  registerTopic(key: "1", source: ENTERPRISE, topic: {title: "园区公交"}, report: {
    words: "园区没有公交", name: "李四", phone: "13912345678"
  }) { id state publicStep acceptBy reports { words phone } }
}"""
PLAN = '{decidedBy: "主席会议", decidedOn: "2026-04-01"}'
LIST = "{ topics { totalCount nodes { id title } } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def mutation(act: str, key: int) -> str:
    named = act.replace("KEY", f'"{key}"')
    return f"mutation {{ {named} {{ state }} }}"


def test_a_topic_goes_all_its_way_over_the_interface(units: Units, office: Office) -> None:
    made = ask(units, office.clerk, REGISTER)["data"]["registerTopic"]
    assert ask(units, office.clerk, REGISTER)["data"]["registerTopic"]["id"] == made["id"], "the same key acts once"
    assert (made["state"], made["publicStep"], made["acceptBy"]) == ("RAISED", "SUBMITTED", "2026-04-09")
    assert made["reports"] == [{"words": "园区没有公交", "phone": "139****5678"}]
    id, anybody, procedure = made["id"], nobody(places.JIASHAN), office.procedure()
    activity = office.held(ActivityKind.SALON)
    for key, (actor, act) in enumerate(
        (
            (office.clerk, f'acceptTopic(key: KEY, id: "{id}", topic: {{title: "园区公交线路", category: TRANSPORT}})'),
            (office.secretary, f'shareTopic(key: KEY, id: "{id}", shares: [{{scope: OPEN}}])'),
            (office.clerk, f'storeTopic(key: KEY, id: "{id}", category: TRANSPORT)'),
            (
                office.clerk,
                f'selectTopic(key: KEY, id: "{id}", plan: {PLAN})',
            ),
            (office.clerk, f'putBackTopic(key: KEY, id: "{id}", reason: "改期")'),
            (
                office.clerk,
                f'selectTopic(key: KEY, id: "{id}", plan: {PLAN})',
            ),
            (office.clerk, f'beginTopic(key: KEY, id: "{id}", procedureId: "{procedure}")'),
            (office.clerk, f'advanceTopic(key: KEY, id: "{id}")'),
            (office.clerk, f'proveTopic(key: KEY, id: "{id}", need: PLAN, day: "2026-04-01", note: "一号")'),
            (office.clerk, f'linkTopicActivity(key: KEY, id: "{id}", activityId: "{activity}")'),
            (office.clerk, f'unlinkTopicActivity(key: KEY, id: "{id}", activityId: "{activity}")'),
            (office.clerk, f'writeTopicNote(key: KEY, id: "{id}", text: "已约交通局")'),
            (office.clerk, f'trackTopic(key: KEY, id: "{id}", until: "2027-01-01")'),
        )
    ):
        told = ask(units, actor, mutation(act, key))
        assert "errors" not in told, (act, told)
    shown = f'{{ topic(id: "{id}") {{ step needs {{ need isMet }} proofs {{ note }} workNote similarIds }} }}'
    assert ask(units, office.clerk, shown)["data"]["topic"] == {
        "step": "plan", "needs": [{"need": "PLAN", "isMet": True}], "proofs": [{"note": "一号"}],
        "workNote": "已约交通局", "similarIds": [],
    }  # fmt: skip
    assert ask(units, anybody, LIST)["data"]["topics"]["nodes"] == [{"id": id, "title": "园区公交线路"}]
    hidden = (
        f'{{ topic(id: "{id}") {{ publicStep reporters workNote reports {{ words }} proofs {{ note }} approval }} }}'
    )
    assert ask(units, anybody, hidden)["data"]["topic"] == {
        "publicStep": "HANDLED", "reporters": None, "workNote": None, "reports": None, "proofs": None, "approval": None
    }  # fmt: skip
    assert ask(units, anybody, f'{{ node(id: "{id}") {{ __typename }} }}')["data"]["node"] == {"__typename": "Topic"}
    [hit] = ask(units, anybody, '{ search(text: "公交") { nodes { id kind } } }')["data"]["search"]["nodes"]
    assert hit == {"id": id, "kind": "TOPIC"}


def test_answers_merges_and_splits_over_the_interface(units: Units, office: Office, member: Actor) -> None:
    kept, other = office.handled(), office.accepted()
    lost = ask(units, member, 'mutation { recommendTopic(key: "1", topic: {title: "路灯"}, words: "没有") { id } }')
    raised = lost["data"]["recommendTopic"]["id"]
    for key, (actor, act) in enumerate(
        (
            (office.clerk, f'turnDownTopic(key: KEY, id: "{raised}", code: UNCLEAR, reason: "不明")'),
            (office.clerk, f'undoTopic(key: KEY, id: "{raised}", reason: "已明")'),
            (office.clerk, f'mergeTopic(key: KEY, id: "{raised}", intoId: "{kept}", reason: "同")'),
            (office.clerk, f'undoTopic(key: KEY, id: "{raised}", reason: "不同")'),
            (office.clerk, f'forwardTopic(key: KEY, id: "{raised}", to: "住建局", reason: "归其管")'),
            (office.clerk, f'handleTopic(key: KEY, id: "{raised}")'),
            (office.clerk, f'relateTopic(key: KEY, id: "{raised}", kind: FOLLOWS_UP, otherId: "{kept}")'),
            (office.clerk, f'unrelateTopic(key: KEY, id: "{raised}", kind: FOLLOWS_UP, otherId: "{kept}")'),
            (office.clerk, f'redescribeTopic(key: KEY, id: "{raised}", topic: {{title: "村道路灯"}})'),
            (office.clerk, f'resolveTopic(key: KEY, id: "{raised}", answer: "已装")'),
            (office.secretary, f'sendBackTopic(key: KEY, id: "{raised}", reason: "写细")'),
            (office.clerk, f'resolveTopic(key: KEY, id: "{raised}", answer: "二十盏已装")'),
            (office.secretary, f'answerTopic(key: KEY, id: "{raised}", unclassified: true)'),
            (office.secretary, f'reopenTopic(key: KEY, id: "{raised}", reason: "不亮")'),
        )
    ):
        told = ask(units, actor, mutation(act, key + 100))
        assert "errors" not in told, (act, told)
    split = (
        f'mutation {{ splitTopic(key: "s", id: "{other}", parts: [{{title: "甲"}}, {{title: "乙"}}]) {{ partIds }} }}'
    )
    parts = ask(units, office.clerk, split)["data"]["splitTopic"]["partIds"]
    assert len(parts) == 2
    assert ask(units, office.clerk, split)["data"]["splitTopic"]["partIds"] == parts
    unit = f"{places.JIASHAN}.unit.0192f0c1d2e34567890abcdef0000001"
    absent = f'mutation {{ addTopicRoute(key: "r", category: LAW, targetId: "{unit}") {{ id }} }}'
    assert ask(units, office.clerk, absent)["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    body = office.body("住建局")
    route = f'mutation {{ addTopicRoute(key: "q", category: LAW, targetId: "{body}") {{ id category target }} }}'
    made = ask(units, office.clerk, route)["data"]["addTopicRoute"]
    assert (made["category"], made["target"]) == ("LAW", "住建局")
    assert ask(units, office.clerk, "{ topicRoutes { id areaId } }")["data"]["topicRoutes"] == [
        {"id": made["id"], "areaId": None}
    ]  # fmt: skip
    removed = f'mutation {{ removeTopicRoute(key: "p", id: "{made["id"]}") {{ targetId }} }}'
    assert ask(units, office.clerk, removed)["data"]["removeTopicRoute"] == {"targetId": body}
    for act in (f'entrustTopic(key: "o", id: "{kept}", targetId: "{body}")', f'followTopic(key: "n", id: "{kept}")'):
        told = ask(units, office.clerk, f"mutation {{ {act} {{ inChargeId }} }}")
        assert list(told["data"].values()) == [{"inChargeId": body}]
    assert ask(units, office.clerk, f'{{ topic(id: "{kept}") {{ isFollowed }} }}')["data"]["topic"]["isFollowed"]
    undo = f'mutation {{ unfollowTopic(key: "m", id: "{kept}") {{ isFollowed }} }}'
    assert ask(units, office.clerk, undo)["data"]["unfollowTopic"] == {"isFollowed": False}
    counts = {
        "{states: [REOPENED]}": 1, "{sources: [MEMBER]}": 1, "{categories: [HOUSING]}": 4, '{text: "路灯"}': 1,
        "{isTracked: true}": 0, "{year: 2026}": 0,
    }  # fmt: skip
    for where, count in counts.items():
        found = ask(units, office.clerk, f"{{ topics(where: {where}) {{ totalCount }} }}")
        assert found["data"]["topics"]["totalCount"] == count, where


def test_what_is_refused_says_why_and_changes_nothing(units: Units, office: Office, member: Actor) -> None:
    id = office.raised()
    for actor, act, code in (
        (member, f'acceptTopic(key: "1", id: "{id}", topic: {{title: "x"}})', "FORBIDDEN"),
        (nobody(places.JIASHAN), f'acceptTopic(key: "1", id: "{id}", topic: {{title: "x"}})', "NOT_SIGNED_IN"),
        (office.clerk, f'archiveTopic(key: "2", id: "{id}")', "OUT_OF_TURN"),
        (office.clerk, f'mergeTopic(key: "3", id: "{id}", intoId: "{id}", reason: "x")', "LINK_CYCLE"),
        (office.clerk, 'storeTopic(key: "4", id: "330421.topic.00000000000000000000000000000000", category: LAW)',
         "NOT_FOUND"),
    ):  # fmt: skip
        [error] = ask(units, actor, f"mutation {{ {act} {{ id }} }}")["errors"]
        assert error["extensions"]["code"] == code, act
    assert office.row(id).revision == 1
