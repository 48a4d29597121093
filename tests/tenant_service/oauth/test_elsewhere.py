"""Another provider signs our people in: whom it names is whoever an administrator linked, and nobody else."""

import datetime as dt
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey
from typer.testing import CliRunner

from sync.contract.errors import Code, Refusal
from sync.edge.key_files import KeyTrouble
from tenant_service.cli import app
from tenant_service.identity import accounts, links
from tenant_service.identity.clients import Access
from tenant_service.identity.models import ClientRow
from tenant_service.identity.policy import Role
from tests.tenant_service.oauth.provider import CLIENT, OtherProvider, other_provider
from tests.tenant_service.oauth.tenant import Browser, MovableClock, Tenant, parts_of, served
from tests.tenant_service.places import JIASHAN, staff

CONSOLE = accounts.console(JIASHAN)
VIEWER = {"query": "{ viewer { sub } }"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, OtherProvider]]:
    """A committee that lets another provider sign its people in, and that provider."""
    clock = MovableClock()
    with other_provider(clock) as other:
        folder = tmp_path_factory.mktemp("brokering")
        with served(folder, external_issuer=other.url, external_client_id=CLIENT, external_name="市级登录") as tenant:
            other.clock = tenant.clock
            tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
            yield tenant, other


@pytest.fixture
def home(both: tuple[Tenant, OtherProvider]) -> Iterator[tuple[Tenant, OtherProvider]]:
    """The provider is right in everything again afterwards."""
    yield both
    key, url = both[1].key, both[1].url
    both[1].__init__(url, both[0].clock, key)  # type: ignore[misc]


def walked(browser: Browser, to: str = "/members") -> Any:
    """The way there and back, until this committee answers."""
    there = browser.get(f"/sign-in/elsewhere?next={to}")
    assert there.status_code == 303, there.text[:300]
    back = browser.get(there.headers["location"])
    return browser.get(back.headers["location"])


def is_nobody(browser: Browser) -> bool:
    return browser.post("/graphql", json=VIEWER).json()["data"]["viewer"] is None


def test_who_is_linked_is_signed_in_and_goes_on(home: tuple[Tenant, OtherProvider]) -> None:
    tenant, other = home
    browser = tenant.browser()
    assert "用市级登录登录" in browser.get("/sign-in").text
    told = walked(browser)
    assert (told.status_code, told.headers["location"]) == (303, "/members")
    assert not is_nobody(browser)
    asked = other.redeemed[-1]
    assert asked["code_verifier"]
    assert "client_secret" not in asked


def test_state_nonce_and_pkce_go_with_it(home: tuple[Tenant, OtherProvider]) -> None:
    tenant, other = home
    told = parts_of(tenant.browser().get("/sign-in/elsewhere").headers["location"])
    assert told["code_challenge_method"] == "S256"
    assert len(told["code_challenge"]) == 43
    assert len(told["state"]) >= 40
    assert len(told["nonce"]) >= 40
    assert told["redirect_uri"] == f"{tenant.url}/sign-in/elsewhere/back"
    assert told["scope"] == "openid"
    assert other.url


