"""Forms in GraphQL, as the office, whoever signs and members ask."""

from itertools import count
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
from tests.tenant_service.forms.office import Office
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
KEYS = count()
WORDS = '{kind: SURVEY, title: "充电设施问卷", audience: MEMBERS, questions: [{kind: TEXT, text: "意见"}]}'
DRAFT = f'mutation {{ draftForm(key: "1", form: {WORDS}, shares: [{{scope: OPEN}}]) {{ id state approval }} }}'


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, *acts: str) -> list[str]:
    """The state after each act."""
    states = []
    for act in acts:
        text = act.replace("(", f'(key: "k{next(KEYS)}", ', 1)
        answer = ask(units, actor, f"mutation {{ done: {text} {{ state }} }}")
        assert "errors" not in answer, act
        states.append(answer["data"]["done"]["state"])
    return states


def test_a_form_is_drafted_signed_opened_answered_and_closed(units: Units) -> None:
    office = Office.at(units)
    made = ask(units, office.clerk, DRAFT)["data"]["draftForm"]
    assert ask(units, office.clerk, DRAFT)["data"]["draftForm"]["id"] == made["id"], "the same key acts once"
    id = made.pop("id")
    assert made == {"state": "DRAFT", "approval": "DRAFTING"}
    here = f'id: "{id}"'
    done(units, office.clerk, f"redraftForm({here}, form: {WORDS}, shares: [])", f"submitForm({here})")
    done(units, office.secretary, f'sendBackForm({here}, reason: "缺说明")')
    assert ask(units, office.clerk, f"{{ form({here}) {{ approval returnedBecause }} }}")["data"]["form"] == {
        "approval": "RETURNED", "returnedBecause": "缺说明",
    }  # fmt: skip
    done(units, office.clerk, f"submitForm({here})")
    done(units, office.secretary, f"signOffForm({here}, unclassified: true)")
    assert done(units, office.clerk, f"openForm({here})") == ["OPEN"]
    done(units, office.member("沈一"), f'answerForm({here}, values: [["多装几个"]])')
    assert done(units, office.clerk, f"closeForm({here})") == ["CLOSED"]
    assert ask(units, nobody(places.JIASHAN), "{ forms { totalCount } }")["data"]["forms"]["totalCount"] == 0
    done(units, office.secretary, f"shareForm({here}, shares: [{{scope: OPEN}}])")
    assert done(units, office.clerk, f'withdrawForm({here}, reason: "题目有误")') == ["WITHDRAWN"]


def test_what_is_not_confirmed_is_refused_and_a_draft_is_thrown_away(units: Units) -> None:
    office = Office.at(units)
    id = ask(units, office.clerk, DRAFT)["data"]["draftForm"]["id"]
    done(units, office.clerk, f'submitForm(id: "{id}")')
    sign = f'mutation {{ signOffForm(key: "s", id: "{id}", unclassified: %s) {{ id }} }}'
    [error] = ask(units, office.secretary, sign % "false")["errors"]
    assert error["extensions"]["code"] == "SECRECY_UNCONFIRMED"
    [error] = ask(units, office.clerk, sign % "true")["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    done(units, office.clerk, f'discardForm(id: "{id}")')
    assert ask(units, office.clerk, f'{{ form(id: "{id}") {{ id }} }}')["data"]["form"] is None
