"""What is reported by a venue's code is looked at first by who answers for the venue, else by its town's liaison, else
by the desk; five workdays run, and it is seen when they are over (practice rule 7).
"""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from sync.contract.errors import Code
from sync.contract.shapes.members import MembershipKind
from sync.contract.shapes.topics import TopicSource, TopicState
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service
from tenant_service.members import service as members
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.topics import reporting_service
from tenant_service.topics import screening_service as screening
from tenant_service.topics.reporting_service import Sent
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import seated
from tests.tenant_service.topics.office import LIFTS, WORDS, Office
from tests.tenant_service.topics.test_reporting import door
from tests.tenant_service.topics.test_routing import unit_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def scanned(office: Office, token: str, code: str) -> str:
    told = Sent(WORDS, TopicSource.PUBLIC, code, token)
    return office.do(lambda unit: reporting_service.report(unit, told)).topic


def venue_of(office: Office, token: str) -> str:
    with office.units.read() as unit:
        return str(unit.session.scalar(text("SELECT id FROM venue WHERE qr_token = :token"), {"token": token}))


def on_a_seat(office: Office, member: Browser) -> str:
    """The member behind the browser has a seat in the committee."""
    person = member.go("/personal/mine").path.rpartition("/")[2]
    seated(office.units, office.clerk, person)
    return person


@pytest.mark.practice(7)
@pytest.mark.seed(20)
def test_a_report_from_a_venues_code_is_first_received_by_who_answers_for_the_venue(
    member_browser: Browser, clerk_browser: Browser, office: Office, clock: places.Clock
) -> None:
    token = door(office)
    venue, to_the_desk = venue_of(office, token), scanned(office, token, "AAAA")
    assert office.row(to_the_desk).receiver_id is None
    assert member_browser.go(f"/topics/{to_the_desk}").status == 404
    person = on_a_seat(office, member_browser)
    page = clerk_browser.go(f"/venues/{venue}")
    assert "扫本阵地二维码的反映先由负责委员审看" in page.text
    name = re.search(f'value="{person}"> <span>([^<]+)<', page.text)
    assert name
    page.send(f"/venues/{venue}/keep", personIds=person)
    id = scanned(office, token, "BBBB")
    at = f"/topics/{id}"
    assert f"待{name[1]}审看，告知是否受理，自 2026-04-01，应于 2026-04-09 前" in clerk_browser.go(at).text
    assert "首接反映待受理" in member_browser.go("/").text
    shown = member_browser.go(at)
    assert (WORDS.words in shown.text, "13800005678" in shown.text, "138****5678" in shown.text) == (True, False, True)
    assert [act for act in ("turn-down", "forward", "entrust") if f'action="{at}/{act}"' in shown.text] == []
    clock.on(days=9)
    assert "首接反映逾期" in member_browser.go("/").text
    assert "已逾期 1 天" in clerk_browser.go(at).text
    form = member_browser.go(f"{at}/accept")
    assert (form.status, WORDS.words in form.text) == (200, True)
    form.send(f"{at}/accept", title="惠民小区加装电梯", category="HOUSING")
    assert office.row(id).state is TopicState.ACCEPTED
    assert (WORDS.words in member_browser.go(at).text, "首接" in member_browser.go("/").text) == (False, False)


def test_who_receives_it_first_hands_it_on_with_the_reason_and_nobody_else_may(
    member_browser: Browser, clerk_browser: Browser, office: Office
) -> None:
    token = door(office)
    person = on_a_seat(office, member_browser)
    member = places.staff(places.JIASHAN, Role.MEMBER, person=person)
    other = scanned(office, token, "AAAA")
    for act in (
        lambda unit: screening.accept(unit, member, other, LIFTS),
        lambda unit: screening.hand_on(unit, member, other, None, "不熟悉"),
    ):
        office.refused(Code.FORBIDDEN, act, other)
    office.do(lambda unit: venues.keep(unit, office.clerk, venue_of(office, token), [person]))
    id = scanned(office, token, "BBBB")
    at = f"/topics/{id}"
    wrong = member_browser.go(at).send(f"{at}/hand-on", reason="")
    assert (wrong.status, wrong.error_of("reason")) == (400, "请填写理由")
    stranger = f"{places.JIASHAN}.person.{'9' * 32}"
    office.refused(Code.BAD_VALUE, lambda unit: screening.hand_on(unit, member, id, stranger, "请他看"), id)
    member_browser.go(at).send(f"{at}/hand-on", reason="不熟悉这个小区")
    assert office.row(id).receiver_id is None
    assert member_browser.status == 404
    shown = clerk_browser.go(at).text
    assert ("移交首接" in shown, "不熟悉这个小区" in shown, "待本会工作人员审看" in shown) == (True, True, True)


def test_without_members_who_answer_for_it_the_towns_liaison_receives_it_first(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    token, town = door(office), unit_of(office, "魏塘街道")
    person = office.do(lambda unit: members.add_person(unit, office.clerk, PersonDraft("李联络"))).id
    there = MembershipDraft(MembershipKind.STAFF, person, unit_id=town)
    office.do(lambda unit: membership_service.place(unit, office.clerk, there))
    office.do(lambda unit: unit.session.execute(text("UPDATE venue SET area_id = :town"), {"town": town}))
    street = anybody(Role.STREET, name="李联络", person=person)
    id = scanned(office, token, "AAAA")
    assert office.row(id).receiver_id == person
    assert "待李联络审看" in street.go(f"/topics/{id}").text
    assert "首接反映待受理" in street.go("/").text
