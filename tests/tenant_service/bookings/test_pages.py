"""A citizen books by the code on the door and cancels by the one shown; the desk checks in and sees no phone."""

import re
from collections.abc import Callable

import pytest

from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from tenant_service.bookings.models import BookingRow
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import queries as venues
from tests.tenant_service import places
from tests.tenant_service.bookings.test_bookings import HALL, Centre
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def centre(units: Units) -> Centre:
    return Centre(units)


def asked(centre: Centre, **changed: object) -> dict[str, object]:
    return {
        "spaceId": centre.spaces[HALL], "kind": "SEAT", "day": "2026-04-02", "from": "10:00", "until": "11:00",
        "headcount": 3, "name": "欧阳大爷", "phone": "13800005678", "consent": "yes",
    } | changed  # fmt: skip


def door(centre: Centre) -> str:
    with centre.units.read() as unit:
        return f"/q/{venues.ours(unit.session, centre.venue).qr_token}"


def code_in(page: Browser) -> str:
    found = re.search(r'<code id="code" class="code">([^<]+)</code>', page.text)
    assert found, page.text
    return found[1]


def only(centre: Centre) -> BookingRow:
    with centre.units.read() as unit:
        [row] = unit.session.query(BookingRow).all()
    return row


@pytest.mark.seed(17)
@pytest.mark.practice(8)
def test_who_scans_the_door_books_and_cancels_by_the_code(centre: Centre, visitor: Browser) -> None:
    at = door(centre) + "/book"
    assert at in visitor.go(door(centre)).text
    code = code_in(visitor.go(at).send(at, **asked(centre)))
    row = only(centre)
    assert (row.channel, row.state, row.kind) == (BookingChannel.QR, BookingState.CONFIRMED, BookingKind.SEAT)
    page = visitor.go("/booking").send("/booking", code=code.lower().replace("-", " "))
    assert "已确认" in page.text
    assert "13800005678" not in page.text
    assert "已取消" in page.send("/booking/cancel").text
    assert visitor.go("/booking").send("/booking", code="AAAAA-AAAAA").status == 404


def test_what_is_refused_comes_back_beside_its_field(centre: Centre, visitor: Browser) -> None:
    at = door(centre) + "/book"
    page = visitor.go(at).send(at, **asked(centre, headcount=121))
    assert page.status >= 400
    assert "120" in page.error_of("headcount")
    assert "欧阳大爷" in page.text
    told = {name: value for name, value in asked(centre).items() if name != "consent"}
    page = visitor.go(at).send(at, **told)
    assert page.error_of("consent")
    assert visitor.go(at).post(at, **asked(centre)).status == 403  # a form that was shown to nobody


def test_guessing_codes_ends_soon(centre: Centre, visitor: Browser) -> None:
    tried = [visitor.go("/booking").send("/booking", code=f"AAAAA-AAA{n:02}").status for n in range(12)]
    assert tried[0] == 404
    assert tried[-1] == 429


def test_the_desk_checks_in_by_the_code_and_sees_the_phone_for_a_reason(
    centre: Centre, visitor: Browser, clerk_browser: Browser, clock: places.Clock
) -> None:
    at = door(centre) + "/book"
    code = code_in(visitor.go(at).send(at, **asked(centre)))
    clock.on(days=1)
    page = clerk_browser.go("/bookings")
    assert "138****5678" in page.text
    assert "13800005678" not in page.text + clerk_browser.go("/bookings.csv").text
    page = clerk_browser.go("/bookings").send("/bookings/check", code=code)
    assert "已到场" in page.text
    assert only(centre).came == 3
    told = page.send(page.path + "/reveal", purpose="NOTICE", reason="通知场地变更")
    assert "13800005678" in told.text


def test_the_desk_writes_down_a_delegation_and_a_member_books_for_themselves(
    centre: Centre, clerk_browser: Browser, member_browser: Browser
) -> None:
    group = asked(centre, kind="VISIT", groupName="苏州市政协考察团", origin="江苏省苏州市")
    assert code_in(clerk_browser.go("/bookings/new").send("/bookings/new", **group))
    assert "苏州市政协考察团" in clerk_browser.go("/bookings?kind=VISIT").text
    assert code_in(member_browser.go("/bookings/new").send("/bookings/new", **asked(centre)))
    page = member_browser.go("/bookings/mine")
    assert "欧阳大爷" in page.text
    assert "苏州市政协考察团" not in page.text
    assert member_browser.go("/bookings").status == 403


def test_bookings_are_nobody_elses_business(centre: Centre, anybody: Callable[..., Browser]) -> None:
    id = centre.book(centre.draft(2))
    for role in (Role.MEMBER, Role.DEPARTMENT, Role.SUPERVISOR, Role.SYSTEM_ADMIN):
        browser = anybody(role)
        for path in ("/bookings", f"/bookings/{id}", "/bookings.csv"):
            assert browser.go(path).status == 403, (role, path)
