"""Scenes 7 and 8: a thread of Yuhang (i发布) matures into a proposal that others co-sign, which is filed, grouped into
one of twenty projects, answered by letter, and said what is thought of it in two rounds of four stages; and Linping's
254 proposals each say from where they are, every one of them with people of a sector. Figures are counted from rows.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenant_service.identity.accounts import Draft
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.federation.desk import BY_ID, SIGN, SIGNED, TODAY, counted
from tests.federation.one_committee import Act, Committee, body, person, serving

pytestmark = [pytest.mark.federation, pytest.mark.timeout(240)]

DESK, BUREAU = "区政府督查室", "区住建局"
STAGES = ("交办", "办理", "答复", "征询意见")
SECTORS = ("教育界", "医药卫生界", "经济界", "农业和农村界", "社会福利和社会保障界", "科学技术界")
RATE = "$id: ID!, $rating: RatingInput!"


def staff(unit: Unit) -> Iterator[Draft]:
    yield Draft("clerk", "提案委", frozenset({Role.CLERK}))
    yield Draft("secretary", "秘书长", frozenset({Role.SECRETARY}))
    yield Draft("沈一", "沈一", frozenset({Role.MEMBER}), person=person(unit, "沈一"))
    yield Draft("陆二", "陆二", frozenset({Role.MEMBER}), person=person(unit, "陆二"))
    yield Draft(DESK, DESK, frozenset({Role.COORDINATOR}), body=body(unit, DESK))
    yield Draft(BUREAU, BUREAU, frozenset({Role.DEPARTMENT}), body=body(unit, BUREAU))


@pytest.fixture
def yuhang(tmp_path: Path) -> Iterator[Committee]:
    more = {"proposals": {"stages": list(STAGES)}}
    with serving(tmp_path, "330110", "杭州市余杭区政协", staff, more) as committee:
        yield committee


@pytest.fixture
def linping(tmp_path: Path) -> Iterator[Committee]:
    with serving(tmp_path, "330113", "杭州市临平区政协", staff) as committee:
        yield committee


# ── what people do ──


def proposal(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title, "kind": "INDIVIDUAL", "category": "HOUSING", "situation": "多个小区反映。",
        "advice": ["统一标准", "简化审批"], "signers": ["沈一"],
    } | more  # fmt: skip


def from_sector(number: int) -> dict[str, Any]:
    return {
        "origin": "SECTOR",
        "sector": SECTORS[number % len(SECTORS)],
        "told": "界别群众反映",
        "voices": 1 + number % 9,
    }


def filed(at: Committee, written: list[dict[str, Any]]) -> list[str]:
    """Handed in by the office for their proposers, reviewed twice and filed."""
    types = "$proposal: WrittenProposalInput!"
    ids = [
        each["id"] for each in at.acts("clerk", [Act("writeProposal", types, {"proposal": told}) for told in written])
    ]
    review(at, ids)
    return ids


def review(at: Committee, ids: list[str], *, handed_in: bool = False) -> None:
    for name in (*(() if handed_in else ("handInProposal",)), "reviewProposalFirst", "reviewProposalSecond"):
        at.acts("clerk", [Act(name, BY_ID, {"id": id}) for id in ids])
    at.acts("secretary", [Act("signOffProposal", SIGN, {"id": id, **SIGNED}) for id in ids])


def handed_over(at: Committee, id: str) -> str:
    """To the bureau, through the desk; its assignment, accepted."""
    bodies = {
        each["name"]: each["id"] for each in at.data("clerk", "{ bodies { nodes { id name } } }")["bodies"]["nodes"]
    }
    types = "$id: ID!, $officeId: ID!"
    assignment = at.act("clerk", "handOverProposal", types, id=id, officeId=bodies[DESK])["id"]
    parts = [{"bodyId": bodies[BUREAU], "role": "LEAD"}]
    at.act(DESK, "assign", "$id: ID!, $parts: [PartInput!]!", id=assignment, parts=parts)
    at.act(BUREAU, "acceptAssignment", BY_ID, id=assignment)
    return str(assignment)


def answered(at: Committee, assignment: str, text: str, number: str) -> None:
    letter = {"number": number, "signedBy": "钱局长", "talked": "IN_PERSON", "talkedOn": str(TODAY), "isOpen": True}
    reply = {
        "text": text, "kind": "SOLVED", "contactName": "周科长", "contactPhone": "0571-88001234", "letter": letter,
    }  # fmt: skip
    at.act(BUREAU, "replyToAssignment", "$id: ID!, $reply: ReplyInput!", id=assignment, reply=reply)
    at.act("clerk", "verifyAssignment", BY_ID, id=assignment)
    types = "$id: ID!, $satisfaction: Satisfaction!, $unclassified: Boolean!"
    at.act("secretary", "closeAssignment", types, id=assignment, satisfaction="SATISFIED", **SIGNED)


def rated(at: Committee, id: str, stages: range, said: str, because: str | None = None) -> None:
    told = [{"stage": stage, "attitude": said, "result": said, "because": because} for stage in stages]
    at.acts("沈一", [Act("rateProposal", RATE, {"id": id, "rating": each}) for each in told])


def stands(at: Committee, id: str) -> dict[str, Any]:
    wanted = "state number names round replyClass satisfaction project sources { origin sector recordId voices }"
    found: dict[str, Any] = at.data("clerk", f'{{ proposal(id: "{id}") {{ {wanted} }} }}')["proposal"]
    return found


# ── Yuhang ──


@pytest.mark.seed(6)
@pytest.mark.seed(7)
@pytest.mark.seed(69)
@pytest.mark.seed(70)
def test_a_thread_becomes_a_proposal_that_is_handled_in_two_rounds_of_four_stages(yuhang: Committee) -> None:
    post = {
        "kind": "THREAD",
        "title": "老旧小区电梯怎么装",
        "text": "大家怎么看？",
        "origin": "SECTOR",
        "sector": "教育界",
    }
    thread = yuhang.act("沈一", "draftPost", "$post: PostInput!, $shares: [ShareInput!]!", post=post, shares=[])["id"]
    yuhang.act("沈一", "submitPost", BY_ID, id=thread)
    yuhang.act("secretary", "signOffPost", SIGN, id=thread, **SIGNED)
    yuhang.act("clerk", "publishPost", BY_ID, id=thread)
    told = proposal(
        "关于统一加装电梯标准的建议", kind="JOINT", signers=["陆二"],
        sources=[{"origin": "SECTOR", "sector": "教育界", "recordId": thread}],
    )  # fmt: skip
    id = yuhang.act("沈一", "writeProposal", "$proposal: WrittenProposalInput!", proposal=told)["id"]
    yuhang.act("沈一", "callProposalSigners", "$id: ID!, $until: Date!", id=id, until=str(TODAY + dt.timedelta(days=3)))
    yuhang.act("陆二", "coSignProposal", BY_ID, id=id)
    yuhang.act("沈一", "handInProposal", BY_ID, id=id)
    review(yuhang, [id], handed_in=True)
    others = filed(yuhang, [proposal(f"关于第{n}件事的建议", sources=[from_sector(n)]) for n in range(1, 25)])
    types, group = "$project: ProposalProjectInput!", "$projectId: ID!, $ids: [ID!]!"
    projects = yuhang.acts(
        "clerk", [Act("planProposalProject", types, {"project": {"title": f"专题{n}"}}) for n in range(1, 22)]
    )
    for project, members in zip(projects, [[id, *others[:5]], *([each] for each in others[5:])], strict=False):
        yuhang.act("clerk", "groupProposals", group, projectId=project["id"], ids=members)
    listed = yuhang.data("clerk", f"{{ proposalProjects(year: {TODAY.year}) {{ title proposals }} }}")[
        "proposalProjects"
    ]
    assert (len(listed), sum(each["proposals"] for each in listed)) == (21, 25)

    assignment = handed_over(yuhang, id)
    rated(yuhang, id, range(1, 4), "BASICALLY")
    answered(yuhang, assignment, "标准正在研究。", "余建提〔2026〕1号")
    rated(yuhang, id, range(4, 5), "DISSATISFIED", "没有统一标准")
    yuhang.act("secretary", "beginSecondRound", "$id: ID!, $reason: String!", id=id, reason="提案人不满意")
    due = str(TODAY + dt.timedelta(days=30))
    yuhang.act(DESK, "reopenAssignment", "$id: ID!, $dueOn: Date", id=assignment, dueOn=due)
    rated(yuhang, id, range(1, 4), "SATISFIED")
    answered(yuhang, assignment, "标准已统一。", "余建提〔2026〕1-2号")
    rated(yuhang, id, range(4, 5), "SATISFIED")

    found = stands(yuhang, id)
    assert (found["state"], found["round"], found["satisfaction"], found["project"]) == (
        "RATED",
        2,
        "SATISFIED",
        "专题1",
    )
    assert found["sources"] == [{"origin": "SECTOR", "sector": "教育界", "recordId": thread, "voices": 1}]
    wanted = "{ round stage name told pleased dissatisfied }"
    said = yuhang.data("clerk", f"{{ proposalStages(year: {TODAY.year}) {wanted} }}")["proposalStages"]
    told_of = [each for each in said if each["told"]]
    assert [(each["round"], each["name"]) for each in told_of] == [(n, name) for n in (1, 2) for name in STAGES]
    assert [each["dissatisfied"] for each in told_of] == [0, 0, 0, 1, 0, 0, 0, 0]
    letters = yuhang.data("沈一", f'{{ proposalLetters(id: "{id}") {{ number text }} }}')["proposalLetters"]
    assert [each["text"] for each in letters] == ["标准正在研究。", "标准已统一。"]
    assert counted(yuhang, "THREADS_CONVERTED") == 1


# ── Linping ──


@pytest.mark.seed(3)
@pytest.mark.seed(71)
def test_each_of_254_proposals_says_from_which_people_it_is(linping: Committee) -> None:
    refused = linping.act("clerk", "writeProposal", "$proposal: WrittenProposalInput!", proposal=proposal("无来源"))[
        "id"
    ]
    assert linping.refused("clerk", "handInProposal", BY_ID, id=refused)["code"] == "NEEDS_SOURCE"
    ids = filed(linping, [proposal(f"关于第{n}件事的建议", sources=[from_sector(n)]) for n in range(254)])
    assert len(set(ids)) == 254
    assert stands(linping, ids[-1])["number"] == "第254号"
    assert counted(linping, "PROPOSALS_FILED") == 254
    assert counted(linping, "PROPOSALS_SOURCED") == 254
    assert counted(linping, "PROPOSALS_FROM_SECTORS") == 254
    states = (
        "{ filed: proposals(where: {states: [FILED]}) { totalCount } drafts: proposals(where: {states: [DRAFTING]}) "
    )
    told = linping.data("clerk", states + "{ totalCount } }")
    assert (told["filed"]["totalCount"], told["drafts"]["totalCount"]) == (254, 1)
