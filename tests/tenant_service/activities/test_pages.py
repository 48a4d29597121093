"""From a draft to a closing report, by the pages alone; nothing is seen before it is signed off."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from sync.contract.errors import Code
from sync.contract.shapes.activities import ActivityState
from tenant_service.activities import queries
from tenant_service.activities.models import ActivityRow
from tenant_service.identity.policy import Role
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SESSION = {
    "title": "老旧小区加装电梯协商", "kind": "HALL_SESSION", "startsAt": "2026-04-08T09:00",
    "endsAt": "2026-04-08T11:00", "place": "罗星议事堂", "shares": "OPEN",
}  # fmt: skip


@pytest.fixture
def secretary_browser(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY, name="孙三")


def row(site: Site, id: str) -> ActivityRow:
    with site.units.read() as unit:
        return queries.locked(unit.session, id)


def drafted(browser: Browser, **changed: object) -> str:
    """The id of an activity that was drafted and submitted."""
    browser.go("/activities/new").send("/activities/new", **SESSION | {"submit": "1"} | changed)
    assert browser.status == 200, browser.text
    return browser.path.rpartition("/")[2]


def published(clerk: Browser, secretary: Browser, **changed: object) -> str:
    id = drafted(clerk, **changed)
    secretary.go(f"/activities/{id}").send(f"/activities/{id}/sign-off", unclassified="yes")
    assert "已签发" in secretary.text
    return id


def test_a_draft_is_seen_by_nobody_until_it_is_signed_off(
    clerk_browser: Browser, secretary_browser: Browser, visitor: Browser, member_browser: Browser
) -> None:
    id = drafted(clerk_browser)
    assert visitor.go(f"/activities/{id}").status == 404
    assert member_browser.go(f"/activities/{id}").status == 404
    assert "老旧小区" not in visitor.go("/").text
    secretary_browser.go(f"/activities/{id}").send(f"/activities/{id}/sign-off", unclassified="yes")
    assert "老旧小区" in visitor.go(f"/activities/{id}").text
    assert "老旧小区" in visitor.go("/").text


def test_signing_off_needs_the_signers_word_that_nothing_is_classified(
    clerk_browser: Browser, secretary_browser: Browser, site: Site
) -> None:
    id = drafted(clerk_browser)
    page = secretary_browser.go(f"/activities/{id}").send(f"/activities/{id}/sign-off")
    assert (page.status, page.error_of("unclassified")) == (400, Code.SECRECY_UNCONFIRMED.zh)
    assert row(site, id).state is ActivityState.DRAFT


def test_a_clerk_signs_nothing_off(clerk_browser: Browser, site: Site) -> None:
    id = drafted(clerk_browser)
    assert f"/activities/{id}/sign-off" not in clerk_browser.text
    sent = clerk_browser.post(f"/activities/{id}/sign-off", csrf=clerk_browser.csrf(), unclassified="yes")
    assert sent.status == 403
    assert row(site, id).state is ActivityState.DRAFT


def test_what_is_sent_back_says_why_and_is_drafted_anew(clerk_browser: Browser, secretary_browser: Browser) -> None:
    id = drafted(clerk_browser)
    page = secretary_browser.go(f"/activities/{id}").send(f"/activities/{id}/send-back", reason="")
    assert page.error_of("reason") == "请填写理由"
    page.send(f"/activities/{id}/send-back", reason="请补充组织单位")
    clerk_browser.go("/")
    assert clerk_browser.tile("活动已退回") == 1
    clerk_browser.go(f"/activities/{id}")
    assert "请补充组织单位" in clerk_browser.text
    clerk_browser.go(f"/activities/{id}/redraft")
    assert 'value="老旧小区加装电梯协商"' in clerk_browser.text
    clerk_browser.send(f"/activities/{id}/redraft", **SESSION | {"organizer": "提案委", "submit": "1"})
    assert "待审核" in clerk_browser.text
    assert "提案委" in clerk_browser.text


def test_a_new_time_and_a_cancellation_say_why(
    clerk_browser: Browser, secretary_browser: Browser, visitor: Browser, site: Site
) -> None:
    id = published(clerk_browser, secretary_browser)
    page = clerk_browser.go(f"/activities/{id}/change").send(f"/activities/{id}/change", startsAt="2026-04-09T09:00")
    assert page.error_of("note") == "请填写理由"
    assert row(site, id).revision == 3
    page.send(f"/activities/{id}/change", startsAt="2026-04-09T09:00", note="会场检修")
    assert "4月9日 09:00" in visitor.go(f"/activities/{id}").text
    clerk_browser.go(f"/activities/{id}/cancel").send(f"/activities/{id}/cancel", reason="天气")
    assert "已取消" in visitor.go(f"/activities/{id}").text
    assert row(site, id).state is ActivityState.CANCELLED
    assert clerk_browser.post(f"/activities/{id}/cancel", csrf=clerk_browser.csrf(), reason="再次").status == 409


def test_an_activity_is_closed_with_its_report(
    clerk_browser: Browser, secretary_browser: Browser, clock: Clock, site: Site
) -> None:
    id = published(clerk_browser, secretary_browser)
    assert "填写办结情况" not in clerk_browser.go(f"/activities/{id}").text
    clock.now = dt.datetime(2026, 4, 8, 5, tzinfo=dt.UTC)
    assert clerk_browser.go("/").tile("活动逾期未办结") == 1
    page = clerk_browser.go(f"/activities/{id}/close").send(f"/activities/{id}/close", headcount="三十")
    assert page.error_of("headcount") == "请填写数字"
    page.send(
        f"/activities/{id}/close",
        headcount="30",
        membersPresent="6",
        leaderPresent="yes",
        suggestions="加快审批\n\n公示资金",
    )
    closed = row(site, id)
    assert (closed.state, closed.headcount, closed.members_present, closed.leader_present) == (
        ActivityState.CLOSED, 30, 6, True,
    )  # fmt: skip
    assert closed.suggestions == ["加快审批", "公示资金"]
    assert "协商建议（2）" in page.text


def test_a_session_that_was_held_is_entered_later(clerk_browser: Browser, clock: Clock, site: Site) -> None:
    clock.now = dt.datetime(2026, 4, 20, 1, tzinfo=dt.UTC)
    told = SESSION | {"headcount": "12", "membersPresent": "3"}
    page = clerk_browser.go("/activities/backfill").send("/activities/backfill", **told)
    assert page.error_of("reason") == "请填写理由"
    page.send("/activities/backfill", **told, reason="村内无网络")
    made = row(site, page.path.rpartition("/")[2])
    assert (made.backfilled, made.state, made.approval.value) == (True, ActivityState.CLOSED, "IN_REVIEW")
    assert "补录" in page.text


def test_what_is_on_today_stands_on_the_first_page(
    clerk_browser: Browser, secretary_browser: Browser, clock: Clock
) -> None:
    published(clerk_browser, secretary_browser)
    assert "老旧小区" not in clerk_browser.go("/").text.partition("今日活动")[2].partition("即将举行")[0]
    clock.now = dt.datetime(2026, 4, 8, 0, 30, tzinfo=dt.UTC)
    assert "老旧小区" in clerk_browser.go("/").text.partition("今日活动")[2].partition("即将举行")[0]


def test_the_list_is_found_by_words_kind_state_and_day(clerk_browser: Browser, secretary_browser: Browser) -> None:
    published(clerk_browser, secretary_browser)
    drafted(clerk_browser, title="水环境视察", kind="INSPECTION")
    for query, seen in (
        ("q=电梯", (True, False)),
        ("kind=INSPECTION", (False, True)),
        ("approval=IN_REVIEW", (False, True)),
        ("on=2026-04-08", (True, True)),
        ("on=2026-04-09", (False, False)),
        ("kind=NONSENSE", (True, True)),
    ):
        page = clerk_browser.go(f"/activities?{query}").text
        assert ("老旧小区" in page, "水环境" in page) == seen, query


@pytest.mark.parametrize("query", ["to=9999-12-31", "on=9999-12-31", "since=0001-01-01", "on=0001-01-01", "on=soon"])
def test_a_day_that_no_activity_may_have_is_refused_on_the_page_and_in_the_file(
    clerk_browser: Browser, query: str
) -> None:
    for path in ("/activities", "/activities.csv", "/activities.xlsx"):
        page = clerk_browser.go(f"{path}?{query}")
        assert page.status == 400
        assert "BAD_VALUE" in page.text


def test_english_readers_find_everything_in_english(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/activities/new?lang=en")
    assert "New activity" in page.text
    page = page.send("/activities/new", **SESSION | {"title": ""})
    assert page.error_of("title") == "it is needed"


def test_how_the_exchange_stands_is_for_the_office(clerk_browser: Browser, member_browser: Browser) -> None:
    assert "尚未接收其他政协的共享" in clerk_browser.go("/exchange").text
    assert "交换状态" in clerk_browser.go("/").text
    assert member_browser.go("/exchange").status == 403
    assert "交换状态" not in member_browser.go("/").text


def test_a_backfilled_session_that_was_sent_back_is_put_right_on_its_own_form(
    clerk_browser: Browser, secretary_browser: Browser, clock: Clock, site: Site
) -> None:
    clock.now = dt.datetime(2026, 4, 20, 1, tzinfo=dt.UTC)
    told = SESSION | {"headcount": "12", "membersPresent": "3", "reason": "村内无网络"}
    id = clerk_browser.go("/activities/backfill").send("/activities/backfill", **told).path.rpartition("/")[2]
    at = f"/activities/{id}"
    secretary_browser.go(at).send(f"{at}/send-back", reason="人数不符")
    assert f"{at}/redraft-backfill" in clerk_browser.go(at).text
    assert f'{at}/redraft"' not in clerk_browser.text
    page = clerk_browser.go(f"{at}/redraft-backfill")
    assert 'value="12"' in page.text
    future = told | {"startsAt": "2026-05-08T09:00", "endsAt": "2026-05-08T11:00"}
    assert "尚未开始" in page.send(f"{at}/redraft-backfill", **future).error_of("startsAt")
    page.send(f"{at}/redraft-backfill", **told | {"headcount": "21"})
    put_right = row(site, id)
    assert (put_right.headcount, put_right.approval.value) == (21, "IN_REVIEW")


def test_a_draft_is_discarded_after_a_second_look(clerk_browser: Browser, site: Site) -> None:
    id = drafted(clerk_browser)
    page = clerk_browser.go(f"/activities/{id}")
    assert "不能撤回" in page.text
    assert page.send(f"/activities/{id}/discard").path == "/activities"
    assert clerk_browser.go(f"/activities/{id}").status == 404


def test_what_was_held_shows_no_field_for_another_begin(
    clerk_browser: Browser, secretary_browser: Browser, clock: Clock
) -> None:
    id = published(clerk_browser, secretary_browser)
    assert 'name="startsAt"' in clerk_browser.go(f"/activities/{id}/change").text
    clock.now = dt.datetime(2026, 4, 8, 2, tzinfo=dt.UTC)
    clerk_browser.go(f"/activities/{id}").send(f"/activities/{id}/hold")
    assert 'name="startsAt"' not in clerk_browser.go(f"/activities/{id}/change").text


def test_looking_at_a_page_locks_no_row(clerk_browser: Browser, secretary_browser: Browser) -> None:
    id = published(clerk_browser, secretary_browser)
    locking: list[str] = []

    def listen(state: ORMExecuteState) -> None:
        if getattr(state.statement, "_for_update_arg", None) is not None:
            locking.append(str(state.statement))

    event.listen(Session, "do_orm_execute", listen)
    try:
        for path in ("", "/redraft", "/change", "/cancel", "/share", "/close", "/attendance"):
            assert clerk_browser.go(f"/activities/{id}{path}").status == 200
        assert locking == []
        clerk_browser.go(f"/activities/{id}/cancel").send(f"/activities/{id}/cancel", reason="天气")
        assert locking, "an act locks what it changes"
    finally:
        event.remove(Session, "do_orm_execute", listen)
