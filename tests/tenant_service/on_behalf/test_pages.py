"""A clerk signs an elderly member up, who confirms or objects; the office settles it; each sees where it stands."""

from collections.abc import Callable

import pytest

from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.attendance.test_taking_part import Desk, person
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


@pytest.mark.practice(14)
def test_what_was_entered_is_objected_to_by_the_member_and_settled_by_the_office(
    desk: Desk, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    at = f"/activities/{desk.activity}/attendance"
    member = anybody(Role.MEMBER, name="委员1", person=person(1))
    assert "暂无代录" in member.go("/on-behalf").text
    clerk_browser.go(at).send(f"{at}/sign-up", who="无此人")
    assert "没有" in clerk_browser.error_of("who")
    clerk_browser.go(at).send(f"{at}/sign-up", who="委员1")
    assert member.go("/").tile("代录待本人确认") == 1
    page = member.go(f"/activities/{desk.activity}")
    assert "待本人确认" in page.text
    assert "王一" in page.text, "who entered it"
    object_to = page.text.split("/object")[0].rpartition('action="')[2] + "/object"
    member.send(object_to, reason="我没有报名")
    assert "本人有异议" in member.text
    assert clerk_browser.go("/").tile("代录有异议") == 1
    settle = object_to.removesuffix("object") + "settle"
    clerk_browser.go("/on-behalf?state=OBJECTED").send(settle, reason="已取消报名")
    text = member.go("/on-behalf").text
    assert "异议已处理" in text
    assert "已取消报名" in text
    assert clerk_browser.go("/").tile("代录有异议") == 0
    sheet = clerk_browser.go("/on-behalf.csv").text
    assert "委员1" in sheet
    assert "我没有报名" in sheet


def test_another_member_and_strangers_see_nothing_of_it(
    desk: Desk, clerk_browser: Browser, anybody: Callable[..., Browser], visitor: Browser
) -> None:
    at = f"/activities/{desk.activity}/attendance"
    clerk_browser.go(at).send(f"{at}/sign-up", who="委员1")
    other = anybody(Role.MEMBER, name="委员2", person=person(2))
    assert "暂无代录" in other.go("/on-behalf").text
    assert "on-behalf" not in other.go(f"/activities/{desk.activity}").text
    assert visitor.go("/on-behalf").status == 401 or "登录" in visitor.text
    assert anybody(Role.DEPARTMENT).go("/on-behalf").status == 403


def test_an_invitation_is_answered_for_a_member_from_the_list(
    desk: Desk, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    base = f"/activities/{desk.activity}"
    clerk_browser.go(f"{base}/invite").send(f"{base}/invite", names="委员3")
    page = clerk_browser.go(f"{base}/attendance")
    page.send(f"{base}/attendance/answer", comes="no", reason="")
    assert page.status == 400
    clerk_browser.go(f"{base}/attendance").send(f"{base}/attendance/answer", comes="no", reason="住院")
    assert "不参加" in clerk_browser.go(f"{base}/attendance").text
    assert "答复邀请" in anybody(Role.MEMBER, name="委员3", person=person(3)).go("/on-behalf").text
