"""Reports in GraphQL, as a member, the office and the higher committee ask."""

from itertools import count
from typing import Any

import orjson
import pytest

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.reports.office import Upward
from tests.tenant_service.services import SERVICES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
KEYS = count()
EXECUTOR = Executor(schema, Limits())
WORDS = '{title: "加装电梯", kind: OPINION_INFO, text: "标准不一。", advice: ["统一标准"], authors: ["民盟支部"]}'
WRITE = f'mutation {{ writeReport(key: "1", report: {WORDS}) {{ id state approval authors suggestions }} }}'


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, *acts: str) -> None:
    for act in acts:
        text = act.replace("(", f'(key: "k{next(KEYS)}", ', 1)
        assert "errors" not in ask(units, actor, f"mutation {{ {text} {{ state }} }}"), act


def test_a_report_goes_all_its_way_and_up(upward: Upward) -> None:
    office, units = upward.office, upward.office.units
    writes = office.member("沈一")
    made = ask(units, writes, WRITE)["data"]["writeReport"]
    assert ask(units, writes, WRITE)["data"]["writeReport"]["id"] == made["id"], "the same key acts once"
    id = made.pop("id")
    assert made == {"state": "DRAFTING", "approval": "DRAFTING", "authors": ["沈一", "民盟支部"], "suggestions": 1}
    assert ask(units, nobody(places.JIASHAN), "{ reports { totalCount } }")["data"]["reports"]["totalCount"] == 0
    done(units, writes, f'redraftReport(id: "{id}", report: {WORDS})', f'handInReport(id: "{id}")')
    done(
        units, office.clerk, f'giveBackReport(id: "{id}", reason: "补数据")', f'handInReport(id: "{id}")',
        f'takeOnReport(id: "{id}")', f'editReport(id: "{id}", report: {WORDS})', f'submitReport(id: "{id}")',
    )  # fmt: skip
    done(units, office.secretary, f'sendBackReport(id: "{id}", reason: "核实")')
    done(units, office.clerk, f'submitReport(id: "{id}")')
    done(units, office.secretary, f'signOffReport(id: "{id}", unclassified: true)', f'sendReport(id: "{id}")')
    done(units, office.clerk, f'takeBackReport(id: "{id}", reason: "错字")')
    done(units, office.secretary, f'sendReport(id: "{id}")', f'shareReport(id: "{id}", shares: [{{scope: OPEN}}])')
    upward.settle()
    above, list_ = upward.there.units, "{ incomingReports(waiting: true) { reportId fromId title state } }"
    assert ask(above, upward.clerk, list_)["data"]["incomingReports"] == [
        {"reportId": id, "fromId": places.JIASHAN, "title": "加装电梯", "state": None}
    ]
    done(above, upward.clerk, f'receiveReport(id: "{id}")', f'compileReport(id: "{id}")')
    done(above, upward.secretary, f'adoptReport(id: "{id}", bulletin: "第5期", unclassified: true)')
    upward.settle()
    told = ask(units, office.clerk, f'{{ report(id: "{id}") {{ state adoptedAs number history {{ act }} }} }}')
    assert told["data"]["report"]["state"] == "ADOPTED"
    assert told["data"]["report"]["adoptedAs"] == "第5期"
    told = ask(above, upward.clerk, f'{{ report(id: "{id}") {{ title intake {{ state number }} }} }}')
    assert told["data"]["report"]["intake"] == {"state": "ADOPTED", "number": "第5期"}
    done(units, office.clerk, f'archiveReport(id: "{id}")')
    [hit] = ask(units, nobody(places.JIASHAN), '{ search(text: "电梯") { nodes { id kind } } }')["data"]["search"][
        "nodes"
    ]
    assert hit == {"id": id, "kind": "REPORT"}


def test_what_is_declined_merged_discarded_or_not_adopted(upward: Upward) -> None:
    office, units = upward.office, upward.office.units
    one, two, three, four = office.handed_in(), office.editing(), office.editing(), office.written()
    done(
        units, office.clerk, f'declineReport(id: "{one}", reason: "重复")',
        f'mergeReport(id: "{two}", intoId: "{three}")', f'discardReport(id: "{four}")',
    )  # fmt: skip
    found = ask(units, office.clerk, "{ reports(where: {states: [DECLINED, MERGED]}) { nodes { state } } }")
    assert {each["state"] for each in found["data"]["reports"]["nodes"]} == {"DECLINED", "MERGED"}
    sent = office.sent()
    upward.settle()
    above = upward.there.units
    done(above, upward.clerk, f'receiveReport(id: "{sent}")')
    done(above, upward.secretary, f'turnDownReport(id: "{sent}", reason: "已有同类")')
    found = ask(above, upward.clerk, "{ incomingReports(states: [NOT_ADOPTED]) { because } }")
    assert found["data"]["incomingReports"] == [{"because": "已有同类"}]


def test_who_may_not_is_told_so(upward: Upward) -> None:
    office, units = upward.office, upward.office.units
    stranger = places.stranger(places.JIASHAN, places.QINGPU)
    for who in (stranger, nobody(places.JIASHAN)):
        [error] = ask(units, who, WRITE)["errors"]
        assert error["extensions"]["code"] in {"FORBIDDEN", "NOT_SIGNED_IN"}
    [error] = ask(units, office.member("沈一"), "{ incomingReports { title } }")["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
