"""Who signs out here is signed out at the provider that signed them in, and who signs out there is signed out here."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from tenant_service.edge.logout_token import EVENT
from tenant_service.identity import accounts, links
from tenant_service.identity.models import AuditRow, BrowserSessionRow, LinkedSessionRow
from tests.security.table import Attack, Door, tries
from tests.tenant_service.oauth.program import HTTP, Program
from tests.tenant_service.oauth.provider import CLIENT, OtherProvider, other_provider
from tests.tenant_service.oauth.tenant import Browser, MovableClock, Tenant, served
from tests.tenant_service.places import JIASHAN

Both = tuple[Tenant, OtherProvider]
CONSOLE = accounts.console(JIASHAN)
L = Door.LOGOUT
WHOM = {"sub": "zhang-1"}


@pytest.fixture(scope="module")
def one(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A committee that lets another provider sign its people in, and that provider."""
    with other_provider(MovableClock()) as other:
        told: dict[str, Any] = {"external_issuer": other.url, "external_client_id": CLIENT}
        with served(tmp_path_factory.mktemp("leaving"), database, **told) as tenant:
            other.clock = tenant.clock
            for subject, name in (("zhang-1", "clerk"), ("li-2", "admin")):
                tenant.write(lambda unit, it=(subject, name): links.link(unit, CONSOLE, other.url, *it))  # type: ignore[misc]
            yield tenant, other


@pytest.fixture
def both(one: Both) -> Iterator[Both]:
    """The provider is right in everything again afterwards."""
    yield one
    key, url = one[1].key, one[1].url
    one[1].__init__(url, one[0].clock, key)  # type: ignore[misc]


def came(tenant: Tenant) -> Browser:
    """A browser that the provider signed in."""
    browser = tenant.browser()
    back = browser.get(browser.get("/sign-in/elsewhere").headers["location"])
    assert browser.get(back.headers["location"]).status_code == 303
    assert is_signed_in(browser)
    return browser


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/password").status_code == 200


def left(browser: Browser, **told: str) -> str:
    """Where the browser goes that signs out."""
    answer = browser.post("/sign-out", data={"csrf": browser.csrf(), **told})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def said(tenant: Tenant, *tokens: str) -> httpx2.Response:
    return HTTP.post(f"{tenant.url}/backchannel-logout", data={"logout_token": list(tokens)})


def held(tenant: Tenant) -> list[str]:
    """Everything of sessions, and what the log has of their end."""
    rows: list[str] = tenant.write(
        lambda unit: [
            *unit.session.scalars(select(BrowserSessionRow.digest).order_by(BrowserSessionRow.digest)),
            *unit.session.scalars(select(LinkedSessionRow.session_digest).order_by(LinkedSessionRow.session_digest)),
            *unit.session.scalars(select(AuditRow.act).order_by(AuditRow.seq)),
        ]
    )
    return rows


def refused(tenant: Tenant, *tokens: str) -> None:
    """It is told nothing, and nothing has changed."""
    browser, before = came(tenant), held(tenant)
    answer = said(tenant, *tokens)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert answer.headers["cache-control"] == "no-store"
    assert held(tenant) == before
    assert is_signed_in(browser)


# ── from here to there ──


@pytest.mark.parametrize("everywhere", [{}, {"everywhere": "yes"}], ids=["here", "everywhere"])
def test_who_signs_out_here_goes_on_to_be_signed_out_there(both: Both, everywhere: dict[str, str]) -> None:
    tenant, other = both
    browser = came(tenant)
    to = urlsplit(left(browser, **everywhere))
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{other.url}/logout"
    assert parse_qs(to.query) == {
        "realm": ["zx"], "id_token_hint": [other.given[-1]], "client_id": [CLIENT],
        "post_logout_redirect_uri": [f"{tenant.url}/sign-in"],
    }  # fmt: skip
    assert not is_signed_in(browser)
    assert tenant.write(lambda unit: unit.session.query(LinkedSessionRow).count()) == len(came_by_it(tenant))


def came_by_it(tenant: Tenant) -> list[str]:
    """Sessions that are there still and came from the provider."""
    rows: list[str] = tenant.write(
        lambda unit: list(unit.session.scalars(select(BrowserSessionRow.digest).join(LinkedSessionRow)))
    )
    return rows


def test_who_came_by_a_password_goes_nowhere_else(both: Both) -> None:
    browser = both[0].browser()
    browser.sign_in()
    assert left(browser) == "/"
    browser = came(both[0])
    browser.sign_in()  # in the same browser, by another way
    assert left(browser) == "/"


