"""Campaigns in GraphQL, as the office, a supervisor and anybody ask."""

from typing import Any

import orjson
import pytest

from sync.contract.channels import Scope, Share
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import service
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES
from tests.tenant_service.supervision.office import MEASURES, WORKS, Office, appraisal
from tests.tenant_service.supervision.test_findings import FOUND

EXECUTOR = Executor(schema, Limits())
PLAN = """mutation {
  planCampaign(key: "1", shares: [{scope: OPEN}], campaign: {
    title: "城市三大提升行动监督", kind: POLICY, year: 2026, measures: ["一", "二"]
  }) { id state approval lines { kind number text } }
}"""
LIST = "{ campaigns { totalCount nodes { id title kind } } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def test_a_campaign_goes_all_its_way(units: Units, office: Office) -> None:
    made = ask(units, office.clerk, PLAN)["data"]["planCampaign"]
    assert ask(units, office.clerk, PLAN)["data"]["planCampaign"]["id"] == made["id"], "the same key acts once"
    assert (made["state"], made["approval"]) == ("PLANNED", "DRAFTING")
    assert made["lines"] == [
        {"kind": "MEASURE", "number": 1, "text": "一"}, {"kind": "MEASURE", "number": 2, "text": "二"},
    ]  # fmt: skip
    anybody, id = nobody(places.JIASHAN), made["id"]
    assert ask(units, anybody, LIST)["data"]["campaigns"]["nodes"] == []
    for actor, act in (
        (office.clerk, f'submitCampaign(key: "2", id: "{id}")'),
        (office.secretary, f'sendBackCampaign(key: "3", id: "{id}", reason: "补措施")'),
        (office.clerk, f'submitCampaign(key: "4", id: "{id}")'),
        (office.secretary, f'signOffCampaign(key: "5", id: "{id}", unclassified: true)'),
        (office.clerk, f'beginCampaign(key: "6", id: "{id}", day: "2026-03-01")'),
        (office.clerk, f'writeCampaignReport(key: "7", id: "{id}", text: "报告")'),
        (office.secretary, f'closeCampaign(key: "8", id: "{id}", unclassified: true)'),
    ):
        assert "errors" not in ask(units, actor, f"mutation {{ {act} {{ state }} }}"), act
    [row] = ask(units, anybody, LIST)["data"]["campaigns"]["nodes"]
    assert row == {"id": id, "title": "城市三大提升行动监督", "kind": "POLICY"}
    found = ask(units, anybody, f'{{ campaign(id: "{id}") {{ state report approval lines {{ text }} }} }}')
    assert found["data"]["campaign"] == {"state": "CLOSED", "report": None, "approval": None, "lines": None}
    assert ask(units, anybody, f'{{ node(id: "{id}") {{ __typename }} }}')["data"]["node"] == {"__typename": "Campaign"}
    [hit] = ask(units, anybody, '{ search(text: "提升行动") { nodes { id kind } } }')["data"]["search"]["nodes"]
    assert hit == {"id": id, "kind": "CAMPAIGN"}


def test_what_is_refused_says_why_and_leaves_nothing(units: Units, office: Office, member: Actor) -> None:
    [error] = ask(units, member, PLAN)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    id = office.planned(WORKS).id
    for act, code in (
        (f'beginCampaign(key: "1", id: "{id}")', "NOT_SIGNED_OFF"),
        (f'cancelCampaign(key: "2", id: "{id}", reason: "x")', "NOT_SIGNED_OFF"),
        (f'closeCampaign(key: "3", id: "{id}", unclassified: true)', "FORBIDDEN"),
        ('submitCampaign(key: "4", id: "330421.campaign.00000000000000000000000000000000")', "NOT_FOUND"),
    ):
        [error] = ask(units, office.clerk, f"mutation {{ {act} {{ id }} }}")["errors"]
        assert error["extensions"]["code"] == code, act
    assert ask(units, office.clerk, LIST)["data"]["campaigns"]["totalCount"] == 1
    discard = f'mutation {{ discardCampaign(key: "5", id: "{id}") {{ title }} }}'
    assert ask(units, office.clerk, discard)["data"]["discardCampaign"]["title"] == WORKS.title
    assert ask(units, office.clerk, LIST)["data"]["campaigns"]["totalCount"] == 0


def test_what_was_found_and_whether_more_may_be_is_told(units: Units, office: Office, member: Actor) -> None:
    id = office.running(WORKS, Share(Scope.OPEN))
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    wanted = f'{{ campaign(id: "{id}") {{ findings fixed done findingsDone rate takesFindings unsettled }} }}'
    told = ask(units, office.clerk, wanted)["data"]["campaign"]
    assert told.pop("rate") == pytest.approx(11 / 23)
    assert told == {
        "findings": 23, "fixed": 30, "done": 20, "findingsDone": 11, "takesFindings": True, "unsettled": 24,
    }  # fmt: skip
    [row] = ask(units, member, "{ campaigns { nodes { rate } } }")["data"]["campaigns"]["nodes"]
    assert row["rate"] == pytest.approx(11 / 23), "in a list as well, without the figures that it is of"
    for other, seen in ((member, 23), (nobody(places.JIASHAN), None)):
        found = ask(units, other, wanted)["data"]["campaign"]
        assert (found["findings"], found["takesFindings"], found["unsettled"]) == (seen, None, None)
        assert (found["rate"] is None) == (seen is None), "a rate tells no more than the figures that it is of"


def test_a_list_is_filtered(units: Units, office: Office) -> None:
    office.signed(WORKS, Share(Scope.OPEN))
    office.signed(MEASURES, Share(Scope.OPEN))
    for where, count in (
        ("{year: 2022}", 1), ("{kinds: [POLICY]}", 1), ('{text: "监督"}', 2), ("{states: [RUNNING]}", 0),
        ("{approvals: [SIGNED]}", 2),
    ):  # fmt: skip
        told = ask(units, office.clerk, f"{{ campaigns(where: {where}) {{ totalCount }} }}")
        assert told["data"]["campaigns"]["totalCount"] == count, where


def test_the_office_is_told_who_is_posted_where_and_nobody_else(units: Units, office: Office, member: Actor) -> None:
    bodies = office.bodies(*(f"第{number}局" for number in range(1, 13)))
    for number, body in enumerate(bodies):
        office.supervisor("监督员" + "甲乙丙丁戊己庚辛壬癸子丑"[number], body)
    wanted = "{ postings { body person term } }"
    found = ask(units, office.clerk, wanted)["data"]["postings"]
    assert len({each["body"] for each in found}) == 12
    assert {each["term"] for each in found} == {11}
    for other in (member, nobody(places.JIASHAN)):
        assert ask(units, other, wanted)["errors"][0]["extensions"]["code"] in ("FORBIDDEN", "NOT_SIGNED_IN")


def test_a_supervisor_asks_for_his_own(units: Units, office: Office) -> None:
    draft = appraisal(office)
    id = office.signed(draft)
    zhang, li = office.supervisor("张三", draft.body_ids[0]), office.supervisor("李四")
    assert [row["id"] for row in ask(units, zhang, LIST)["data"]["campaigns"]["nodes"]] == [id]
    assert ask(units, li, LIST)["data"]["campaigns"]["nodes"] == []
