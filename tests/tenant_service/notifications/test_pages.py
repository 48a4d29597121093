"""Somebody finds in every page's frame what waits, opens it, and says how to be told; the office sees what left."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tenant_service.notifications import service
from tenant_service.notifications.rules import DeliveryState, NotificationKind, Way
from tenant_service.notifications.sms import Sms
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.notifications.office import Office
from tests.tenant_service.notifications.servers import gateway
from tests.tenant_service.venues.test_pages import HALL

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def member(office: Office, anybody: Callable[..., Browser]) -> tuple[Browser, str]:
    person = office.person("郑四")
    return anybody(Role.MEMBER, name="郑四", person=person), person


def test_the_frame_of_every_page_counts_what_was_not_opened_and_the_first_page_leads_there(
    office: Office, member: tuple[Browser, str], visitor: Browser
) -> None:
    browser, person = member
    for title in ("协商会", "视察"):
        office.tell(person, title=title)
    assert '<b class="tag warn" aria-label="未读">2</b>' in browser.go("/venues").text
    assert browser.go("/").tile("未读通知") == 2
    assert browser.go("/notifications?unread=1").text.count("<strong>") == 2
    assert browser.go("/notifications?q=视察").text.count("<strong>") == 1
    browser.go("/notifications").send("/notifications/read-all")
    assert 'aria-label="未读"' not in browser.text
    assert "/notifications" not in visitor.go("/").text
    assert visitor.go("/notifications").path == "/sign-in"


def test_opening_one_leads_to_what_it_is_about_and_it_is_read(
    office: Office, units: Units, member: tuple[Browser, str], clerk_browser: Browser
) -> None:
    browser, person = member
    venue = clerk_browser.go("/venues/new").send("/venues/new", **HALL)
    assert venue.status == 200
    with units.write() as unit:
        service.tell(unit, [person], NotificationKind.POST, venue.path.rpartition("/")[2], "新阵地启用")
    [told] = office.told()
    assert browser.go(f"/notifications/{told.id}").path == venue.path
    assert browser.go("/").tile("未读通知") == 0
    assert clerk_browser.go(f"/notifications/{told.id}").status == 404, "nobody opens another's"


def test_somebody_who_has_nothing_is_told_what_comes_here(member: tuple[Browser, str]) -> None:
    assert "没有通知" in member[0].go("/notifications").text


def test_how_to_be_told_is_chosen_on_one_page_and_what_is_wrong_is_said_beside_its_field(
    office: Office, member: tuple[Browser, str]
) -> None:
    browser, person = member
    at = "/notifications/choices"
    page = browser.go(at).send(at, email="zheng at example", way=["ACTIVITY_NOTICE:EMAIL"])
    assert (page.status, page.error_of("email")) == (400, "请填写电子邮件地址")
    assert 'value="ACTIVITY_NOTICE:EMAIL" aria-label="活动通知 电子邮件" checked' in page.text, "what was ticked stays"
    browser.go(at).send(at, email="zheng@example.org", mobile="13900003333", way=["ACTIVITY_NOTICE:EMAIL"])
    office.tell(person)
    assert [row.way for row in office.deliveries()] == [Way.EMAIL]
    again = browser.go(at)
    assert 'value="zheng@example.org"' in again.text
    assert "139****3333" in again.text
    assert "13900003333" not in again.text


def test_the_office_sees_what_did_not_arrive_and_settles_it(
    office: Office, clerk_browser: Browser, member: tuple[Browser, str]
) -> None:
    browser, person = member
    office.tell(person, title="协商会")
    with gateway(400) as there:
        office.send({Way.SMS: Sms(there.url, templates={"DEFAULT": "1"})})
    assert clerk_browser.go("/").tile("通知未送达") == 1
    page = clerk_browser.go("/notifications/sent?state=FAILED")
    assert "对方拒收" in page.text
    assert "138****5678" in page.text
    assert "郑四" in page.text
    assert "协商会" in clerk_browser.go("/notifications/sent.csv?state=FAILED").text
    [row] = office.deliveries()
    clerk_browser.go("/notifications/sent").send(f"/notifications/sent/{row.id}/settle")
    assert clerk_browser.go("/").tile("通知未送达") == 0
    assert office.deliveries()[0].state is DeliveryState.SETTLED
    assert browser.go("/notifications/sent").status == 403
    assert "视察" not in browser.go("/notifications.csv").text
    assert "协商会" in browser.text or "协商会" in browser.go("/notifications.csv").text
