"""A mutation that is made for many kinds is kept under its own name and everything it was given."""

from typing import Any

import orjson
import pytest

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EXECUTOR = Executor(schema, Limits())
FORM = '{kind: SURVEY, title: "充电设施问卷", audience: MEMBERS, questions: [{kind: TEXT, text: "意见"}]}'
OTHER = FORM.replace("充电", "停车")
DRAFT = f"draftForm(key: $key, form: {FORM}, shares: [{{scope: OPEN}}])"
SIGN = "signOffForm(key: $key, id: $id, unclassified: true)"
ACTS = {
    DRAFT: [(FORM, OTHER), ("OPEN", "PARENT"), ("draftForm(", "redraftForm(id: $id, ")],
    f"redraftForm(key: $key, id: $id, form: {FORM}, shares: [{{scope: OPEN}}])": [
        ("$id", "$other"), (FORM, OTHER), ("OPEN", "PARENT"),
    ],
    "submitForm(key: $key, id: $id)": [("$id", "$other"), ("submitForm", "discardForm")],
    'sendBackForm(key: $key, id: $id, reason: "核实")': [("$id", "$other"), ("核实", "再核实")],
    SIGN: [("$id", "$other"), ("true", "false")],
    "shareForm(key: $key, id: $id, shares: [{scope: OPEN}])": [("$id", "$other"), ("OPEN", "PARENT")],
}  # fmt: skip
BEFORE = {"sendBackForm": ["submitForm(key: $key, id: $id)"], "signOffForm": ["submitForm(key: $key, id: $id)"]}
"""What a form goes through before."""


def ask(units: Units, actor: Actor, act: str, key: str, **ids: str) -> dict[str, Any]:
    for name, id in ids.items():
        act = act.replace(f"${name}", f'"{id}"')
    text = f"mutation {{ called: {act.replace('$key', repr(key).replace(chr(39), chr(34)))} {{ id }} }}"
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, act: str, key: str, **ids: str) -> str:
    answer = ask(units, actor, act, key, **ids)
    assert "errors" not in answer, answer
    id: str = answer["data"]["called"]["id"]
    return id


@pytest.mark.parametrize("act", ACTS)
def test_a_key_that_was_used_for_something_else_is_refused(
    units: Units, clerk: Actor, secretary: Actor, act: str
) -> None:
    id, other = done(units, clerk, DRAFT, "first"), done(units, clerk, DRAFT, "other")
    name = act.partition("(")[0]
    for number, each in enumerate(BEFORE.get(name, [])):
        done(units, clerk, each, f"before {number}", id=id)
    who = secretary if name in BEFORE else clerk
    made = done(units, who, act, "key", id=id)
    assert done(units, who, act, "key", id=id) == made, "asked twice, it is done once"
    for was, now in ACTS[act]:
        [error] = ask(units, who, act.replace(was, now), "key", id=id, other=other)["errors"]
        assert error["extensions"]["code"] == "IDEMPOTENCY_KEY_REUSED", now
