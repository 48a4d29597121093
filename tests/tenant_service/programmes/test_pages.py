"""The office plans, signs, runs and closes a programme on its pages; a member enters what is their own."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tenant_service.programmes.progress_service import Deed
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.programmes.office import DAY, FIVE_ONES, NANBU, Office
from tests.tenant_service.programmes.test_joining import DELTA, TWELVE, says

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PLAN = {
    "title": "服务亚运", "kind": "SPECIAL", "year": "2026", "tasks": "走访场馆｜文史委｜2026-06-30\n宣讲",
    "targetName0": "活动", "targetUnit0": "场", "targetGoal0": "80", "targetBy0": "ACTIVITIES:HALL_SESSION",
}  # fmt: skip


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_empty_list_says_so(clerk_browser: Browser, visitor: Browser) -> None:
    assert "暂无专项计划" in clerk_browser.go("/programmes").text
    assert "筹备专项" not in visitor.go("/programmes").text


def test_a_programme_is_planned_signed_begun_counted_and_closed(
    clerk_browser: Browser, leader: Browser, office: Office
) -> None:
    at = clerk_browser.go("/programmes/new").send("/programmes/new", **PLAN).path
    assert "走访场馆 · 文史委 · 完成期限 2026-06-30" in clerk_browser.text
    clerk_browser.send(f"{at}/submit")
    assert "专项方案待审签" in leader.go("/").text
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    clerk_browser.go(at).send(f"{at}/begin", day=DAY.isoformat())
    clerk_browser.send(f"{at}/tick", number="1")
    assert "（1/2）" in clerk_browser.text
    [session] = office.held(1)
    beside = clerk_browser.go(f"/activities/{session}")
    assert "纳入专项" in beside.text
    back = beside.send("/programmes/attach", part=session, programmeId=at.rpartition("/")[2])
    assert back.path == f"/activities/{session}"
    assert f'href="{at}"' in back.text
    assert "1场" in clerk_browser.go(at).text
    assert "1.2%" in clerk_browser.text
    assert "服务亚运" in clerk_browser.go("/programmes.csv").text
    assert "80场" in clerk_browser.go(f"{at}/targets.csv").text
    clerk_browser.go(at).send(f"{at}/detach", part=session)
    assert "0场" in clerk_browser.text
    clerk_browser.send(f"{at}/report", report="全部完成")
    assert leader.go(at).send(f"{at}/close", unclassified="yes").status == 200
    assert "已办结" in leader.text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/programmes/new").send("/programmes/new", **PLAN | {"targetGoal0": "很多"})
    assert (page.status, page.error_of("targets")) == (400, "请填写目标值，选择计数方式")
    assert "走访场馆" in page.text
    late = PLAN | {"tasks": "走访｜文史委｜下月"}
    assert "2026-06-30" in clerk_browser.go("/programmes/new").send("/programmes/new", **late).error_of("tasks")


def test_a_plan_that_was_sent_back_is_filled_in_as_it_was(clerk_browser: Browser, leader: Browser) -> None:
    at = clerk_browser.go("/programmes/new").send("/programmes/new", **PLAN).path
    clerk_browser.send(f"{at}/submit")
    leader.go(at).send(f"{at}/send-back", reason="补充指标")
    assert "补充指标" in clerk_browser.go(at).text
    form = clerk_browser.go(f"{at}/redraft").text
    assert "走访场馆｜文史委｜2026-06-30" in form
    assert 'value="ACTIVITIES:HALL_SESSION" selected' in form
    clerk_browser.send(f"{at}/redraft", **PLAN | {"title": "助力亚运"})
    assert "助力亚运" in clerk_browser.text


def test_deeds_are_entered_once_however_often_the_button_is_pressed(clerk_browser: Browser, office: Office) -> None:
    id = office.running(NANBU)
    deed = {"targetNo": "1", "day": DAY.isoformat(), "subject": "某某公司", "people": "1"}
    page = clerk_browser.go(f"/programmes/{id}/entries").send(f"/programmes/{id}/entries", **deed)
    assert "某某公司" in page.text
    assert office.progress(id)["走访企业"] == 1
    wrong = page.send(f"/programmes/{id}/entries", **deed | {"subject": ""})
    assert (wrong.status, wrong.error_of("subject")) == (400, "必填")
    assert "某某公司" in clerk_browser.go(f"/programmes/{id}/entries.csv").text


@pytest.mark.seed(97)
def test_a_member_sees_their_own_x_of_five_and_nobody_elses(
    anybody: Callable[..., Browser], clerk_browser: Browser, office: Office
) -> None:
    id, other = office.running(FIVE_ONES), office.member("李四光")
    own = office.member("张三丰")
    office.enter(id, Deed(1, DAY, person_id=other.person))
    member = anybody(Role.MEMBER, person=own.person)
    at = f"/programmes/{id}"
    member.go(f"{at}/entries").send(f"{at}/entries", targetNo="2", day=DAY.isoformat())
    assert "1/5" in member.go(f"{at}/members").text
    assert "李四光" not in member.text
    whole = clerk_browser.go(f"{at}/members").text
    assert ("李四光" in whole, "张三丰" in whole, whole.count("1/5")) == (True, True, 2)
    assert "张三丰" in clerk_browser.go(f"{at}/members.csv").text
    for page in (
        clerk_browser.go(f"/people/{own.person}"), clerk_browser.go(f"/performance/portfolio?person={own.person}"),
        member.go("/performance/portfolio"),
    ):  # fmt: skip
        shown = page.text.partition("专项完成情况")[2].partition("</section>")[0]
        assert "1/5" in shown
        assert shown.count("0/1") == 4
    assert "专项完成情况" not in member.go(f"/people/{other.person}").text


def test_strangers_have_no_way_to_what_was_entered(visitor: Browser, office: Office) -> None:
    id = office.running(FIVE_ONES)
    assert visitor.go(f"/programmes/{id}/entries").status in {303, 401, 403, 404}
    assert visitor.go(f"/programmes/{id}").status in {303, 401, 404}


@pytest.mark.practice(1)
def test_the_issuer_reads_who_takes_part_and_never_who_is_behind(clerk_browser: Browser, office: Office) -> None:
    id = office.running(TWELVE, DELTA)
    assert "未反馈" in clerk_browser.go(f"/programmes/{id}").text
    says(office, places.QINGPU, id, "PARTLY:7")
    says(office, places.WUJIANG, id, "NOT_NOW", "换届期间")
    page = clerk_browser.go(f"/programmes/{id}").text
    for text in ("部分参加", "3/12", "暂不参加", "0/12", "换届期间"):
        assert text in page
    assert "落后" not in page
