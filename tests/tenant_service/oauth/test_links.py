"""A person sees who elsewhere is their account, adds one by signing in there, and takes it away with the password."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sync.contract.errors import Code, Refusal
from tenant_service.identity import accounts, links
from tenant_service.identity.models import AuditRow, LinkRow
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.identity.conftest import PASSWORD
from tests.tenant_service.oauth.program import Program
from tests.tenant_service.oauth.provider import CLIENT, OtherProvider, other_provider
from tests.tenant_service.oauth.tenant import Browser, MovableClock, Tenant, served
from tests.tenant_service.places import JIASHAN

Both = tuple[Tenant, OtherProvider]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    with other_provider(MovableClock()) as other:
        told: dict[str, Any] = {"external_issuer": other.url, "external_client_id": CLIENT, "external_name": "市级登录"}
        with served(tmp_path, **told) as tenant:
            other.clock = tenant.clock
            yield tenant, other


def begun(browser: Browser, password: str = PASSWORD) -> httpx2.Response:
    """Presses the button that links."""
    return browser.post("/links", data={"csrf": browser.csrf("/links"), "password": password})


def linked(browser: Browser) -> httpx2.Response:
    """Links, by signing in there; the last answer here."""
    return browser.get(browser.get(begun(browser).headers["location"]).headers["location"])


def removed(browser: Browser, other: OtherProvider, password: str = PASSWORD) -> httpx2.Response:
    told = {"csrf": browser.csrf("/links"), "issuer": other.url, "subject": "zhang-1", "password": password}
    return browser.post("/links/remove", data=told)


def held(tenant: Tenant) -> list[str]:
    return tenant.write(lambda unit: [row.subject for row in unit.session.query(LinkRow)])


def acts(unit: Unit) -> list[str]:
    return [row.act for row in unit.session.query(AuditRow).order_by(AuditRow.seq) if row.act.startswith("link.")]


def signed_in_elsewhere(tenant: Tenant) -> httpx2.Response:
    browser = tenant.browser()
    there = browser.get(browser.get("/sign-in/elsewhere").headers["location"])
    return browser.get(there.headers["location"])


def test_who_signs_in_there_is_linked_sees_it_and_takes_it_away(both: Both) -> None:
    tenant, other = both
    browser, phone = tenant.browser("clerk"), tenant.browser("clerk")
    assert "尚未关联外部账号" in browser.get("/links").text
    assert 'href="/links"' in browser.get("/password").text
    told = linked(browser)
    assert (told.status_code, told.headers["location"]) == (303, "/links")
    page = browser.get("/links").text
    assert ("zhang-1" in page, "市级登录" in page) == (True, True)
    assert signed_in_elsewhere(tenant).status_code == 303
    program = Program(tenant, tenant.client(), browser)
    tokens = program.tokens()
    assert removed(browser, other).headers["location"] == "/links"
    assert "尚未关联外部账号" in browser.get("/links").text, "this browser stays signed in"
    assert phone.get("/links").headers["location"].startswith("/sign-in"), "others do not"
    assert program.refresh(tokens["refresh_token"]).status_code == 400
    assert signed_in_elsewhere(tenant).status_code == 403
    assert tenant.write(acts) == ["link.add", "link.remove"]


def test_without_the_password_nothing_is_linked_and_nothing_taken_away(both: Both) -> None:
    tenant, other = both
    browser = tenant.browser("clerk")
    for password in ("", "not-the-password"):
        told = begun(browser, password)
        assert (told.status_code, "用户名或密码不正确" in told.text) == (401, True)
    linked(browser)
    assert removed(browser, other, "not-the-password").status_code == 401
    assert held(tenant) == ["zhang-1"]
    forged = browser.post("/links/remove", data={"issuer": other.url, "subject": "zhang-1", "password": PASSWORD})
    assert (forged.status_code, held(tenant)) == (403, ["zhang-1"])
    assert tenant.write(acts) == ["link.add"]


def test_a_locked_account_says_here_too_when_it_opens_again(both: Both) -> None:
    browser = both[0].browser("clerk")
    for _ in range(5):
        begun(browser, "not-the-password")
    told = begun(browser)
    assert (told.status_code, "登录失败次数过多，请于20" in told.text) == (429, True)


def test_what_is_somebody_elses_is_not_linked_and_not_taken_away(both: Both) -> None:
    tenant, other = both
    tenant.write(lambda unit: links.link(unit, accounts.console(JIASHAN), other.url, "zhang-1", "admin"))
    browser = tenant.browser("clerk")
    told = linked(browser)
    assert (told.status_code, "此外部账号已关联其他账号" in told.text) == (409, True)
    assert removed(browser, other).status_code == 404
    assert "zhang-1" not in browser.get("/links").text
    assert held(tenant) == ["zhang-1"]


def test_who_was_linked_by_somebody_else_is_told_on_the_first_page(both: Both) -> None:
    tenant, other = both
    told = "他人为您的账号关联了外部登录"
    tenant.write(lambda unit: links.link(unit, accounts.console(JIASHAN, "li"), other.url, "li-2", "admin"))
    linked(tenant.browser("clerk"))
    assert told not in tenant.browser("clerk").get("/").text, "who does it alone knows"
    for days in (0, 31):
        tenant.clock.ahead += dt.timedelta(days=days)
        page = tenant.browser("admin").get("/").text
        assert (told in page, "li-2" in page) == (True, True), "an administrator is told as long as it is there"
    subs = tenant.write(lambda unit: [row.sub for row in unit.session.query(AuditRow) if row.act == "link.add"])
    assert subs[0] == "console:li"
    tenant.write(lambda unit: links.link(unit, accounts.console(JIASHAN), other.url, "li-3", "clerk"))
    assert told in tenant.browser("clerk").get("/").text
    tenant.clock.ahead += dt.timedelta(days=31)
    assert told not in tenant.browser("clerk").get("/").text


def test_an_answer_links_the_account_that_asked_and_no_other(both: Both) -> None:
    """Somebody's own login brought into another's browser, or into another sign-in of the same one."""
    tenant, _ = both
    asking = tenant.browser("clerk")
    back = asking.get(begun(asking).headers["location"]).headers["location"]
    assert tenant.browser("admin").get(back).status_code == 401
    name, cookie = next((n, v) for n, v in tenant.browser("admin").cookies.items())
    asking.cookies.delete(name)
    asking.cookies.set(name, cookie)
    told = asking.get(back)
    assert (told.status_code, "此间本会登录已变更" in told.text) == (401, True)
    assert held(tenant) == []


def test_the_last_way_in_is_not_taken_away(both: Both) -> None:
    tenant, other = both
    id = tenant.account("newcomer", must_change=True)
    tenant.write(lambda unit: links.link(unit, accounts.console(JIASHAN), other.url, "li-2", "newcomer"))

    def act(unit: Unit) -> None:
        account = accounts.by_id(unit, id)
        assert account
        links.unlink_own(unit, account.actor(JIASHAN), other.url, "li-2")

    with pytest.raises(Refusal) as refusal:
        tenant.write(act)
    assert (refusal.value.code, held(tenant)) == (Code.LAST_WAY_IN, ["li-2"])
    assert tenant.browser("newcomer").get("/links").headers["location"].startswith("/password")


def test_without_a_provider_the_page_offers_none(tenant: Tenant) -> None:
    browser = tenant.browser("clerk")
    page = browser.get("/links").text
    assert ("尚未关联外部账号" in page, "前往登录并关联" in page) == (True, False)
    assert browser.post("/links", data={"csrf": browser.csrf("/links"), "password": PASSWORD}).status_code == 404
    assert tenant.browser().get("/links").headers["location"].startswith("/sign-in?next=")
