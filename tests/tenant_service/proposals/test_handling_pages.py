"""On pages: a filed proposal is handed over, answered by letter, rated, grouped into a project, and led by leaders."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.proposals.handling import BAD, Handling
from tests.tenant_service.proposals.office import LIFTS, Office

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
REPLY = {
    "reply": "已统一标准。", "replyClass": "SOLVED", "contactName": "周科长", "contactPhone": "13800001234",
    "documentNo": "嘉建提〔2026〕1号", "signedBy": "钱局长", "talked": "IN_PERSON", "isOpen": "yes",
    "talkedOn": places.SPRING.date().isoformat(),
}  # fmt: skip


@pytest.fixture
def chain(office: Office) -> Handling:
    return Handling(office)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_it_is_handed_over_answered_and_rated_on_pages(
    clerk_browser: Browser, leader: Browser, anybody: Callable[..., Browser], chain: Handling
) -> None:
    coordinator = anybody(Role.COORDINATOR, name="desk", body=chain.bodies.desk)
    bureau = anybody(Role.DEPARTMENT, name="bureau", body=chain.bodies.bureau)
    id = chain.office.filed()
    clerk_browser.go(f"/proposals/{id}").send(f"/proposals/{id}/hand-over", officeId=chain.bodies.desk)
    assert clerk_browser.path == f"/proposals/{id}"
    at = chain.of(id)
    coordinator.go(f"/assignments/{at}").send(f"/assignments/{at}/assign", lead=chain.bodies.bureau)
    assert "已交办" in clerk_browser.go(f"/proposals/{id}").text
    bureau.go(f"/assignments/{at}").send(f"/assignments/{at}/accept")
    page = bureau.send(f"/assignments/{at}/reply", **{**REPLY, "signedBy": ""})
    assert page.status == 400
    assert "签发人" in page.text
    bureau.send(f"/assignments/{at}/reply", **REPLY)
    clerk_browser.go(f"/assignments/{at}").send(f"/assignments/{at}/verify")
    leader.go(f"/assignments/{at}").send(f"/assignments/{at}/close", satisfaction="SATISFIED", unclassified="yes")
    page = clerk_browser.go(f"/proposals/{id}")
    assert "嘉建提〔2026〕1号" in page.text
    assert "钱局长" in clerk_browser.go(f"/proposals/{id}/letters").text
    page = clerk_browser.go(f"/proposals/{id}").send(
        f"/proposals/{id}/rate", stage="1", seq="1", attitude="SATISFIED", result="DISSATISFIED"
    )
    assert page.error_of("reason") == "请填写理由"
    clerk_browser.send(
        f"/proposals/{id}/rate", stage="1", seq="1", attitude="SATISFIED", result="DISSATISFIED", reason="没有统一"
    )
    assert "没有统一" in clerk_browser.text
    assert "启动二轮办理" not in clerk_browser.text
    leader.go(f"/proposals/{id}").send(f"/proposals/{id}/begin-second", reason="提案者不满意")
    assert "二轮办理" in leader.text


def test_a_member_rates_their_own_and_sees_the_letter(member_browser: Browser, chain: Handling) -> None:
    office = chain.office
    id = office.filed(replace(LIFTS, signers=("郑四",)))
    [assignment] = chain.handed(id)
    chain.answered(assignment)
    page = member_browser.go(f"/proposals/{id}")
    assert "请提案者于" in page.text
    assert "代录的提案者" not in page.text
    member_browser.send(f"/proposals/{id}/rate", stage="1", attitude="SATISFIED", result="BASICALLY")
    assert "已测评" in member_browser.text
    assert "周科长" in member_browser.go(f"/proposals/{id}/letters").text


@pytest.mark.seed(69)
def test_more_than_twenty_projects_hold_all_proposals_of_the_year(clerk_browser: Browser, office: Office) -> None:
    ids = [office.filed(replace(LIFTS, title=f"关于第{n}件事的建议")) for n in range(1, 24)]
    for n, id in enumerate(ids[:22], 1):
        clerk_browser.go("/proposals/projects").send("/proposals/projects", title=f"项目{n}", leader="王主席")
        clerk_browser.send(f"{clerk_browser.path}/group", proposal=id)
        assert f"关于第{n}件事的建议" in clerk_browser.text
    at = clerk_browser.path
    page = clerk_browser.go("/proposals/projects?year=2026")
    assert page.text.count('<a href="/proposals/projects/') == 22
    page = clerk_browser.go(at)
    assert "第23号" in page.text, "the one that is in none may still join"
    clerk_browser.send(f"{at}/group", proposal=ids[22])
    assert office.row(ids[22]).project == "项目22"
    clerk_browser.send(f"{at}/part", proposal=ids[22])
    assert office.row(ids[22]).project is None
    clerk_browser.send(f"{at}/change", title="电梯专题", leader="李副主席")
    assert office.row(ids[21]).project == "电梯专题"
    clerk_browser.send(f"{at}/end")
    assert "归并提案" not in clerk_browser.text
    file = clerk_browser.go("/proposals/projects.csv?year=2026").text
    assert "电梯专题" in file
    assert "第22号" in clerk_browser.go(f"{at}/proposals.csv").text


@pytest.mark.seed(59)
def test_key_proposals_are_led_supervised_and_listed(leader: Browser, clerk_browser: Browser, office: Office) -> None:
    id, other = office.filed(), office.filed(replace(LIFTS, title="关于另一件事的建议"))
    assert "mark-key" not in clerk_browser.go(f"/proposals/{id}").text
    leader.go(f"/proposals/{id}").send(f"/proposals/{id}/mark-key", leadLeader="县委书记", supervisingLeader="王主席")
    assert "重点提案" in leader.text
    assert "县委书记" in leader.text
    page = clerk_browser.go("/proposals?key=1")
    assert id in page.text
    assert other not in page.text
    leader.go(f"/proposals/{id}").send(f"/proposals/{id}/mark-key")
    assert not office.row(id).is_key


def test_like_ones_of_earlier_are_shown_with_what_came_of_them(clerk_browser: Browser, chain: Handling) -> None:
    office = chain.office
    earlier = office.filed(replace(LIFTS, title="关于规范老旧小区加装电梯的建议"))
    [assignment] = chain.handed(earlier)
    chain.answered(assignment)
    office.filed(replace(LIFTS, title="关于发展乡村民宿的建议"))
    id = office.handed_in()
    page = clerk_browser.go(f"/proposals/{id}").text.partition("相似的提案")[2].partition("</section>")[0]
    assert "关于规范老旧小区加装电梯的建议" in page
    assert "已解决" in page
    assert "民宿" not in page


def test_what_was_said_stage_by_stage_is_a_table_and_a_file(clerk_browser: Browser, chain: Handling) -> None:
    office = chain.office
    first = office.member("沈一")
    id = office.filed(by=first)
    [assignment] = chain.handed(id)
    chain.answered(assignment)
    chain.rates(first, id, 1, BAD, "没有统一")
    page = clerk_browser.go("/proposals/projects?year=2026")
    assert "两轮测评" in page.text
    file = clerk_browser.go("/proposals/stages.csv?year=2026").text
    assert "征询意见" in file
    assert "0%" in file
