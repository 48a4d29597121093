"""A member takes a place and checks in; the desk ticks and corrects; nobody else sees the list."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.participations import ParticipationState
from tenant_service.attendance import queries
from tenant_service.identity.policy import Role
from tenant_service.web.site import Site
from tests.tenant_service.places import Clock
from tests.tenant_service.web.conftest import Browser
from tests.tenant_service.web.test_activity_pages import published

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
