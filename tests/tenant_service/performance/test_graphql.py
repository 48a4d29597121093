"""A member reads the own ledger, the office everybody's; nobody else reads any."""

import datetime as dt
from typing import Any

import orjson

from sync.contract.shapes.activities import ActivityKind
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.performance import service
from tenant_service.performance.rules import Deed
from tenant_service.performance.service import Draft
from tenant_service.rooms import PEOPLE
from tests.tenant_service import places
from tests.tenant_service.performance.ledger import Office, member
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
LIST = "{ ledger { personId deed title day countersId } deeds(year: 2026) { deed count } }"


def ask(office: Office, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, office.units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def test_everybody_reads_the_own_ledger_and_the_office_all(office: Office) -> None:
    one, other = office.person("郑四"), office.person("王五")
    activity = office.activity(ActivityKind.INSPECTION, "视察河道")
    office.later()
    office.attend(activity, one, other)
    mine = ask(office, member(one), LIST)["data"]
    assert [(row["personId"], row["deed"], row["title"]) for row in mine["ledger"]] == [(one, "INSPECTION", "视察河道")]
    assert mine["deeds"] == [{"deed": "INSPECTION", "count": 1}]
    assert {row["personId"] for row in ask(office, office.clerk, LIST)["data"]["ledger"]} == {one, other}
    theirs = f'{{ ledger(personId: "{other}") {{ title }} }}'
    assert len(ask(office, office.clerk, theirs)["data"]["ledger"]) == 1
    assert ask(office, member(one), theirs)["data"]["ledger"] == []
    for stranger in (nobody(places.JIASHAN), places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)):
        assert ask(office, stranger, "{ ledger { title } }")["data"]["ledger"] == []
    [error] = ask(office, member(one), f'{{ deeds(year: 2026, personId: "{other}") {{ count }} }}')["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_a_deed_is_entered_once_under_its_key_and_taken_back(office: Office) -> None:
    person = office.person("郑四")
    enter = f"""mutation {{ enterDeed(key: "1", deed: {{
      personId: "{person}", deed: DUTY, day: "2026-03-02", title: "工作室值班"
    }}) {{ id deed source }} }}"""
    made = ask(office, office.clerk, enter)
    assert ask(office, office.clerk, enter) == made
    assert made["data"]["enterDeed"]["source"] == "ENTERED"
    id = made["data"]["enterDeed"]["id"]
    back = f'mutation {{ takeBackDeed(key: "2", id: "{id}", reason: "重复登记") {{ countersId note }} }}'
    assert ask(office, office.clerk, back)["data"]["takeBackDeed"] == {"countersId": id, "note": "重复登记"}
    assert ask(office, office.clerk, 'mutation { closeLedgerYear(key: "3", year: 2025) }')["data"] == {
        "closeLedgerYear": 2025
    }
    [error] = ask(office, member(person), enter.replace('"1"', '"4"'))["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert len(office.lines()) == 2


def test_pages_of_the_list_hold_every_line_once(office: Office) -> None:
    person = office.person("郑四")
    for number in range(5):
        draft = Draft(person, Deed.DUTY, dt.date(2026, 3, 1 + number % 2), f"值班{number}")
        office.do(lambda unit, draft=draft: service.enter(unit, office.clerk, PEOPLE, draft))  # type: ignore[misc]
    seen, after = list[str](), ""
    while len(seen) < 10:
        page = ask(office, member(person), f'{{ ledger(first: 2, after: "{after}") {{ id title }} }}')["data"]["ledger"]
        if not page:
            break
        seen += [row["title"] for row in page]
        after = page[-1]["id"]
    assert sorted(seen) == [f"值班{number}" for number in range(5)]
