"""A plenary, a member's meeting and what recurs, by the pages alone."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service.activities.test_pages import published
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PLENARY = {"title": "十届二次全会", "kind": "PLENARY", "startsAt": "2026-04-08T09:00", "endsAt": "2026-04-10T17:00"}


@pytest.fixture
def secretary(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY, name="孙三")


@pytest.mark.practice(9)
def test_a_plenary_is_set_up_with_parts_groups_and_papers(
    clerk_browser: Browser, secretary: Browser, member_browser: Browser
) -> None:
    id = published(clerk_browser, secretary, **PLENARY)
    at = f"/activities/{id}"
    page = clerk_browser.go(at)
    assert "各环节分别签到，统计时整个会议只算一次" in page.text
    form = page.go(f"/activities/new?parent={id}")
    assert "属于" in form.text
    part = {"title": "开幕会", "kind": "PLENARY", "part": "OPENING", "place": "县会展中心"}
    wrong = form.send("/activities/new", startsAt="2026-05-08T14:00", **part)
    assert (wrong.status, wrong.error_of("startsAt")) == (400, "时间不正确：环节须在会期内")
    made = clerk_browser.go(f"/activities/new?parent={id}").send("/activities/new", startsAt="2026-04-08T14:00", **part)
    assert made.status == 200
    assert f'href="{at}"' in made.text
    shown = clerk_browser.go(at).text
    assert "开幕会" in shown
    assert "下午" in shown
    assert "开幕会" not in clerk_browser.go("/activities").text, "the list has the meeting as a whole"
    assert "开幕会" in clerk_browser.go("/activities?parts=1").text
    member_browser.go(at).send(f"{at}/sign-up")
    desk = clerk_browser.go(f"{at}/attendance")
    assert desk.send(f"{at}/seats", lines="无此人 一组 1座").error_of("lines") == "名单中没有“无此人”"
    clerk_browser.go(f"{at}/attendance").send(f"{at}/seats", lines="郑四 第一组 3排5座")
    assert "第一组 3排5座" in member_browser.go(at).text
    assert "第一组" in clerk_browser.go(f"{at}/half-days.csv").text
    assert member_browser.go(f"{at}/half-days.csv").status == 403
    clerk_browser.go(at).send(f"{at}/papers", open="1")
    assert "附件对名单上的参会人员开放" in clerk_browser.go(at).text


@pytest.mark.seed(9)
def test_a_member_starts_a_meeting_and_a_leader_signs_it(member_browser: Browser, secretary: Browser) -> None:
    assert "/activities/start" in member_browser.go("/").text
    form = {"title": "云沙龙", "kind": "SALON", "format": "HYBRID", "startsAt": "2026-04-08T09:00"}
    start = "/activities/start"
    assert member_browser.go(start).send(start, place="", **form).error_of("place") == "必填"
    made = member_browser.go(start).send(start, place="会议号 1", **form)
    assert "委员发起" in made.text
    at = made.path
    assert secretary.go("/").tile("活动待审签") == 1
    secretary.go(at).send(f"{at}/sign-off", unclassified="yes")
    assert "已发布" in member_browser.go(at).text


def test_an_office_clerk_has_no_form_of_members(clerk_browser: Browser) -> None:
    assert clerk_browser.go("/activities/start").status == 403


@pytest.mark.seed(98)
def test_further_sessions_are_drafted_by_one_button(clerk_browser: Browser, secretary: Browser) -> None:
    id = published(
        clerk_browser, secretary, title="网格服务日", kind="SERVICE_DAY", startsAt="2026-04-25T09:00", endsAt="",
        recurrence="FREQ=MONTHLY;BYMONTHDAY=25", series="网格服务日", issueNo="1",
    )  # fmt: skip
    at = f"/activities/{id}"
    assert "每月25日" in clerk_browser.go(at).text
    assert clerk_browser.send(f"{at}/repeat", until="2026-04-26").error_of("until") == "一年以内，且有下一场次"
    clerk_browser.go(at).send(f"{at}/repeat", until="2026-06-30")
    assert "第 2 期" in clerk_browser.text
    assert clerk_browser.go("/activities?q=网格服务日").text.count('<a href="/activities/330421') == 3
