"""The office plans, signs, runs and closes a campaign on its pages; a supervisor looks at what concerns him."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import service
from tests.tenant_service.browsing import Browser
from tests.tenant_service.supervision.office import WORKS, Office
from tests.tenant_service.supervision.test_findings import FOUND

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PLAN = {"title": "营商环境监督", "kind": "POLICY", "year": "2026", "measures": "一站式办理\n免申即享"}


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_empty_list_says_so(clerk_browser: Browser, visitor: Browser) -> None:
    assert "暂无监督活动" in clerk_browser.go("/supervision").text
    assert "暂无派驻" in clerk_browser.go("/supervision/postings").text
    assert "筹备监督" not in visitor.go("/supervision").text


def test_a_campaign_is_planned_signed_begun_reported_and_closed(clerk_browser: Browser, leader: Browser) -> None:
    at = clerk_browser.go("/supervision/new").send("/supervision/new", **PLAN).path
    assert "免申即享" in clerk_browser.text
    clerk_browser.send(f"{at}/submit")
    assert "监督方案待审签" in leader.go("/").text
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    clerk_browser.go(at).send(f"{at}/begin", day="2026-03-02")
    assert "2026-03-02" in clerk_browser.text
    clerk_browser.send(f"{at}/report", report="落实较好")
    assert leader.go(at).send(f"{at}/close", unclassified="yes").status == 200
    assert "已办结" in leader.text
    assert "落实较好" in leader.text
    assert f'action="{at}/cancel"' not in leader.text


def test_a_plan_that_was_sent_back_says_why_and_is_changed(clerk_browser: Browser, leader: Browser) -> None:
    at = clerk_browser.go("/supervision/new").send("/supervision/new", **PLAN).path
    clerk_browser.send(f"{at}/submit")
    leader.go(at).send(f"{at}/send-back", reason="补充被监督单位")
    assert "补充被监督单位" in clerk_browser.go(at).text
    assert "一站式办理" in clerk_browser.go(f"{at}/redraft").text
    clerk_browser.send(f"{at}/redraft", **PLAN | {"title": "营商环境专项监督"})
    assert "营商环境专项监督" in clerk_browser.text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/supervision/new").send("/supervision/new", **PLAN | {"measures": "", "policy": "政策甲"})
    assert (page.status, page.error_of("bodyIds")) == (400, "请列出所监督的措施、工作或单位")
    assert "政策甲" in page.text
    assert clerk_browser.go("/supervision/new").send("/supervision/new", **PLAN | {"year": "x"}).error_of("year")


def test_bodies_are_ticked(clerk_browser: Browser, office: Office) -> None:
    first, second = office.bodies("市场监管局", "供电公司")
    at = clerk_browser.go("/supervision/new").send("/supervision/new", **PLAN, bodyIds=[first, second]).path
    assert "被监督单位（2）" in clerk_browser.text
    assert clerk_browser.go(f"{at}/redraft").text.count(" checked") >= 2


def test_the_list_is_a_file_as_well(clerk_browser: Browser, office: Office) -> None:
    office.signed(WORKS)
    told = clerk_browser.go("/supervision.csv").text
    assert told.splitlines()[0].lstrip("\ufeff").startswith("题名,年度,监督类别")
    assert "专项集体民主监督" in told
    assert clerk_browser.go("/supervision.xlsx").status == 200
    assert "专项集体民主监督" not in clerk_browser.go("/supervision?year=2026").text.partition('id="rows"')[2]


def test_how_far_it_is_put_right_is_drawn_and_stands_beside_it(clerk_browser: Browser, office: Office) -> None:
    id = office.running(WORKS)
    assert "尚未发现问题" in clerk_browser.go(f"/supervision/{id}").text
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    page = clerk_browser.go(f"/supervision/{id}").text.partition("监督成效")[2]
    bars = page.partition("整改进度")[2].partition("</table>")[0]
    assert [bars.partition(f">{label}</th>")[2].partition('<td class="figure">')[2].partition("</td>")[0] for label in (
        "已发现", "已交办", "已整改", "已复查", "不予交办",
    )] == [
        f'{number} <small class="muted">{share}</small>' for number, share in
        ((46, "100.0%"), (40, "87.0%"), (30, "65.2%"), (20, "43.5%"), (2, "4.3%"))
    ]  # fmt: skip
    assert "47.8%" in page.partition("整改进度")[0], "11 of 23 problems are the rate"
    assert "47.8%" in clerk_browser.go("/supervision.csv").text


def test_who_is_posted_where_is_for_the_office(clerk_browser: Browser, visitor: Browser, office: Office) -> None:
    office.supervisor("张三", *office.bodies("供电公司"))
    assert "张三" in clerk_browser.go("/supervision/postings").text
    assert "张三" in clerk_browser.go("/supervision/postings.csv").text
    assert "张三" not in visitor.go("/supervision/postings").text


def test_a_supervisor_has_no_button_of_the_office(anybody: Callable[..., Browser], office: Office) -> None:
    [body] = office.bodies("供电公司")
    zhang = office.supervisor("张三", body)
    id = office.signed(WORKS.__class__(**vars(WORKS) | {"body_ids": (body,)}))
    browser = anybody(Role.SUPERVISOR, name="张三", person=zhang.person)
    assert WORKS.title in browser.go("/supervision").text
    assert f"/supervision/{id}/cancel" not in browser.go(f"/supervision/{id}").text
    assert browser.go("/supervision/new").status == 403
