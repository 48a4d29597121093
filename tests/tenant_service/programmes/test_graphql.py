"""Programmes in GraphQL, as the office, a member and anybody ask."""

from typing import Any

import orjson

from sync.contract.channels import Scope, Share
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.programmes.progress_service import Deed
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.programmes.office import DAY, FIVE_ONES, NANBU, Office
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
PLAN = """mutation {
  planProgramme(key: "1", shares: [{scope: OPEN}], programme: {title: "服务亚运", kind: SPECIAL, year: 2026,
    tasks: [{text: "走访场馆", unit: "文史委", due: "2026-06-30"}],
    targets: [{name: "活动", unit: "场", goal: 80, measure: ACTIVITIES},
      {name: "场馆", unit: "个", goal: 2, measure: ENTRY_SUBJECTS}]
  }) { id state approval taskDues progress { name goal counted } }
}"""


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, act: str) -> Any:
    answer = ask(units, actor, f"mutation {{ {act} }}")
    assert "errors" not in answer, answer
    [value] = answer["data"].values()
    return value


def test_a_programme_is_planned_signed_run_and_counted(units: Units, clerk: Actor, secretary: Actor) -> None:
    made = ask(units, clerk, PLAN)["data"]["planProgramme"]
    id = made.pop("id")
    assert made == {
        "state": "PLANNED", "approval": "DRAFTING", "taskDues": ["2026-06-30"],
        "progress": [{"name": "活动", "goal": 80, "counted": 0}, {"name": "场馆", "goal": 2, "counted": 0}],
    }  # fmt: skip
    done(units, clerk, f'submitProgramme(key: "2", id: "{id}") {{ id }}')
    done(units, secretary, f'signOffProgramme(key: "3", id: "{id}", unclassified: true) {{ id }}')
    done(units, clerk, f'beginProgramme(key: "4", id: "{id}", day: "{DAY}") {{ state }}')
    done(units, clerk, f'tickProgrammeTask(key: "5", id: "{id}", number: 1, day: "{DAY}") {{ taskDone }}')
    [session] = Office.at(units).held(1)
    assert done(units, clerk, f'attachToProgramme(key: "6", id: "{id}", partId: "{session}")') is True
    assert done(units, clerk, f'attachToProgramme(key: "6", id: "{id}", partId: "{session}")') is True
    deed = f'{{targetNo: 2, day: "{DAY}", subject: "奥体中心"}}'
    entry = done(units, clerk, f'enterProgrammeEntry(key: "7", id: "{id}", deed: {deed})')
    assert done(units, clerk, f'enterProgrammeEntry(key: "7", id: "{id}", deed: {deed})') == entry, (
        "one key enters once"
    )
    told = f'{{ programme(id: "{id}") {{ parts progress {{ counted }} taskDone }} }}'
    assert ask(units, clerk, told)["data"]["programme"] == {
        "parts": [session], "progress": [{"counted": 1}, {"counted": 1}], "taskDone": [DAY.isoformat()],
    }  # fmt: skip
    assert done(units, clerk, f'strikeDeed(key: "8", id: "{entry}")') == id
    assert done(units, clerk, f'detachFromProgramme(key: "9", id: "{id}", partId: "{session}")') is True
    done(units, clerk, f'writeProgrammeReport(key: "10", id: "{id}", text: "完成") {{ id }}')
    closed = done(
        units, secretary, f'closeProgramme(key: "11", id: "{id}", unclassified: true) {{ state targetCounts }}'
    )
    assert closed == {"state": "CLOSED", "targetCounts": [0, 0]}


def test_anybody_reads_its_title_and_only_the_office_what_is_behind_it(units: Units, clerk: Actor) -> None:
    office = Office.at(units)
    id = office.running(NANBU, Share(Scope.OPEN))
    anybody = nobody(places.JIASHAN)
    [row] = ask(units, anybody, "{ programmes { nodes { id title targets } } }")["data"]["programmes"]["nodes"]
    assert row == {"id": id, "title": "百千万行动", "targets": None}
    [hit] = ask(units, anybody, '{ search(text: "百千万") { nodes { id kind } } }')["data"]["search"]["nodes"]
    assert hit == {"id": id, "kind": "PROGRAMME"}
    one = f'{{ programme(id: "{id}") {{ parts memberDeeds {{ done }} approval history {{ act }} }} }}'
    told = ask(units, anybody, one)["data"]["programme"]
    assert told == {"parts": None, "memberDeeds": None, "approval": None, "history": None}
    assert ask(units, clerk, one)["data"]["programme"]["approval"] == "SIGNED"


def test_the_office_reads_how_many_of_five_each_member_has(units: Units, clerk: Actor) -> None:
    office = Office.at(units)
    id, member = office.running(FIVE_ONES), office.member("张三丰")
    office.enter(id, Deed(3, DAY, person_id=member.person))
    told = ask(units, clerk, f'{{ programme(id: "{id}") {{ memberDeeds {{ personId counts done }} }} }}')
    assert told["data"]["programme"]["memberDeeds"] == [
        {"personId": member.person, "counts": [0, 0, 1, 0, 0], "done": 1}
    ]


def test_who_may_not_plan_is_told_so_and_nothing_is_there(units: Units) -> None:
    [error] = ask(units, nobody(places.JIASHAN), PLAN)["errors"]
    assert error["extensions"]["code"] in {"FORBIDDEN", "NOT_SIGNED_IN"}
    assert ask(units, Office.at(units).clerk, "{ programmes { totalCount } }")["data"]["programmes"]["totalCount"] == 0
