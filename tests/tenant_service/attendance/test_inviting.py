"""Whole units are invited at once; who has seen the notice and answered stands on the list; the silent are urged."""

from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from sync.contract.trust.directory import Directory
from tenant_service.attendance import inviting_service as service
from tenant_service.attendance.inviting_service import Whom
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_pages import published
from tests.tenant_service.attendance.test_taking_part import Desk, person
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import new_unit, placed, seated
from tests.tenant_service.notifications.office import Office


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


@pytest.fixture
def office(units: Units, clerk: Actor) -> Office:
    return Office(units, clerk)


@pytest.mark.practice(9)
def test_a_unit_is_invited_at_once_and_each_of_its_people_once(desk: Desk, units: Units, office: Office) -> None:
    sector = new_unit(units, desk.clerk, "经济界", UnitKind.SECTOR).id
    for n in (1, 2):
        placed(units, desk.clerk, person(n), sector)
    seated(units, desk.clerk, person(3))
    assert desk.do(lambda unit: service.invite_many(unit, desk.clerk, desk.activity, Whom((sector,)))) == 2
    whom = Whom((sector,), everybody=True, names=("委员4",))
    assert desk.do(lambda unit: service.invite_many(unit, desk.clerk, desk.activity, whom)) == 2
    assert desk.states() == {person(n): At.INVITED for n in (1, 2, 3, 4)}
    assert sorted(row.recipient for row in office.told()) == [person(n) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("whom", [Whom(), Whom(names=("无此人",)), Whom((f"{places.JIASHAN}.unit.{'0' * 32}",))])
def test_who_is_nobody_is_not_invited(desk: Desk, whom: Whom) -> None:
    desk.refused(
        Code.BAD_VALUE, lambda: desk.do(lambda unit: service.invite_many(unit, desk.clerk, desk.activity, whom))
    )


@pytest.mark.practice(9)
def test_who_has_not_answered_is_urged_once_a_day_and_nobody_else(
    desk: Desk, office: Office, clock: places.Clock
) -> None:
    whom = Whom(names=("委员1", "委员2"))
    desk.do(lambda unit: service.invite_many(unit, desk.clerk, desk.activity, whom))
    desk.asks(RequestKind.SIGN_UP, person(1))
    urge = service.urge
    assert desk.do(lambda unit: urge(unit, desk.clerk, desk.activity)) == 1
    desk.refused(Code.URGED_TODAY, lambda: desk.do(lambda unit: urge(unit, desk.clerk, desk.activity)))
    clock.on(days=1)
    assert desk.do(lambda unit: urge(unit, desk.clerk, desk.activity)) == 1
    assert [row.recipient for row in office.told() if row.kind is NotificationKind.URGED] == [person(2)] * 2
    desk.asks(RequestKind.WITHDRAW, person(2))
    desk.refused(Code.ALREADY_DONE, lambda: desk.do(lambda unit: urge(unit, desk.clerk, desk.activity)))


@pytest.mark.practice(9)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_list_shows_who_has_seen_the_notice_and_answered_and_urges_by_one_button(
    clerk_browser: Browser, anybody: Callable[..., Browser], office: Office
) -> None:
    activity = published(clerk_browser, anybody(Role.SECRETARY, name="孙三"))
    someone = office.person("郑四")
    member = anybody(Role.MEMBER, name="郑四", person=someone)
    at = f"/activities/{activity}"
    page = clerk_browser.go(f"{at}/attendance").go(f"{at}/invite").send(f"{at}/invite", names="郑四")
    assert page.path == f"{at}/attendance"
    assert "未读" in page.text
    assert "未回执" in page.text
    page.send(f"{at}/urge")
    told = [row.id for row in office.told() if row.recipient == someone]
    assert member.go(f"/notifications/{told[-1]}").path == at
    assert "未读" not in clerk_browser.go(f"{at}/attendance").text
    member.send(f"{at}/sign-up")
    answered = clerk_browser.go(f"{at}/attendance").text
    assert "已回执" in answered
    assert f'action="{at}/urge"' not in answered
    assert (
        clerk_browser.go(f"{at}/invite").send(f"{at}/invite", names="无此人").error_of("names") == "名册中没有“无此人”"
    )
