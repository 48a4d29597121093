"""One's own notifications in GraphQL, and nobody else's."""

from typing import Any

import orjson

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.notifications.office import Office
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
LIST = "{ unreadNotifications notifications { id title kind readAt } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def test_what_waits_is_listed_and_read_once(office: Office, units: Units) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    office.tell(mine.sub)
    told = ask(units, mine, LIST)["data"]
    [row] = told["notifications"]
    assert told["unreadNotifications"] == 1
    assert (row["title"], row["kind"], row["readAt"]) == ("协商会通知", "ACTIVITY_NOTICE", None)
    read = f'mutation {{ readNotification(key: "1", id: "{row["id"]}") {{ readAt }} }}'
    assert ask(units, mine, read) == ask(units, mine, read)
    assert ask(units, mine, LIST)["data"]["unreadNotifications"] == 0
    assert ask(units, mine, "{ notifications(unread: true) { id } }")["data"]["notifications"] == []


def test_nobody_reads_anothers(office: Office, units: Units, secretary: Actor) -> None:
    office.tell(office.account("zhengsi", Role.MEMBER).sub)
    for actor in (secretary, nobody(places.JIASHAN), places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)):
        assert ask(units, actor, LIST)["data"] == {"unreadNotifications": 0, "notifications": []}
    [error] = ask(
        units, secretary, f'mutation {{ readNotification(key: "1", id: "{office.told()[0].id}") {{ id }} }}'
    )["errors"]  # fmt: skip
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert office.told()[0].read_at is None


def test_ways_are_chosen_and_all_is_read(office: Office, units: Units) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    office.tell(mine.sub)
    chosen = 'mutation { chooseNotification(key: "1", kind: ACTIVITY_NOTICE, ways: [EMAIL]) }'
    assert ask(units, mine, chosen)["data"] == {"chooseNotification": 1}
    reach = 'mutation { reachMe(key: "2", email: "zheng@example.org", isDigest: true) }'
    assert ask(units, mine, reach)["data"] == {"reachMe": True}
    told = ask(units, mine, "{ notificationChoices { kind ways } }")["data"]["notificationChoices"]
    assert {each["kind"]: each["ways"] for each in told}["ACTIVITY_NOTICE"] == ["EMAIL"]
    assert ask(units, mine, 'mutation { readAllNotifications(key: "3") }')["data"] == {"readAllNotifications": 1}
