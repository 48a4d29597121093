"""Reviews in GraphQL, as the office asks."""

from typing import Any

import orjson
import pytest

from sync.contract.trust.directory import Directory
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.activities import service as activities
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import PARENT, Office
from tests.tenant_service.services import SERVICES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EXECUTOR = Executor(schema, Limits())
LIST = "{ reviews(where: {states: [WAITING], acts: [ACTIVITY_CANCEL]}) { id subjectId act didBy reason } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def test_what_waits_is_listed_objected_to_settled_and_confirmed(
    units: Units, directory: Directory, clerk: Actor, secretary: Actor, member: Actor
) -> None:
    office = Office(units, directory, clerk, secretary)
    ids = [office.published(PARENT) for _ in range(2)]
    for id in ids:
        office.do(lambda unit, id=id: activities.cancel(unit, clerk, id, "停电"))  # type: ignore[misc]
    second, first = ask(units, clerk, LIST)["data"]["reviews"]
    told = {"subjectId": ids[0], "act": "ACTIVITY_CANCEL", "didBy": clerk.sub, "reason": "停电"}
    assert first == told | {"id": first["id"]}
    asked = "{ state steps { by state reason } }"
    objected = f'mutation {{ objectToReview(key: "1", id: "{first["id"]}", reason: "未报") {asked} }}'
    steps = [{"by": secretary.sub, "state": "OBJECTED", "reason": "未报"}]
    for _ in range(2):  # the same key acts once
        assert ask(units, secretary, objected)["data"]["objectToReview"] == {"state": "OBJECTED", "steps": steps}
    settled = f'mutation {{ settleReview(key: "2", id: "{first["id"]}", reason: "已补报") {asked} }}'
    assert ask(units, clerk, settled)["data"]["settleReview"]["state"] == "SETTLED"
    confirmed = f'mutation {{ confirmReview(key: "3", id: "{second["id"]}") {asked} }}'
    assert ask(units, secretary, confirmed)["data"]["confirmReview"]["state"] == "CONFIRMED"
    assert ask(units, clerk, LIST)["data"]["reviews"] == []
    for text in (LIST, confirmed):
        assert ask(units, member, text)["errors"][0]["extensions"]["code"] == "FORBIDDEN"
