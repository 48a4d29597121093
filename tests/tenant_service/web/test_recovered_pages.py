"""After a restore people are told what came back and what is lost, look through it, and fill in what was never told."""

import pytest
from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share, log_of
from sync.contract.shapes.activities import ActivityKind
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries, service
from tenant_service.activities.service import Draft, Report
from tenant_service.exchange.alarms import raise_alarm
from tenant_service.exchange.models import RestorationRow
from tenant_service.exchange.restoring import recovered
from tenant_service.identity.actor import Actor
from tenant_service.web.site import Site
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.restores import Backup, Restore

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

TITLE = "联席会议：水环境联保"


@pytest.fixture
def lost(
    clerk_browser: Browser, site: Site, tables: MetaData, directory: Directory, clerk: Actor, secretary: Actor,
    clock: places.Clock,
) -> str:  # fmt: skip
    """An open session that was held and reported, forgotten and recovered; the account in the browser is older."""
    del clerk_browser
    units = site.units
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    clock.on(hours=1)
    told = Draft(TITLE, ActivityKind.JOINT_SESSION, clock.now, "嘉善", contact_name="李二")
    with units.write() as unit:
        id = service.draft(unit, clerk, directory, told, [Share(Scope.OPEN)]).id
        service.submit(unit, clerk, id)
        service.sign_off(unit, secretary, id, unclassified=True)
        service.enter_closing(
            unit, clerk, id, Report(5, leader_present=False, suggestions=("清淤",), members_present=7)
        )
    restore.lose()
    clock.on(days=6)
    with units.write() as unit:
        raise_alarm(unit, log_of(places.JIASHAN, "c"), "NOT_SALVAGED", f"none of {places.JIAXING} answered")
    restore.come_back()
    return id


def test_where_nothing_was_ever_restored_the_page_says_so_and_home_is_silent(clerk_browser: Browser) -> None:
    assert "从未由备份恢复" in clerk_browser.go("/recovered").text
    assert "/recovered" not in clerk_browser.go("/").text


def test_home_and_page_say_what_came_back_and_which_span_is_lost(clerk_browser: Browser, lost: str) -> None:
    assert clerk_browser.go("/").tile("找回待核对") == 1
    assert "找回 1 条已共享的记录（待补私有字段）" in clerk_browser.text
    page = clerk_browser.go("/recovered").text
    assert "未共享的数据已丢失" in page
    assert f'<a href="/activities/{lost}">{TITLE}</a>' in page
    assert "找回，待补私有字段" in page
    assert "恢复时无政协应答的渠道：上级政协" in page
    assert "找回" in clerk_browser.go("/activities").text


def test_checking_takes_it_off_the_list_of_things_to_do(clerk_browser: Browser, site: Site, lost: str) -> None:
    clerk_browser.go(f"/activities/{lost}").send("/recovered/check")
    assert clerk_browser.path == "/recovered"
    assert "待核对 0 条" in clerk_browser.text
    assert "由备份恢复" not in clerk_browser.go(f"/activities/{lost}").text
    with site.units.read() as unit:
        assert recovered.unchecked(unit.session) == 0


def test_what_nobody_looked_at_stays_on_the_list_after_another_restore(
    clerk_browser: Browser, site: Site, lost: str
) -> None:
    """Home goes on counting it, so the page must go on showing it."""
    with site.units.write() as unit:
        unit.session.add(RestorationRow(at=unit.now, left_epoch="000002-00", salvaged=0))
    page = clerk_browser.go("/recovered").text
    assert lost in page
    assert "待核对 1 条" in page
    clerk_browser.send("/recovered/check")
    with site.units.read() as unit:
        assert recovered.unchecked(unit.session) == 0
    assert lost not in clerk_browser.go("/recovered").text


def test_what_was_never_told_is_filled_in_once(clerk_browser: Browser, site: Site, lost: str) -> None:
    """The session was open: its suggestions were told to nobody, so they are asked for again."""
    with site.units.read() as unit:
        assert queries.ours(unit.session, lost).suggestions is None
    assert f"/activities/{lost}/complete" in clerk_browser.go(f"/activities/{lost}").text
    clerk_browser.go(f"/activities/{lost}/complete")
    clerk_browser.send(f"/activities/{lost}/complete", contactName="李二", suggestions="清淤\n补绿", report="已议")
    assert clerk_browser.path == f"/activities/{lost}"
    with site.units.read() as unit:
        row = queries.ours(unit.session, lost)
        assert (row.contact_name, row.suggestions, row.suggestion_count) == ("李二", ["清淤", "补绿"], 2)
        assert row.members_present == 7
        assert recovered.unchecked(unit.session) == 0
    assert 'name="suggestions"' not in clerk_browser.go(f"/activities/{lost}/complete").text


def test_what_did_not_come_back_is_not_filled_in(clerk_browser: Browser, site: Site, directory: Directory) -> None:
    clerk = places.staff(places.JIASHAN, "clerk")  # type: ignore[arg-type]
    with site.units.write() as unit:
        told = Draft(TITLE, ActivityKind.JOINT_SESSION, places.SPRING, "嘉善")
        id = service.draft(unit, clerk, directory, told, []).id
    token = clerk_browser.go(f"/activities/{id}").csrf()
    assert "/complete" not in clerk_browser.text
    assert clerk_browser.post(f"/activities/{id}/complete", csrf=token, contactName="李二").status == 409


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_list_is_a_file_as_well(clerk_browser: Browser, lost: str, suffix: str) -> None:
    answer = clerk_browser.client.get(f"/recovered.{suffix}")
    assert answer.status_code == 200
    assert suffix != "csv" or (TITLE in answer.text and lost in answer.text)


def test_nobody_but_the_office_sees_it(visitor: Browser, member_browser: Browser) -> None:
    assert member_browser.go("/recovered").status == 403
    assert visitor.go("/recovered").path == "/sign-in"
