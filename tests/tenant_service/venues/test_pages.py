"""A clerk keeps the venues; the public sees what is open, and whoever scans the door's code sees the venue."""

import re

import pytest

from sync.contract.channels import Scope
from tenant_service.exchange.sharing import choices
from tenant_service.venues import queries
from tenant_service.venues.models import VenueRow
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import DELTA

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

HALL = {
    "name": "罗星民生议事堂", "kind": "HALL", "address": "罗星街道体育南路1号", "openedOn": "2026-03-01",
    "spaces": "议事厅 40\n接待室 8", "contactName": "李二", "contactPhone": "13800000000",
}  # fmt: skip

SESSION = {
    "title": "垃圾分类议事", "kind": "HALL_SESSION", "startsAt": "2026-04-08T09:00", "place": "罗星议事堂",
}  # fmt: skip


def rows(site: Site) -> list[VenueRow]:
    with site.units.read() as unit:
        return [queries.locked(unit.session, id) for id in queries.parents(unit.session)]


def added(browser: Browser, **changed: object) -> Browser:
    return browser.go("/venues/new").send("/venues/new", **HALL | changed)


def test_a_clerk_adds_a_venue_and_finds_it(clerk_browser: Browser) -> None:
    page = added(clerk_browser)
    assert page.status == 200
    assert "罗星民生议事堂" in page.text
    assert "40 座" in page.text
    assert "只有本会" in page.text
    assert "罗星民生议事堂" in clerk_browser.go("/venues?q=罗星&kind=HALL").text
    assert "罗星民生议事堂" not in clerk_browser.go("/venues?kind=STUDIO").text
    assert "罗星民生议事堂" not in clerk_browser.go("/venues?brand=红茶议事会").text


def test_a_button_pressed_twice_adds_one_venue(clerk_browser: Browser, site: Site) -> None:
    clerk_browser.go("/venues/new")
    form = clerk_browser.text
    clerk_browser.send("/venues/new", **HALL)
    clerk_browser.text = form
    clerk_browser.send("/venues/new", **HALL)
    assert len(rows(site)) == 1


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser, site: Site) -> None:
    page = added(clerk_browser, name="", spaces="厅")
    assert page.status == 400
    assert "名称 座位数" in page.error_of("spaces")
    assert "罗星街道体育南路1号" in page.text
    page = added(clerk_browser, name="")
    assert page.error_of("name") == "必填"
    assert 'aria-invalid="true"' in page.text
    assert rows(site) == []


def test_what_belongs_to_no_field_is_said_above_the_form(clerk_browser: Browser, site: Site) -> None:
    page = added(clerk_browser, address="【机密】某处")
    assert page.status == 400
    assert "涉密信息不得录入" in re.sub("<.*?>", "", page.text.partition('role="alert">')[2])
    assert rows(site) == []


def test_a_form_without_the_sessions_own_token_changes_nothing(clerk_browser: Browser, site: Site) -> None:
    assert clerk_browser.post("/venues/new", csrf="guessed", **HALL).status == 400
    assert clerk_browser.post("/venues/new", **HALL).status == 400
    assert rows(site) == []


def test_a_form_of_another_site_changes_nothing(clerk_browser: Browser, site: Site) -> None:
    token = clerk_browser.go("/venues/new").csrf()
    clerk_browser.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert clerk_browser.post("/venues/new", csrf=token, **HALL).status == 403
    assert rows(site) == []


def test_nobody_and_members_change_nothing(visitor: Browser, member_browser: Browser, site: Site) -> None:
    assert visitor.go("/venues/new").path == "/sign-in"
    assert member_browser.go("/venues/new").status == 403
    assert member_browser.post("/venues/new", csrf=member_browser.go("/").csrf(), **HALL).status == 403
    assert rows(site) == []


@pytest.mark.parametrize("room", ["venues", "activities"])
def test_what_was_ticked_stays_ticked_when_sharing_is_refused(clerk_browser: Browser, room: str) -> None:
    """Both rooms draw the same form: who has to mend one choice does not make the others anew."""
    if room == "venues":
        here = added(clerk_browser).path
    else:
        here = clerk_browser.go("/activities/new").send("/activities/new", **SESSION).path
    token = clerk_browser.go(f"{here}/share").csrf()
    page = clerk_browser.post(f"{here}/share", csrf=token, shares=["PARENT", "MECHANISM:nowhere"])
    assert page.status >= 400
    assert re.search(r'value="PARENT" checked', page.text)
    assert not re.search(r'value="OPEN" checked', page.text)


def test_who_will_see_it_is_shown_before_it_is_saved(clerk_browser: Browser, site: Site) -> None:
    here = added(clerk_browser).path
    preview = clerk_browser.go(f"{here}/share?preview=1&shares=MECHANISM:{DELTA}")
    assert "青浦" in preview.text.partition("谁将看到")[2]
    assert choices.chosen(rows(site)[0].shares) == []
    saved = clerk_browser.send(f"{here}/share", shares=["PARENT", f"MECHANISM:{DELTA}"])
    assert "嘉兴市政协" in saved.text.partition("谁将看到")[2]
    assert {each.scope for each in choices.chosen(rows(site)[0].shares)} == {Scope.PARENT, Scope.MECHANISM}


def test_the_public_sees_open_venues_and_no_contact(clerk_browser: Browser, visitor: Browser) -> None:
    open_one = added(clerk_browser, shares="OPEN").path
    closed_one = added(clerk_browser, name="内部工作室").path
    page = visitor.go(open_one)
    assert page.status == 200
    assert "13800000000" not in page.text
    [form] = re.findall(r'href="(/report[^"]*)">我要反映', page.text)
    assert 'value="罗星民生议事堂"' in visitor.go(form).text, "the way to the form, as behind the code on the door"
    assert visitor.go(closed_one).status == 404
    listed = visitor.go("/venues").text
    assert "罗星民生议事堂" in listed
    assert "内部工作室" not in listed


def test_the_code_on_the_door_opens_the_public_page_until_it_is_renewed(
    clerk_browser: Browser, visitor: Browser, site: Site
) -> None:
    page = added(clerk_browser)
    assert "<svg" in page.text
    token = rows(site)[0].qr_token
    assert "罗星民生议事堂" in visitor.go(f"/q/{token}").text
    assert "13800000000" not in visitor.text
    clerk_browser.send(f"{page.path}/renew-code")
    assert visitor.go(f"/q/{token}").status == 404
    assert "没有这个页面" in visitor.text


def test_a_state_that_is_not_next_is_refused_in_words(clerk_browser: Browser, site: Site) -> None:
    page = added(clerk_browser)
    page.send(f"{page.path}/move", to="CLOSED", day="2026-02-01")
    assert page.status == 400
    assert page.error_of("day")
    page.send(page.path.removesuffix("/move") + "/move", to="PAUSED", day="2026-04-01")
    assert "暂停" in page.text
    assert page.post(f"{page.path}/move", csrf=page.csrf(), to="PLANNED", day="2026-04-01").status == 409
    assert rows(site)[0].state.value == "PAUSED"


def test_the_list_is_a_file_as_well(clerk_browser: Browser) -> None:
    added(clerk_browser)
    told = clerk_browser.client.get("/venues.csv?kind=HALL")
    assert told.headers["content-disposition"].startswith("attachment")
    assert "罗星民生议事堂" in told.content.decode("utf-8-sig")
    assert "13800000000" not in told.text