def test_what_was_begun_is_in_a_cookie_that_no_script_reads(home: tuple[Tenant, OtherProvider]) -> None:
    """It holds the verifier and the nonce."""
    [said] = home[0].browser().get("/sign-in/elsewhere").headers.get_list("set-cookie")
    assert said.startswith("liandong-330421-elsewhere=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= {each.strip() for each in said.split(";")}


def test_a_name_or_an_e_mail_links_nobody(home: tuple[Tenant, OtherProvider]) -> None:
    tenant, other = home
    other.wrong = {"sub": "li-2", "preferred_username": "admin", "email": "admin@330421.example"}
    browser = tenant.browser()
    told = walked(browser)
    assert told.status_code == 403
    assert "此外部账号（li-2）尚未关联本会账号" in told.text
    assert is_nobody(browser)


@pytest.mark.parametrize(
    "wrong",
    [{"nonce": "other"}, {"nonce": None}, {"aud": "somebody"}, {"aud": [CLIENT, "somebody"]}, {"iss": "https://x.example"},
     {"exp": 1}, {"iat": 2**40}, {"sub": ""}, {"sub": "x" * 300}, {"sub": 7}, {"azp": "x", "aud": [CLIENT, "x"]}],
)  # fmt: skip
def test_an_id_token_that_says_anything_wrong_signs_nobody_in(
    home: tuple[Tenant, OtherProvider], wrong: dict[str, Any]
) -> None:
    tenant, other = home
    other.wrong = wrong
    browser = tenant.browser()
    told = walked(browser)
    assert (told.status_code, "外部登录未成功" in told.text) == (401, True)
    assert is_nobody(browser)


@pytest.mark.parametrize(("alg", "kind"), [("RS256", "other"), ("HS256", "secret"), ("PS256", "own")])
def test_another_key_or_algorithm_signs_nobody_in(home: tuple[Tenant, OtherProvider], alg: str, kind: str) -> None:
    tenant, other = home
    made = {"other": RSAKey.generate_key(2048), "secret": OctKey.import_key("x" * 40), "own": other.key}
    other.alg, other.signer = alg, made[kind]
    browser = tenant.browser()
    assert walked(browser).status_code == 401
    assert is_nobody(browser)


@pytest.mark.parametrize(
    "answer", [{"state": "guessed"}, {"state": ""}, {"iss": "https://x.example"}, {"iss": ""}, {"code": "guessed"},
               {"code": ""}, {"error": "access_denied"}],
)  # fmt: skip
def test_an_answer_to_another_question_or_from_elsewhere_signs_nobody_in(
    home: tuple[Tenant, OtherProvider], answer: dict[str, str]
) -> None:
    tenant, other = home
    other.answer = answer
    browser = tenant.browser()
    assert walked(browser).status_code == 401
    assert is_nobody(browser)


def test_an_answer_counts_in_the_browser_that_asked_once_and_for_ten_minutes(
    home: tuple[Tenant, OtherProvider],
) -> None:
    tenant, _ = home
    asking, other = tenant.browser(), tenant.browser()
    back = asking.get(asking.get("/sign-in/elsewhere").headers["location"]).headers["location"]
    assert other.get(back).status_code == 401
    other.cookies.set("liandong-330421-elsewhere", "forged.x")
    assert other.get(back).status_code == 401
    assert asking.get(back).status_code == 303
    assert tenant.browser().get(back).status_code == 401
    late = tenant.browser()
    back = late.get(late.get("/sign-in/elsewhere").headers["location"]).headers["location"]
    tenant.clock.ahead += dt.timedelta(minutes=11)
    assert late.get(back).status_code == 401


def test_nobody_is_sent_elsewhere_afterwards(home: tuple[Tenant, OtherProvider]) -> None:
    assert walked(home[0].browser(), "//evil.example").headers["location"] == "/"


def test_an_administrator_links_and_unlinks_by_a_command(
    home: tuple[Tenant, OtherProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant, other = home
    settings = tenant.committee.settings
    for name in ("committee", "database", "directory", "root", "keys", "external_issuer", "external_client_id"):
        monkeypatch.setenv(f"LIANDONG_TENANT_{name.upper()}", str(getattr(settings, name)))
    tenant.account("wang")

    def run(*words: str) -> int:
        return CliRunner().invoke(app, ["link", *words]).exit_code

    assert run("add", "wang", "wang-3") == 0
    assert run("add", "clerk", "wang-3") == 1, "it is linked"
    assert run("add", "nobody", "nobody-4") == 1
    assert f"{other.url}  wang-3  wang" in CliRunner().invoke(app, ["link", "list"]).output
    other.wrong = {"sub": "wang-3"}
    browser = tenant.browser()
    assert walked(browser).status_code == 303
    assert run("remove", "wang-3") == 0
    assert is_nobody(browser), "who came that way is signed out"
    assert walked(tenant.browser()).status_code == 403
    assert run("remove", "wang-3") == 1


def test_nobody_links_but_the_system_administrator_and_not_the_own_account(home: tuple[Tenant, OtherProvider]) -> None:
    tenant, other = home
    for role in (each for each in Role if each is not Role.SYSTEM_ADMIN):
        with pytest.raises(Refusal) as refusal:
            tenant.write(lambda unit, role=role: links.link(unit, staff(JIASHAN, role), other.url, "x", "clerk"))  # type: ignore[misc]
        assert refusal.value.code is Code.FORBIDDEN


def test_one_committee_signs_in_at_another(tmp_path: Path) -> None:
    """Our own server is a provider as good as any."""
    for name in ("there", "here"):
        (tmp_path / name).mkdir()
    with served(tmp_path / "there") as there:
        sub = there.account("far")
        made = there.client(back=("http://127.0.0.1:9/unknown",), scopes=(Access.OPENID,))
        told: dict[str, Any] = {
            "external_issuer": there.url,
            "external_client_id": made.id,
            "external_algorithms": ("ES256",),
        }
        with served(tmp_path / "here", **told) as here:
            back = [f"{here.url}/sign-in/elsewhere/back"]
            there.write(lambda unit: _moved(unit, made.id, back))
            here.write(lambda unit: links.link(unit, CONSOLE, there.url, sub, "clerk"))
            near, far = here.browser(), there.browser("far")
            to = far.get(near.get("/sign-in/elsewhere").headers["location"]).headers["location"]
            assert near.get(to).status_code == 303
            assert not is_nobody(near)


def _moved(unit: Any, id: str, back: list[str]) -> None:
    """The port is known late."""
    unit.session.get_one(ClientRow, id).redirects = back


def test_a_provider_that_is_away_or_says_it_is_somebody_else_is_told_on_a_page(tmp_path: Path) -> None:
    with other_provider(MovableClock()) as other:
        other.described = {"issuer": "https://x.example"}
        with served(tmp_path, external_issuer=other.url, external_client_id=CLIENT) as tenant:
            assert tenant.browser().get("/sign-in/elsewhere").status_code == 401
            other.described = {"token_endpoint": "http://x.example/token"}
            assert tenant.browser().get("/sign-in/elsewhere").status_code == 401
    folder = tmp_path / "away"
    folder.mkdir()
    with served(folder, external_issuer=other.url, external_client_id=CLIENT) as tenant:
        told = tenant.browser().get("/sign-in/elsewhere")
        assert "对方暂时无法访问" in told.text


def test_a_secret_that_others_may_read_lets_nothing_start_and_one_kept_well_is_sent(tmp_path: Path) -> None:
    secret = tmp_path / "external.secret"
    secret.write_text("given-out\n")
    with other_provider(MovableClock()) as other:
        told: dict[str, Any] = {"external_issuer": other.url, "external_client_id": CLIENT, "external_secret": secret}
        secret.chmod(0o644)
        with pytest.raises(KeyTrouble, match=r"external\.secret is readable by others: chmod 600 it"):
            served(tmp_path, **told).__enter__()
        secret.chmod(0o600)
        with served(tmp_path, **told) as tenant:
            other.clock = tenant.clock
            tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
            assert walked(tenant.browser()).status_code == 303
            assert other.secrets == [b64encode(f"{CLIENT}:given-out".encode()).decode()]


def test_without_a_provider_there_is_no_way_to_one(tenant: Tenant) -> None:
    assert tenant.browser().get("/sign-in/elsewhere").status_code == 404
    assert "elsewhere" not in tenant.browser().get("/sign-in").text
