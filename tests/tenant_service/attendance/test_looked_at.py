"""Names on lists and requests for people count in the quota of whoever looks, in GraphQL as on pages."""

import json
from typing import Any

import pytest

from sync.contract.asking.changes import RecordKind
from sync.contract.ids import Id
from sync.contract.shapes.requests import RequestKind
from sync.contract.trust.directory import Directory
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.attendance import service
from tenant_service.attendance.service import Invited
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import RecordChange, schema
from tenant_service.identity import quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked as About
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.attendance.test_taking_part import BODY, Desk, person
from tests.tenant_service.services import services

EXECUTOR = Executor(schema, Limits())
LIST = "query ($id: ID!) { participations(activityId: $id) { id name } }"
ONE = "query ($id: ID!) { node(id: $id) { ... on Participation { name } } }"
MOST = 5


class Asking:
    """A desk with three people and a department on its list, and whoever asks for it with a quota of five."""

    def __init__(self, desk: Desk, units: Units, clerk: Actor) -> None:
        self.desk, self.units = desk, units
        with units.write() as unit:
            for id, name in [(person(n), f"委员{n}") for n in (1, 2, 3)] + [(BODY, "住建局")]:
                service.invite(unit, clerk, desk.activity, Invited(id, name))

    def __call__(self, actor: Actor, query: str, root: Any = None, **variables: Any) -> dict[str, Any]:
        context = Context(actor, self.units, places.directory(), services(personal_rows_per_day=MOST))
        told: dict[str, Any] = json.loads(EXECUTOR.perform(Asked(query, variables), context, root=root).body)
        return told

    def used(self, actor: Actor) -> int:
        return quotas.standing(self.units, actor).used


@pytest.fixture
def asking(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Asking:
    return Asking(Desk(units, directory, clerk, secretary), units, clerk)


def refused(answer: dict[str, Any]) -> bool:
    assert "委员1" not in json.dumps(answer, ensure_ascii=False)
    return [each["extensions"]["code"] for each in answer["errors"]] == ["QUOTA_REACHED"]


def test_a_list_counts_each_person_once_a_day(asking: Asking, clerk: Actor) -> None:
    for _ in range(3):
        told = asking(clerk, LIST, id=asking.desk.activity)
        assert len(told["data"]["participations"]) == 4
        assert asking.used(clerk) == 3, "the department is nobody"


def test_one_by_one_each_look_counts_until_it_is_enough(asking: Asking, clerk: Actor) -> None:
    [first, *_] = asking(clerk, LIST, id=asking.desk.activity)["data"]["participations"]
    for used in (4, 5):
        assert asking(clerk, ONE, id=first["id"])["data"]["node"] == {"name": "委员1"}
        assert asking.used(clerk) == used
    assert refused(asking(clerk, ONE, id=first["id"]))
    root = RecordChange(
        id=Id(first["id"]), kind=RecordKind.PARTICIPATION, committee_id=Id(places.JIASHAN), version=1, is_gone=False,
        cursor="x",  # type: ignore[arg-type]
    )  # fmt: skip
    heard = "subscription { recordChanged { node { ... on Participation { name } } } }"
    assert refused(asking(clerk, heard, root))
    assert asking.used(clerk) == 5


def test_ones_own_place_does_not_count(asking: Asking) -> None:
    own = places.staff(places.JIASHAN, Role.MEMBER, person=person(1))
    told = asking(own, LIST, id=asking.desk.activity)
    assert [each["name"] for each in told["data"]["participations"]] == ["委员1"]
    assert asking.used(own) == 0


def test_requests_for_people_count(asking: Asking, clerk: Actor) -> None:
    abroad = f"{places.QINGPU}.activity.{'7' * 32}"
    with asking.units.write() as unit:
        for n in (1, 2, 3):
            about = About(RequestKind.SIGN_UP, abroad, person(n), f"委员{n}")
            requests.send(unit, clerk, {}, about)
    query = "{ requests { nodes { personName } } }"
    assert len(asking(clerk, query)["data"]["requests"]["nodes"]) == 3
    assert asking.used(clerk) == 3
    assert refused(asking(clerk, query))
    assert "errors" not in asking(clerk, "{ requests { totalCount } }"), "a number is nobody's data"