@pytest.mark.parametrize("endpoint", [None, "http://elsewhere.example/logout", "javascript:alert(1)", 7])
def test_a_provider_that_ends_no_sessions_safely_is_not_gone_to(tmp_path: Path, endpoint: Any) -> None:
    with other_provider(MovableClock()) as other:
        other.described = {"end_session_endpoint": endpoint}
        with served(tmp_path, external_issuer=other.url, external_client_id=CLIENT) as tenant:
            other.clock = tenant.clock
            tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
            browser = came(tenant)
            assert left(browser) == "/"
            assert not is_signed_in(browser)


def test_signing_out_does_not_wait_for_a_provider_and_the_settings_may_say_that_it_ends_here(tmp_path: Path) -> None:
    told: dict[str, Any] = {"external_client_id": CLIENT}
    with other_provider(MovableClock()) as other:
        told["external_issuer"] = other.url
        with served(tmp_path, **told, external_sign_out=False) as tenant:
            other.clock = tenant.clock
            tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
            assert left(came(tenant)) == "/"
            browser = came(tenant)
    with served(tmp_path, **told) as tenant:  # started anew, and the provider is away
        again = tenant.browser()
        again.cookies.update(browser.cookies)
        assert left(again) == "/"
        assert not is_signed_in(again)


# ── from there to here ──


@pytest.mark.parametrize("typ", ["logout+jwt", "JWT", None])
def test_who_signed_out_there_is_signed_out_here(both: Both, typ: str | None) -> None:
    tenant, other = both
    browsers = came(tenant), came(tenant)
    by_password, anothers = tenant.browser("clerk"), tenant.browser("admin")
    answer = said(tenant, other.logout_token(typ, **WHOM))
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-store")
    assert [is_signed_in(each) for each in browsers] == [False, False]
    assert is_signed_in(by_password), "it ends what the provider began"
    assert is_signed_in(anothers)
    (entry,) = tenant.write(
        lambda unit: [
            (row.iss, row.sub, row.act)
            for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1))
        ]
    )
    assert entry[1:] == ("", "session.ended_elsewhere")


@pytest.mark.parametrize("whom", [{}, WHOM], ids=["sid", "sid and sub"])
def test_one_session_there_ends_what_came_of_it(both: Both, whom: dict[str, str]) -> None:
    tenant, other = both
    first = came(tenant)
    sid = f"session-{len(other.redeemed)}"
    second = came(tenant)
    assert said(tenant, other.logout_token(sid=sid, **whom)).status_code == 200
    assert [is_signed_in(each) for each in (first, second)] == [False, True]


def test_a_session_that_was_never_named_ends_with_any_of_its_subject(both: Both) -> None:
    tenant, other = both
    other.wrong = {"sid": "s" * 300}
    browser = came(tenant)
    assert said(tenant, other.logout_token(sid="one", sub="li-2")).status_code == 200
    assert said(tenant, other.logout_token(sid="one")).status_code == 200
    assert is_signed_in(browser)
    assert said(tenant, other.logout_token(sid="one", **WHOM)).status_code == 200
    assert not is_signed_in(browser)


def test_whether_anybody_was_signed_in_is_not_told(both: Both) -> None:
    tenant, other = both
    came(tenant)
    answers = [said(tenant, other.logout_token(sub=sub)) for sub in ("zhang-1", "zhang-1", "nobody", "张")]
    assert {(each.status_code, each.content) for each in answers} == {(200, b"")}


def test_what_applications_hold_goes_on_as_after_any_sign_out_of_one_browser(both: Both) -> None:
    tenant, other = both
    program = Program(tenant, tenant.client(key=True), came(tenant))
    token = program.tokens()["refresh_token"]
    assert said(tenant, other.logout_token(**WHOM)).status_code == 200
    assert program.refresh(token).status_code == 200


