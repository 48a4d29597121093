"""Proposals in GraphQL, as members, the office and others ask."""

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
from tests.tenant_service.proposals.office import Office
from tests.tenant_service.services import SERVICES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
KEYS = count()
EXECUTOR = Executor(schema, Limits())
WORDS = """{title: "加装电梯", kind: JOINT, category: HOUSING, situation: "标准不一。", advice: ["统一标准"],
  signers: ["陆二"], sources: [{origin: SECTOR, sector: "教育界", told: "联络室", voices: 3}], isOpen: true}"""
WRITE = f"""mutation {{ writeProposal(key: "1", proposal: {WORDS}) {{ id state approval names suggestions
  signers {{ seq name state isEntered }} sources {{ origin sector voices }} }} }}"""


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, *acts: str) -> None:
    for act in acts:
        text = act.replace("(", f'(key: "k{next(KEYS)}", ', 1)
        answer = ask(units, actor, f"mutation {{ {text} {{ state }} }}")
        assert "errors" not in answer, (act, answer)


def test_a_proposal_goes_all_its_way_to_its_number(office: Office) -> None:
    units, first, second = office.units, office.member("沈一"), office.member("陆二")
    made = ask(units, first, WRITE)["data"]["writeProposal"]
    assert ask(units, first, WRITE)["data"]["writeProposal"]["id"] == made["id"], "the same key acts once"
    id = made["id"]
    assert made["signers"] == [
        {"seq": 1, "name": "沈一", "state": "SIGNED", "isEntered": False},
        {"seq": 2, "name": "陆二", "state": "INVITED", "isEntered": False},
    ]
    assert made["sources"] == [{"origin": "SECTOR", "sector": "教育界", "voices": 3}]
    today = places.SPRING.date().isoformat()
    done(
        units, first, f'redraftProposal(id: "{id}", proposal: {WORDS})',
        f'callProposalSigners(id: "{id}", until: "{today}")', f'recallProposal(id: "{id}")',
        f'callProposalSigners(id: "{id}", until: "{today}")',
    )  # fmt: skip
    done(units, second, f'coSignProposal(id: "{id}")')
    done(units, first, f'handInProposal(id: "{id}")')
    done(units, office.clerk, f'giveBackProposal(id: "{id}", reason: "补数据")')
    done(units, first, f'handInProposal(id: "{id}")')
    done(units, office.clerk, f'reviewProposalFirst(id: "{id}")', f'reviewProposalSecond(id: "{id}")')
    done(units, office.secretary, f'sendBackProposal(id: "{id}", reason: "核实")')
    done(units, office.clerk, f'reviewProposalSecond(id: "{id}")')
    done(
        units, office.secretary, f'signOffProposal(id: "{id}", unclassified: true)',
        f'shareProposal(id: "{id}", shares: [{{scope: OPEN}}])',
    )  # fmt: skip
    told = ask(units, nobody(places.JIASHAN), "{ proposals { nodes { id number state names situation } } }")
    assert told["data"]["proposals"]["nodes"] == [
        {"id": id, "number": "第1号", "state": "FILED", "names": None, "situation": None}
    ]
    told = ask(units, office.member("顾三"), f'{{ proposal(id: "{id}") {{ situation signers {{ name }} }} }}')
    assert told["data"]["proposal"]["signers"] is None
    [hit] = ask(units, nobody(places.JIASHAN), '{ search(text: "电梯") { nodes { id kind } } }')["data"]["search"][
        "nodes"
    ]
    assert hit == {"id": id, "kind": "PROPOSAL"}


def test_what_else_becomes_of_one(office: Office) -> None:
    units, first = office.units, office.member("沈一")
    gone, asked, withdrawn, merged = office.written(), office.called(), office.handed_in(by=first), office.handed_in()
    whole, converted, unfit = office.handed_in(), office.handed_in(), office.reviewed()
    done(
        units, office.clerk, f'discardProposal(id: "{gone}")', f'coSignProposal(id: "{asked}", seq: 2)',
        f'declineProposal(id: "{asked}", seq: 3)', f'mergeProposal(id: "{merged}", intoId: "{whole}")',
        f'convertProposal(id: "{converted}")',
    )  # fmt: skip
    done(units, first, f'withdrawProposal(id: "{withdrawn}", reason: "情况已变")')
    done(units, office.secretary, f'notFileProposal(id: "{unfit}", because: EMPTY, reason: "没有建议")')
    done(units, office.clerk, f'archiveProposal(id: "{unfit}")')
    asked_for = "{ proposals(first: 50) { nodes { state notFiledFor notFiledBecause history { act } } } }"
    found = ask(units, office.clerk, asked_for)["data"]["proposals"]["nodes"]
    assert {each["state"] for each in found} == {
        "CO_SIGNING", "MERGED", "SUBMITTED", "CONVERTED", "WITHDRAWN", "ARCHIVED"
    }  # fmt: skip
    [ended] = [each for each in found if each["state"] == "ARCHIVED"]
    assert (ended["notFiledFor"], ended["notFiledBecause"]) == ("EMPTY", "没有建议")


def test_who_may_not_is_told_so(office: Office) -> None:
    stranger = places.stranger(places.JIASHAN, places.QINGPU)
    for who in (stranger, nobody(places.JIASHAN)):
        [error] = ask(office.units, who, WRITE)["errors"]
        assert error["extensions"]["code"] in {"FORBIDDEN", "NOT_SIGNED_IN"}
    id = office.reviewed()
    act = f'mutation {{ signOffProposal(key: "x", id: "{id}", unclassified: true) {{ id }} }}'
    [error] = ask(office.units, office.member("沈一"), act)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_one_of_years_before_is_entered_signed_or_taken_back(office: Office) -> None:
    units = office.units
    made = []
    for number in (12, 13):
        words = f"""{{title: "加装电梯", kind: INDIVIDUAL, category: HOUSING, signers: ["沈一"], number: "第{number}号",
          filedOn: "2025-03-05", handledBy: ["县建设局"], replyClass: SOLVED, satisfaction: SATISFIED}}"""
        text = f'mutation {{ backfillProposal(key: "{number}", proposal: {words}) {{ id state approval number }} }}'
        made.append(ask(units, office.clerk, text)["data"]["backfillProposal"])
    assert {(each["state"], each["approval"]) for each in made} == {("ARCHIVED", "IN_REVIEW")}
    done(units, office.secretary, f'signOffProposal(id: "{made[0]["id"]}", unclassified: true)')
    done(units, office.clerk, f'takeBackProposal(id: "{made[1]["id"]}")')
    found = ask(units, office.clerk, "{ proposals { nodes { number year replyClass handledBy approval } } }")
    assert found["data"]["proposals"]["nodes"] == [
        {"number": "第12号", "year": 2025, "replyClass": "SOLVED", "handledBy": ["县建设局"], "approval": "SIGNED"}
    ]
