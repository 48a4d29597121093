"""Appraisals in GraphQL, as the office, a member and anybody ask."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from sync.contract.channels import Scope, Share
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.appraisals import ballots
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.models import IdempotencyRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
LIST = "{ appraisals { nodes { id body state } } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


@pytest.fixture
def urn(units: Units) -> Urn:
    return Urn.at(units, voters=10)


def test_an_appraisal_goes_all_its_way(units: Units, urn: Urn) -> None:
    clerk, secretary = urn.office.clerk, urn.office.secretary
    begin = f"""mutation {{ beginAppraisal(key: "1", shares: [{{scope: OPEN}}], appraisal: {{
      campaignId: "{urn.campaign}", bodyId: "{urn.bodies[0]}", questions: ["总体评价", "作风"]
    }}) {{ id state turnout {{ asked given }} questions }} }}"""
    made = ask(units, clerk, begin)["data"]["beginAppraisal"]
    id = made["id"]
    assert made == {"id": id, "state": "OPEN", "turnout": {"asked": 10, "given": 0}, "questions": ["总体评价", "作风"]}
    mine = f'{{ appraisal(id: "{id}") {{ awaitsMyBallot results {{ satisfied }} remarks turnout {{ given }} }} }}'
    assert ask(units, urn.voters[0], mine)["data"]["appraisal"] == {
        "awaitsMyBallot": True, "results": None, "remarks": None, "turnout": None,
    }  # fmt: skip
    give = f'mutation {{ giveBallot(key: "k", id: "{id}", ballot: {{answers: [SATISFIED, BASICALLY]}}) {{ state }} }}'
    for voter in urn.voters:
        assert "errors" not in ask(units, voter, give)
    assert "errors" not in ask(units, urn.voters[0], give), "the same key gives once"
    again = give.replace('"k"', '"other"')
    assert ask(units, urn.voters[0], again)["errors"][0]["extensions"]["code"] == "ALREADY_DONE"
    with units.read() as unit:
        assert len(ballots.opinions(unit.session, id)) == 10
    for actor, act in (
        (clerk, f'countAppraisal(key: "2", id: "{id}")'),
        (secretary, f'publishAppraisal(key: "3", id: "{id}", unclassified: true)'),
        (clerk, f'objectToAppraisal(key: "4", id: "{id}", objection: "样本")'),
        (secretary, f'answerObjection(key: "5", id: "{id}", answer: "无误", unclassified: true)'),
        (secretary, f'finalizeAppraisal(key: "6", id: "{id}")'),
    ):
        assert "errors" not in ask(units, actor, f"mutation {{ {act} {{ state }} }}"), act
    found = ask(
        units, urn.voters[1], f'{{ appraisal(id: "{id}") {{ state ballots satisfied results {{ basically }} }} }}'
    )
    assert found["data"]["appraisal"] == {
        "state": "FINAL", "ballots": 10, "satisfied": 10, "results": [{"basically": 0}, {"basically": 10}],
    }  # fmt: skip
    [row] = ask(units, nobody(places.JIASHAN), LIST)["data"]["appraisals"]["nodes"]
    assert row == {"id": id, "body": "市场监管局", "state": "FINAL"}
    secret = ask(units, nobody(places.JIASHAN), f'{{ appraisal(id: "{id}") {{ satisfied questions }} }}')
    assert secret["data"]["appraisal"] == {"satisfied": None, "questions": None}


def test_what_a_ballot_says_is_not_kept_under_its_key(units: Units, urn: Urn) -> None:
    """Two ballots that say different things leave the same digest, so no digest tells one from the other."""
    id = urn.begun()
    for voter, answer in zip(urn.voters, ("SATISFIED", "DISSATISFIED"), strict=False):
        ask(
            units,
            voter,
            f"""mutation {{ giveBallot(
          key: "k", id: "{id}", ballot: {{answers: [{answer}, {answer}], remark: "{answer}"}}) {{ id }} }}""",
        )
    with units.read() as unit:
        rows = unit.session.scalars(select(IdempotencyRow)).all()
    assert len(rows) == 2
    assert len({(row.digest, row.answer) for row in rows}) == 1


def test_what_is_refused_says_why(units: Units, urn: Urn) -> None:
    id = urn.begun(Share(Scope.OPEN))
    for actor, act, code in (
        (urn.voters[0], f'countAppraisal(key: "1", id: "{id}")', "FORBIDDEN"),
        (urn.office.clerk, f'giveBallot(key: "2", id: "{id}", ballot: {{answers: []}})', "FORBIDDEN"),
        (urn.voters[0], f'giveBallot(key: "3", id: "{id}", ballot: {{answers: [UNKNOWN]}})', "BAD_VALUE"),
        (urn.office.secretary, f'finalizeAppraisal(key: "4", id: "{id}")', "OUT_OF_TURN"),
        (urn.office.clerk, f'cancelAppraisal(key: "5", id: "{id}", reason: "")', "NEEDS_REASON"),
    ):
        [error] = ask(units, actor, f"mutation {{ {act} {{ id }} }}")["errors"]
        assert error["extensions"]["code"] == code, act
    assert ask(units, nobody(places.JIASHAN), LIST)["data"]["appraisals"]["nodes"] == []
