"""Accounts are opened by one administrator, given roles by another, and looked through by all three."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from tenant_service.identity import accounts, sessions
from tenant_service.identity.callers import cookie_name
from tenant_service.identity.models import AuditRow, DisclosureRow
from tenant_service.identity.policy import THREE, Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import JIASHAN, Clock

# A page does not know which database is below it; the accounts' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Browser]
NEW = {"username": "qian", "name": "钱一", "password": "jia-shan-first", "reason": "新到岗位"}


@pytest.fixture
def system(anybody: Open) -> Browser:
    return anybody(Role.SYSTEM_ADMIN, name="系统员")


@pytest.fixture
def security(anybody: Open) -> Browser:
    return anybody(Role.SECURITY_ADMIN, name="安全员")


def account(units: Units, username: str) -> accounts.Account:
    with units.read() as unit:
        found = accounts.by_username(unit, username).account
    assert found is not None
    return found


def acts(units: Units) -> list[str]:
    with units.read() as unit:
        return list(unit.session.scalars(select(AuditRow.act).order_by(AuditRow.seq)))


def test_one_opens_an_account_another_gives_it_a_role(system: Browser, security: Browser, units: Units) -> None:
    page = system.go("/accounts").send("/accounts/open", **NEW)
    assert page.status == 200
    made = account(units, "qian")
    assert (made.roles, made.must_change) == (frozenset(), True)
    assert "变更角色</h2>" not in page.text, "who opens it gives it no role"
    page = security.go(f"/accounts/{made.id}")
    assert "关闭账号" not in page.text
    page.send(f"/accounts/{made.id}/roles", role=["clerk", "street"], reason="分工调整")
    assert account(units, "qian").roles == {Role.CLERK, Role.STREET}
    assert "授予 工作人员、镇街联络员" in page.text
    assert "分工调整" in page.text
    assert acts(units)[-2:] == ["account.create", "account.roles"]


def test_who_did_it_to_an_account_is_said_by_name(system: Browser, units: Units) -> None:
    system.go("/accounts").send("/accounts/open", **NEW)
    assert "操作人 系统员" in system.go(f"/accounts/{account(units, 'qian').id}").text


def test_what_is_refused_stands_beside_its_field_and_changes_nothing(
    system: Browser, security: Browser, units: Units
) -> None:
    page = system.go("/accounts")
    before = acts(units)
    assert "10" in page.send("/accounts/open", **NEW | {"password": "short"}).text
    assert page.send("/accounts/open", **NEW | {"reason": ""}).error_of("reason")
    assert page.send("/accounts/open", **NEW | {"person": "nobody"}).error_of("person") == "名册中没有此人"
    assert acts(units) == before
    system.go("/accounts").send("/accounts/open", **NEW)
    id = account(units, "qian").id
    page = security.go(f"/accounts/{id}").send(
        f"/accounts/{id}/roles", role=["system_admin", "audit_admin"], reason="分工调整"
    )
    assert "不得由一人兼任" in page.text
    assert account(units, "qian").roles == frozenset()


def test_nobody_changes_an_own_account(security: Browser, units: Units) -> None:
    own = account(units, "安全员-security_admin")
    page = security.go(f"/accounts/{own.id}")
    assert "这是您自己的账号" in page.text
    csrf = security.go("/accounts").csrf() if "csrf" in security.text else page.csrf()
    page = security.post(f"/accounts/{own.id}/roles", csrf=csrf, role="chair", reason="自我任命")
    assert page.status == 403
    assert account(units, "安全员-security_admin").roles == {Role.SECURITY_ADMIN}


def test_a_closed_account_is_signed_out(system: Browser, clerk_browser: Browser, units: Units) -> None:
    clerk = account(units, "王一-clerk")
    system.go(f"/accounts/{clerk.id}").send(f"/accounts/{clerk.id}/close", reason="调离本会")
    with units.read() as unit:
        assert accounts.by_id(unit, clerk.id) is None
        assert sessions.listed(unit, clerk.id, Lifetimes()) == []
    assert "已关闭" in system.go("/accounts?state=CLOSED").text


def test_the_list_is_filtered_by_text_role_and_state(system: Browser, anybody: Open) -> None:
    anybody(Role.CLERK, name="吴二")
    anybody(Role.CHAIR, name="郑三", must_change=True)
    assert "吴二" in system.go("/accounts?q=%E5%90%B4").text
    assert "郑三" not in system.text
    assert "郑三" in system.go("/accounts?role=chair").text
    assert "吴二" not in system.text
    assert "郑三" in system.go("/accounts?state=FIRST_PASSWORD").text
    assert "没有符合条件的账号" in system.go("/accounts?state=LOCKED").text
    assert "吴二" in system.go("/accounts?role=nonsense").text


def test_a_page_leads_to_the_next(system: Browser, anybody: Open) -> None:
    for n in range(60):
        anybody(Role.CLERK, name=f"人{n:02}")
    assert "人00" in system.go("/accounts?role=clerk").text
    assert "人59" not in system.text
    assert "人59" in system.go("/accounts?role=clerk&after=人49-clerk").text


@pytest.mark.parametrize("role", THREE)
def test_each_of_the_three_sees_the_list(anybody: Open, role: Role) -> None:
    browser = anybody(role, name="管理员")
    assert browser.go("/accounts").status == 200
    assert 'href="/accounts"' in browser.go("/").text


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECRETARY, Role.CHAIR, Role.MEMBER])
def test_nobody_else_does(anybody: Open, units: Units, role: Role) -> None:
    browser = anybody(role)
    before = acts(units)
    for path in ("/accounts", "/accounts.csv?purpose=LAWFUL", f"/accounts/{account(units, f'王一-{role}').id}"):
        assert browser.go(path).status == 403
    assert 'href="/accounts"' not in browser.go("/").text
    assert acts(units) == before


def test_each_of_the_three_lands_on_the_own_work_and_on_nobody_elses(
    anybody: Open, system: Browser, security: Browser, clerk_browser: Browser
) -> None:
    audit = anybody(Role.AUDIT_ADMIN, name="审计员")
    system.go("/accounts").send("/accounts/open", **NEW)
    homes = [browser.go("/").text for browser in (system, security, audit)]
    counted = system.tile("首次密码未改"), security.tile("尚未授予角色的账号"), audit.tile("7天内账号与角色变更")
    assert counted == (1, 1, 5)
    own = [
        ("首次密码未改", 'href="/accounts#open"'),
        ("尚未授予角色的账号", "授予、收回角色，变更所属单位"),
        ("7天内账号与角色变更", "审计日志"),
    ]
    for home, words in zip(homes, own, strict=True):
        assert [each for each in words if each not in home] == []
        assert not any(each in home for of in own if of is not words for each in of)
        assert "即将举行" not in home
        assert "今日活动" not in home
        assert "钱一</a> <strong>开通账号" in home, "what was done last"
    assert "即将举行" in clerk_browser.go("/").text
    assert "钱一" in security.go("/accounts?role=none").text
    assert "系统员" not in security.text
    assert "7天内" not in audit.go("/?lang=en").text


def test_who_is_missing_of_the_three_is_said(system: Browser, security: Browser) -> None:
    assert '<ul class="list" id="missing"><li>审计管理员</li></ul>' in system.go("/accounts").text
    assert "三员空缺" in security.go("/").text


def test_the_list_is_exported_for_a_purpose_alone(system: Browser, units: Units) -> None:
    assert system.client.get("/accounts.csv").status_code == 400
    answer = system.client.get("/accounts.csv?purpose=LAWFUL&role=system_admin")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["用户名", "姓名", "角色", "所属单位", "状态", "最近登录", "锁定至"]
    assert [row[:5] for row in rows[1:]] == [["系统员-system_admin", "系统员", "系统管理员", "", "在用"]]
    with units.read() as unit:
        (noted,) = unit.session.scalars(select(DisclosureRow))
        assert (noted.act, noted.purpose, noted.rows) == ("account.export", "LAWFUL", 1)


def test_the_pages_speak_english(system: Browser) -> None:
    assert "Accounts and roles" in system.go("/accounts?lang=en").text
    assert "System administrator" in system.text


def html_of(page: Browser) -> str:
    return page.text.replace("</b>", "")


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_password_of_one_of_the_three_is_set_at_the_machine_and_all_three_are_told(
    anybody: Open, system: Browser, units: Units, clock: Clock, role: Role
) -> None:
    told = {each: anybody(each, name="管理员") for each in THREE}
    id, csrf = account(units, f"管理员-{role.value}").id, system.go("/accounts").csrf()
    before = acts(units)
    assert f"/accounts/{id}/password" not in system.go(f"/accounts/{id}").text
    page = system.post(f"/accounts/{id}/password", csrf=csrf, password="another-first-9", reason="忘记密码重设")
    assert (page.status, acts(units)) == (403, before)
    assert "只能在本会服务器上重设" in page.text
    assert account(units, f"管理员-{role.value}").must_change is False
    assert told[role].go("/").tile("30天内重设的管理员密码") == 0
    with units.write() as unit:
        accounts.set_password(unit, accounts.console(JIASHAN), id, "no password", "忘记密码重设")
    with units.read() as unit:
        last = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert last is not None
        assert (last.sub, last.act, last.subject) == (accounts.CONSOLE, "account.password", id)
    with units.write() as unit:  # the one concerned chooses an own one, and signs in
        accounts.change_own_password(unit, id, "no password", "own")
        told[role].client.cookies.set(cookie_name(JIASHAN, is_https=False), sessions.begin(unit, id))
    for browser in (system, *told.values()):
        assert browser.go("/").tile("30天内重设的管理员密码") == 1
    clock.on(days=31)
    assert system.go("/").tile("30天内重设的管理员密码") == 0
