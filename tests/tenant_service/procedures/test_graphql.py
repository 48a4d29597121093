"""Procedures in GraphQL, as the office and as anybody asks."""

from typing import Any

import orjson

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
DRAFT = """mutation {
  draftProcedure(key: "1", code: "hall", shares: [{scope: OPEN}], procedure: {name: "议事规程", use: TOPIC, steps: [
    {name: "调研", workdays: 10, needs: [RESEARCH]}, {name: "协商"}]}) { id state }
}"""
LIST = "{ procedures { totalCount nodes { id name stepWorkdays stepNeeds steps { code name needs } } } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    assert "errors" not in answer or answer["errors"][0]["extensions"]["code"] != "INTERNAL", answer
    return answer


def test_a_draft_becomes_what_anybody_reads(units: Units, clerk: Actor, secretary: Actor) -> None:
    id = ask(units, clerk, DRAFT)["data"]["draftProcedure"]["id"]
    assert ask(units, clerk, DRAFT)["data"]["draftProcedure"]["id"] == id, "the same key acts once"
    anybody = nobody(places.JIASHAN)
    assert ask(units, anybody, LIST)["data"]["procedures"]["totalCount"] == 0
    enact = f'mutation {{ enactProcedure(key: "2", id: "{id}", unclassified: true) {{ state since }} }}'
    assert ask(units, secretary, enact)["data"]["enactProcedure"]["state"] == "IN_FORCE"
    [row] = ask(units, anybody, LIST)["data"]["procedures"]["nodes"]
    assert row == {
        "id": id, "name": "议事规程", "stepWorkdays": [10, 0], "stepNeeds": [["RESEARCH"], []],
        "steps": [{"code": "step1", "name": "调研", "needs": ["RESEARCH"]},
                  {"code": "step2", "name": "协商", "needs": []}],
    }  # fmt: skip
    node = f'{{ node(id: "{id}") {{ __typename }} search(text: "议事") {{ nodes {{ id }} }} }}'
    assert ask(units, anybody, node)["data"] == {
        "node": {"__typename": "Procedure"}, "search": {"nodes": [{"id": id}]},
    }  # fmt: skip


def test_templates_are_told_and_adopted(units: Units, clerk: Actor) -> None:
    told = ask(units, clerk, "{ procedureTemplates { code steps { name } } }")["data"]["procedureTemplates"]
    assert {each["code"] for each in told} >= {"433", "supervision", "proposal", "shuanglian"}
    made = ask(units, clerk, 'mutation { adoptProcedureTemplate(key: "1", code: "433") { code state } }')
    assert made["data"]["adoptProcedureTemplate"] == {"code": "433", "state": "DRAFT"}


def test_who_may_not_is_told_so_and_nothing_is_there(units: Units, member: Actor, clerk: Actor) -> None:
    [error] = ask(units, member, DRAFT)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert ask(units, clerk, LIST)["data"]["procedures"]["totalCount"] == 0
