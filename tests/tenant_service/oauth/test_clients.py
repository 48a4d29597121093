"""The system administrator registers applications: on a page, by a command, and each act is audited."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select
from typer.testing import CliRunner, Result

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from tenant_service.cli import app
from tenant_service.identity import accounts, clients
from tenant_service.identity.clients import Access, Draft
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.oauth.tenant import BACK, Tenant, csrf_in
from tests.tenant_service.places import JIASHAN, staff

CONSOLE = accounts.console(JIASHAN)
GOOD = {"name": "阅读器", "redirects": BACK, "openid": "yes"}


def acts(tenant: Tenant, subject: str) -> list[str]:
    with tenant.committee.units.read() as unit:
        wanted = select(AuditRow.act).where(AuditRow.subject == subject).order_by(AuditRow.seq)
        return list(unit.session.scalars(wanted))


def listed(tenant: Tenant) -> list[clients.Client]:
    return tenant.write(lambda unit: clients.listed(unit, CONSOLE))


def test_an_administrator_registers_and_removes_an_application_on_a_page(tenant: Tenant) -> None:
    browser = tenant.browser("admin")
    assert "/applications" in browser.get("/").text
    key = json.dumps(jose.public(jose.new_key()))
    told = {**GOOD, "csrf": browser.csrf("/applications"), "keys": key, "api": "yes", "own": "yes"}
    assert browser.post("/applications", data=told).status_code == 303
    (made,) = (each for each in listed(tenant) if each.name == "阅读器")
    assert (made.redirects, made.scopes, made.is_own) == ((BACK,), (Access.OPENID, Access.API), True)
    page = browser.get("/applications").text
    assert made.id in page
    assert "公钥认证" in page
    browser.post("/applications/remove", data={"csrf": csrf_in(page), "id": made.id})
    assert made not in listed(tenant)
    assert acts(tenant, made.id) == ["client.register", "client.remove"]


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [({"redirects": "http://other.example/back"}, "redirects"), ({"keys": "{}"}, "keys"), ({"name": ""}, "name"),
     ({"redirects": ""}, "redirects"), ({"openid": ""}, "scopes")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(tenant: Tenant, wrong: dict[str, str], beside: str) -> None:
    browser, before = tenant.browser("admin"), listed(tenant)
    told = browser.post("/applications", data={**GOOD, "csrf": browser.csrf("/applications"), **wrong})
    assert told.status_code == 400
    assert f'id="e-{beside}"' in told.text
    assert listed(tenant) == before


def test_nobody_else_registers_or_sees_any(tenant: Tenant) -> None:
    browser = tenant.browser("clerk")
    assert browser.get("/applications").status_code == 403
    assert "/applications" not in browser.get("/").text
    assert browser.post("/applications", data={**GOOD, "csrf": browser.csrf()}).status_code == 403
    for role in (each for each in Role if each is not Role.SYSTEM_ADMIN):
        with pytest.raises(Refusal) as refusal:
            tenant.write(lambda unit, role=role: clients.listed(unit, staff(JIASHAN, role)))  # type: ignore[misc]
        assert refusal.value.code is Code.FORBIDDEN


@pytest.mark.parametrize(
    "redirect",
    ["", "back", "/back", "http://other.example/back", "https://", "https://a@b.example/", "https://a.example/#x",
     "https://*.example/", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "https://a.example/ x",
     "https://a.example:x/", "https://[::1", "https://例子.example/", "myapp:/back", "https://a.example/" + "x" * 500],
)  # fmt: skip
def test_an_address_that_others_could_read_is_not_registered(tenant: Tenant, redirect: str) -> None:
    def register(unit: Unit) -> None:
        clients.register(unit, CONSOLE, Draft("x", (redirect,)))

    with pytest.raises(Refusal) as refusal:
        tenant.write(register)
    assert refusal.value.code is Code.BAD_REDIRECT


@pytest.mark.parametrize("redirect", ["https://a.example/back?x=1", "http://[::1]:8000/back", "com.example.app:/back"])
def test_an_address_of_the_application_alone_is_registered_as_it_is(tenant: Tenant, redirect: str) -> None:
    made = tenant.write(lambda unit: clients.register(unit, CONSOLE, Draft("x", (redirect,))))
    assert made.redirects == (redirect,)


def test_a_private_key_is_refused_and_so_is_another_curve(tenant: Tenant) -> None:
    private = jose.new_key().as_dict(private=True)
    longer = ECKey.generate_key("P-384").as_dict(private=False)
    for told in (
        json.dumps(private),
        json.dumps(longer),
        json.dumps({"keys": []}),
        '{"kty":"oct","k":"AAAA"}',
        "[]",
        "x",
        "9" * 20_000,
    ):
        with pytest.raises(Refusal) as refusal:
            tenant.write(lambda unit, told=told: clients.register(unit, CONSOLE, Draft("x", (BACK,), keys=told)))  # type: ignore[misc]
        assert refusal.value.code is Code.BAD_CLIENT_KEY, told[:50]


def test_the_commands_add_list_and_remove(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tenant.committee.settings
    for name in ("committee", "database", "directory", "root", "keys"):
        monkeypatch.setenv(f"LIANDONG_TENANT_{name.upper()}", str(getattr(settings, name)))
    (tmp_path / "key.jwk").write_text(json.dumps(jose.public(jose.new_key())))

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["client", *words])

    added = run("add", "报表", "--redirect", BACK, "--scope", "api", "--key", str(tmp_path / "key.jwk"), "--own")
    assert added.exit_code == 0, added.output
    id = added.output.strip()
    assert f"{id}  报表  api  own, 1 keys  {BACK}" in run("list").output
    for wrong in (["--scope", "all"], ["--key", str(tmp_path / "none")], ["--redirect", "x"]):
        failed = run("add", "报表", *(wrong if "--redirect" in wrong else ["--redirect", BACK, *wrong]))
        assert failed.exit_code == 1
        assert "liandong tenant client: " in failed.stderr
    assert run("remove", id).exit_code == 0
    assert run("remove", id).exit_code == 1
    assert acts(tenant, id) == ["client.register", "client.remove"]
