"""A member takes a place and checks in; the desk ticks and corrects; nobody else sees the list."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from sync.contract.shapes.participations import ParticipationState
from sync.contract.shapes.requests import RequestState
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries as activities
from tenant_service.activities.models import SeenActivityRow
from tenant_service.attendance import queries, service
from tenant_service.attendance.models import ParticipationRow
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members.models import PersonRow
from tenant_service.requests.models import RequestRow
from tenant_service.web.site import Site
from tests.tenant_service.activities.test_pages import published
from tests.tenant_service.browsing import Browser, allow
from tests.tenant_service.places import DELTA, QINGPU, Clock

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def activity(clerk_browser: Browser, anybody: Callable[..., Browser], member_browser: Browser) -> str:
    return published(clerk_browser, anybody(Role.SECRETARY, name="孙三"), capacity="1")


def states(site: Site, activity: str) -> list[ParticipationState]:
    with site.units.read() as unit:
        return [state for (_, state), number in queries.counts(unit.session, [activity]).items() for _ in range(number)]


def test_a_member_signs_up_and_withdraws(member_browser: Browser, activity: str, site: Site) -> None:
    page = member_browser.go(f"/activities/{activity}").send(f"/activities/{activity}/sign-up")
    assert "已报名" in page.text
    assert "履职码" in page.text
    assert states(site, activity) == [ParticipationState.REGISTERED]
    page.send(f"/activities/{activity}/withdraw")
    assert "已取消报名" in page.text


def test_leave_waits_for_the_host(member_browser: Browser, clerk_browser: Browser, activity: str, site: Site) -> None:
    page = member_browser.go(f"/activities/{activity}").send(f"/activities/{activity}/sign-up")
    page.send(f"/activities/{activity}/leave", kind="SICK", reason="住院")
    assert "请假待批" in page.text
    desk = clerk_browser.go(f"/activities/{activity}/attendance").send(
        f"/activities/{activity}/attendance/leave", granted="1"
    )
    assert "已请假" in desk.text
    assert states(site, activity) == [ParticipationState.ON_LEAVE]


def test_the_desk_ticks_the_list_and_corrects_with_a_reason(
    member_browser: Browser, clerk_browser: Browser, activity: str, site: Site, clock: Clock
) -> None:
    member_browser.go(f"/activities/{activity}").send(f"/activities/{activity}/sign-up")
    at = f"/activities/{activity}/attendance"
    assert "签到尚未开始" in clerk_browser.go(at).text
    clock.now = dt.datetime(2026, 4, 8, 1, tzinfo=dt.UTC)
    desk = clerk_browser.go(at).send(f"{at}/present")
    assert states(site, activity) == [ParticipationState.PRESENT]
    assert desk.send(f"{at}/correct", reason="").status == 400
    desk.go(at).send(f"{at}/correct", reason="代签")
    assert states(site, activity) == [ParticipationState.ABSENT]


def test_a_code_that_is_none_is_refused_beside_the_field(
    clerk_browser: Browser, activity: str, site: Site, clock: Clock
) -> None:
    clock.now = dt.datetime(2026, 4, 8, 1, tzinfo=dt.UTC)
    at = f"/activities/{activity}/attendance"
    page = clerk_browser.go(at).send(f"{at}/code", code="garbage")
    assert page.status == 400
    assert page.error_of("code") == "履职码无效"
    assert states(site, activity) == []


def test_the_list_is_for_the_office_only(member_browser: Browser, visitor: Browser, activity: str) -> None:
    assert member_browser.go(f"/activities/{activity}/attendance").status == 403
    assert visitor.go(f"/activities/{activity}/attendance").path == "/sign-in"
    assert "我的报名" not in visitor.go(f"/activities/{activity}").text


def test_a_button_pressed_twice_asks_once(member_browser: Browser, activity: str, site: Site) -> None:
    at = f"/activities/{activity}"
    first = member_browser.go(at).text
    member_browser.send(f"{at}/sign-up")
    member_browser.text = first
    assert member_browser.send(f"{at}/sign-up").status == 200
    assert states(site, activity) == [ParticipationState.REGISTERED]


def test_who_was_invited_may_decline(
    member_browser: Browser, clerk: Actor, directory: Directory, activity: str, site: Site
) -> None:
    with site.units.write() as unit:
        [person] = unit.session.scalars(select(PersonRow.id))
        service.invite(unit, clerk, activity, Invited(person, "郑四"))
    page = member_browser.go(f"/activities/{activity}")
    assert "不参加" in page.text
    page.send(f"/activities/{activity}/withdraw")
    assert states(site, activity) == [ParticipationState.DECLINED]


def test_a_sign_up_that_another_committee_refused_says_why(member_browser: Browser, activity: str, site: Site) -> None:
    abroad = f"{QINGPU}.activity.{'7' * 32}"
    with site.units.write() as unit:
        record = activities.ours(unit.session, activity).record()
        there = vars(record) | {"id": abroad, "committee_id": QINGPU, "venue_id": None}
        unit.session.add(SeenActivityRow(**there, channels=[f"m_{DELTA.rpartition('.')[2]}"], as_of=unit.now))
    page = member_browser.go(f"/activities/{abroad}").send(f"/activities/{abroad}/sign-up")
    assert "等待主办方答复" in page.text
    with site.units.write() as unit:
        [asked] = unit.session.scalars(select(RequestRow))
        asked.state, asked.code, asked.reason_zh, asked.reason_en = (
            RequestState.REFUSED, "SIGN_UP_CLOSED", "报名已截止", "signing up is closed",
        )  # fmt: skip
    assert "已退回：报名已截止" in page.go(f"/activities/{abroad}").text
    assert "signing up is closed" in page.go(f"/activities/{abroad}?lang=en").text
    page.send(f"/activities/{abroad}/sign-up")
    assert "the host will answer" in page.text, "it can be asked again"


def test_who_is_on_the_list_counts_once_and_what_is_left_stands_there(
    clerk_browser: Browser, anybody: Callable[..., Browser], clerk: Actor, directory: Directory, activity: str,
    site: Site,
) -> None:  # fmt: skip
    allow(site, 2)
    guests = [(f"{QINGPU}.person.{n:032x}", f"来宾{n}") for n in range(3)]
    with site.units.write() as unit:
        for id, name in guests[:2]:
            service.invite(unit, clerk, activity, Invited(id, name))
    at = f"/activities/{activity}/attendance"
    assert "2／2 条，还可查看 0 条" in clerk_browser.go(at).text
    assert "来宾1" in clerk_browser.go(at).text, "a list that was shown is shown again"
    with site.units.write() as unit:
        service.invite(unit, clerk, activity, Invited(*guests[2]))
    assert clerk_browser.go(at).status == 429
    assert "已达2条，2026-04-02 00:00起可再查看" in clerk_browser.text
    assert "来宾" not in clerk_browser.text
    assert "2026-04-02 00:00" in clerk_browser.go(f"{at}?lang=en").text
    other = anybody(Role.STREET, name="周五")
    assert other.go("/requests").status == 200
    assert "0／2 条，还可查看 2 条" in other.text


def test_who_waits_for_a_place_may_withdraw_and_is_offered_no_leave(
    member_browser: Browser, activity: str, site: Site
) -> None:
    page = member_browser.go(f"/activities/{activity}").send(f"/activities/{activity}/sign-up")
    assert f"/activities/{activity}/leave" in page.text
    with site.units.write() as unit:
        row = unit.session.scalars(select(ParticipationRow)).one()
        row.state = ParticipationState.WAITLISTED
    page = member_browser.go(f"/activities/{activity}")
    assert f"/activities/{activity}/leave" not in page.text
    assert "已取消报名" in page.send(f"/activities/{activity}/withdraw").text