_CLAIMS: list[dict[str, Any]] = [
    {"iss": None}, {"aud": None}, {"aud": []}, {"iat": None}, {"iat": 2**40}, {"iat": "now"}, {"exp": None},
    {"exp": 2**40}, {"jti": None}, {"jti": ""}, {"jti": "x" * 300}, {"jti": 7}, {"events": None},
    {"events": {}}, {"events": [EVENT]}, {"events": {EVENT: True}}, {"events": {f"{EVENT}s": {}}},
    {"nonce": "n"}, {"nonce": ""}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 300},
    {"sub": "\x00"}, {"sid": "\x00"}, {"sid": "x" * 300},
]  # fmt: skip
WRONG = [
    pytest.param({"aud": "somebody"}, id="aud", marks=tries(L, Attack.WRONG_AUDIENCE)),
    pytest.param({"aud": [CLIENT, "somebody"]}, id="aud, others too", marks=tries(L, Attack.WRONG_AUDIENCE)),
    pytest.param({"iss": "https://x.example"}, id="iss", marks=tries(L, Attack.ANOTHERS)),
    pytest.param({"iat": 1, "exp": 2}, id="over", marks=tries(L, Attack.EXPIRED)),
    *(
        pytest.param(told, id=str(told)[:40])
        for told in _CLAIMS
    ),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_logout_token_that_says_anything_wrong_ends_nothing(both: Both, wrong: dict[str, Any]) -> None:
    refused(both[0], both[1].logout_token(**{**WHOM, **wrong}))


@tries(L, Attack.FORGED)
@pytest.mark.parametrize(("alg", "kind"), [("RS256", "other"), ("HS256", "secret"), ("PS256", "own")])
def test_another_key_or_algorithm_ends_nothing(both: Both, alg: str, kind: str) -> None:
    tenant, other = both
    browser, before = came(tenant), held(tenant)
    made = {"other": RSAKey.generate_key(2048), "secret": OctKey.import_key("x" * 40), "own": other.key}
    other.alg, other.signer = alg, made[kind]
    assert said(tenant, other.logout_token(**WHOM)).status_code == 400
    assert held(tenant) == before
    assert is_signed_in(browser)


@pytest.mark.parametrize("tokens", [[], [""], ["x"], ["a.b.c"], ["eyJhbGciOiJub25lIn0.eyJpc3MiOjF9."]], ids=str)
def test_what_is_no_token_ends_nothing(both: Both, tokens: list[str]) -> None:
    refused(both[0], *tokens)


def test_no_other_token_of_the_provider_ends_anything(both: Both) -> None:
    tenant, other = both
    came(tenant)
    refused(tenant, other.given[-1])
    refused(tenant, other.logout_token("at+jwt", **WHOM))
    refused(tenant, other.logout_token(**WHOM), other.logout_token(**WHOM))


@tries(L, Attack.CHANGED_BODY)
def test_a_changed_token_ends_nothing(both: Both) -> None:
    head, _, mark = both[1].logout_token(sub="li-2").split(".")
    refused(both[0], f"{head}.{both[1].logout_token(**WHOM).split('.')[1]}.{mark}")


@tries(L, Attack.REPLAYED)
def test_a_token_counts_once(both: Both) -> None:
    tenant, other = both
    token = other.logout_token(**WHOM)
    assert said(tenant, token).status_code == 200
    refused(tenant, token)
    tenant.clock.ahead += dt.timedelta(seconds=150)  # its time is over but for what clocks may differ by
    refused(tenant, token)


def test_a_key_that_the_provider_has_changed_is_asked_for_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        other_provider(MovableClock()) as other,
        served(tmp_path, external_issuer=other.url, external_client_id=CLIENT) as tenant,
    ):
        other.clock = tenant.clock
        tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
        known, other.key = other.key, RSAKey.generate_key(2048, auto_kid=True)
        monkeypatch.setattr("tenant_service.edge.provider._ASKED_EVERY", 0)
        browser = came(tenant)
        assert said(tenant, other.logout_token(**WHOM)).status_code == 200
        assert not is_signed_in(browser)
        other.key = known
        monkeypatch.setattr("tenant_service.edge.provider._ASKED_EVERY", 3_600)
        assert said(tenant, other.logout_token(**WHOM)).status_code == 200
        other.key = RSAKey.generate_key(2048, auto_kid=True)
        refused(tenant, other.logout_token(**WHOM))


@tries(L, Attack.SUSPENDED)
def test_a_provider_that_the_settings_name_no_more_ends_nothing(tmp_path: Path) -> None:
    with other_provider(MovableClock()) as other:
        with served(tmp_path, external_issuer=other.url, external_client_id=CLIENT) as tenant:
            other.clock = tenant.clock
            tenant.write(lambda unit: links.link(unit, CONSOLE, other.url, "zhang-1", "clerk"))
            browser = came(tenant)
        with served(tmp_path) as tenant:
            again = tenant.browser()
            again.cookies.update(browser.cookies)
            assert said(tenant, other.logout_token(**WHOM)).status_code == 404
            assert is_signed_in(again)
