"""A member writes a proposal and asks others to co-sign it, the office reviews it, a leader files it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.shapes.posts import PostOrigin
from tenant_service.identity.policy import Role
from tenant_service.proposals.service import Source
from tenant_service.web import sharing
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.proposals.office import LIFTS, Office
from tests.tenant_service.topics.office import Office as Topics

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WRITTEN = {
    "title": "加装电梯", "kind": "INDIVIDUAL", "category": "HOUSING", "situation": "标准不一。",
    "advice": "统一标准\n简化审批", "signers": "沈一", "origin1": "SECTOR", "sector1": "教育界", "told1": "联络室",
    "voices1": "12", "bodiesWanted": "县建设局",
}  # fmt: skip


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_empty_list_says_what_to_do(clerk_browser: Browser, member_browser: Browser, visitor: Browser) -> None:
    assert "撰写后可请他人附议" in clerk_browser.go("/proposals").text
    assert "没有等您附议的提案" in member_browser.go("/proposals/to-sign").text
    assert "撰写提案" not in visitor.go("/proposals").text
    assert visitor.go("/proposals/to-sign").status == 404


def test_a_proposal_is_written_reviewed_and_filed(
    member_browser: Browser, clerk_browser: Browser, leader: Browser
) -> None:
    at = member_browser.go("/proposals/new").send("/proposals/new", **WRITTEN | {"signers": ""}).path
    assert "教育界" in member_browser.text
    assert "12 人" in member_browser.text
    member_browser.go(f"{at}/redraft").send(f"{at}/redraft", **WRITTEN | {"signers": "", "title": "电梯标准应统一"})
    member_browser.send(f"{at}/hand-in")
    assert f'action="{at}/review-first"' not in member_browser.text
    assert "提案待初审" in clerk_browser.go("/").text
    clerk_browser.go(at).send(f"{at}/review-first")
    clerk_browser.send(f"{at}/review-second")
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    assert "第1号" in leader.text
    assert "政协提案" in clerk_browser.go(f"{at}/paper").text
    file = clerk_browser.go("/proposals.csv?kind=INDIVIDUAL&year=2026&category=HOUSING").text
    assert "电梯标准应统一" in file
    assert "第1号" in file
    assert member_browser.go("/proposals?mine=1").text.count("电梯标准应统一") >= 1


def test_whoever_is_asked_finds_it_on_the_first_page(member_browser: Browser, office: Office) -> None:
    me = "郑四"
    id = office.called(replace(LIFTS, signers=("陆二", me)))
    assert "请我附议的提案" in member_browser.go("/").text
    assert LIFTS.title in member_browser.go("/proposals/to-sign").text
    member_browser.go(f"/proposals/{id}").send(f"/proposals/{id}/sign")
    assert dict(office.signed_as(id))[me] == "SIGNED"
    member_browser.send(f"/proposals/{id}/decline")
    assert dict(office.signed_as(id))[me] == "DECLINED"


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/proposals/new").send("/proposals/new", **WRITTEN | {"title": ""})
    assert (page.status, page.error_of("title")) == (400, "必填")
    assert "统一标准" in page.text
    assert "教育界" in page.text


def test_what_keeps_it_from_being_handed_in_is_said_on_its_page(clerk_browser: Browser, office: Office) -> None:
    id = office.written(replace(LIFTS, sources=()))
    page = clerk_browser.go(f"/proposals/{id}").send(f"/proposals/{id}/hand-in")
    assert page.status == 400
    assert "请写明提案来源" in page.text


def test_returned_merged_converted_not_filed_and_discarded(
    clerk_browser: Browser, leader: Browser, office: Office
) -> None:
    one, two, three = office.handed_in(), office.handed_in(), office.handed_in()
    four, five, six = office.reviewed(), office.written(), office.handed_in()
    clerk_browser.go(f"/proposals/{one}").send(f"/proposals/{one}/give-back", reason="补充数据")
    assert "补充数据" in clerk_browser.text
    clerk_browser.go(f"/proposals/{two}").send(f"/proposals/{two}/merge", intoId=three)
    assert clerk_browser.path == f"/proposals/{three}"
    clerk_browser.send(f"/proposals/{three}/convert")
    assert "已转社情民意" in clerk_browser.text
    leader.go(f"/proposals/{four}").send(f"/proposals/{four}/send-back", reason="核实数据")
    assert "核实数据" in clerk_browser.go(f"/proposals/{four}").text
    leader.go(f"/proposals/{four}").send(f"/proposals/{four}/not-file", because="EMPTY", reason="没有具体建议")
    assert "内容空泛" in leader.text
    clerk_browser.go(f"/proposals/{four}").send(f"/proposals/{four}/archive")
    clerk_browser.go(f"/proposals/{five}").send(f"/proposals/{five}/discard")
    assert clerk_browser.go(f"/proposals/{five}").status == 404
    clerk_browser.go(f"/proposals/{six}").send(f"/proposals/{six}/withdraw", reason="情况已变")
    assert "已撤回" in clerk_browser.text


def test_shared_ones_of_others_and_with_whom_ours_are(leader: Browser, clerk_browser: Browser, office: Office) -> None:
    id = office.filed()
    leader.go(f"/proposals/{id}/share").send(f"/proposals/{id}/share", **{sharing.FIELD: "PARENT"})
    assert office.row(id).shares == ["PARENT"]
    assert "暂无提案" in clerk_browser.go("/proposals?from=others").text


def test_a_proposal_grows_out_of_what_was_heard(clerk_browser: Browser, office: Office) -> None:
    topic = Topics.at(office.units).raised()
    page = clerk_browser.go(f"/proposals/new?of={topic}")
    assert f'value="{topic}"' in page.text
    id = office.written(replace(LIFTS, sources=(Source(PostOrigin.MEMBER, None, topic),)))
    assert LIFTS.title in clerk_browser.go(f"/topics/{topic}").text
    assert f"/topics/{topic}" in clerk_browser.go(f"/proposals/{id}").text
    assert places.JIASHAN in id
