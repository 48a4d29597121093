"""A browser goes back to the application with a code that is good once, for whoever asked for it."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import text

from tenant_service.identity.clients import Access
from tenant_service.web.forms import FORM
from tests.tenant_service.identity.conftest import PASSWORD
from tests.tenant_service.oauth.program import HTTP, Program, refused, sent_back
from tests.tenant_service.oauth.tenant import BACK, Tenant, csrf_in, parts_of


@pytest.fixture
def program(tenant: Tenant) -> Program:
    """The committee's own application, with a key, before a browser that has signed in."""
    return Program(tenant, tenant.client(key=True), tenant.browser("clerk"))


def test_whoever_is_signed_in_goes_back_with_a_code_and_the_application_gets_tokens(program: Program) -> None:
    told = program.tokens()
    assert (told["token_type"], told["scope"]) == ("Bearer", "openid profile offline_access")
    assert 0 < told["expires_in"] <= 300, "never the library's ten days"
    assert program.userinfo(told["access_token"]).json()["preferred_username"] == "clerk"


def test_without_pkce_nobody_is_sent_anywhere_with_a_code(program: Program) -> None:
    sent_back(program.authorize(code_challenge=None, code_challenge_method=None), "invalid_request")
    sent_back(program.authorize(code_challenge=None), "invalid_request")


@pytest.mark.parametrize("method", ["plain", None, "s256", "S512"])
def test_pkce_by_any_other_method_is_refused_at_the_beginning(program: Program, method: str | None) -> None:
    sent_back(program.authorize(code_challenge_method=method), "invalid_request")


@pytest.mark.parametrize("verifier", ["x" * 43, "short", None, "y" * 129])
def test_a_wrong_verifier_gets_nothing_and_uses_the_code_up(program: Program, verifier: str | None) -> None:
    code = program.code()
    assert program.redeem(code, code_verifier=verifier).status_code == 400
    refused(program.redeem(code), "invalid_grant", "OAUTH_GRANT")


def test_a_code_that_comes_twice_ends_what_came_of_it(program: Program) -> None:
    code = program.code(scope="openid api offline_access")
    first = program.redeem(code).json()
    assert program.asks_api(first["access_token"]).json()["data"]["viewer"]
    refused(program.redeem(code), "invalid_grant", "OAUTH_GRANT")
    assert program.userinfo(first["access_token"]).status_code == 401
    assert program.asks_api(first["access_token"]).status_code == 401
    refused(program.refresh(first["refresh_token"]), "invalid_grant", "OAUTH_GRANT")


def test_of_two_that_bring_one_code_at_once_one_wins_at_most_and_nothing_stays(program: Program) -> None:
    code = program.code()
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: program.redeem(code), range(8)))
    assert sorted(each.status_code for each in told) == [200] + [400] * 7
    (won,) = (each.json() for each in told if each.status_code == 200)
    assert program.userinfo(won["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "back",
    [f"{BACK}/", f"{BACK}?x=1", BACK.replace("127.0.0.1", "localhost"), BACK.upper(), "https://evil.example/back",
     f"{BACK}/../evil", "//evil.example", f"{BACK}#x", f"{BACK}\\@evil.example", None],
)  # fmt: skip
def test_an_address_that_was_not_registered_letter_by_letter_is_not_gone_to(program: Program, back: str | None) -> None:
    told = program.authorize(redirect_uri=back)
    assert (told.status_code, "location" in told.headers) == (400, False), "no open redirect"
    assert "应用的回跳地址与登记的不一致" in told.text
    assert program.browser.get(f"{program.asking(redirect_uri=back)}&lang=en").status_code == 400


def test_a_code_is_redeemed_with_the_address_it_was_sent_to(program: Program) -> None:
    refused(program.redeem(program.code(), redirect_uri="http://127.0.0.1:9/other"), "invalid_grant", "OAUTH_GRANT")
    refused(program.redeem(program.code(), redirect_uri=None), "invalid_grant", "OAUTH_GRANT")


def test_a_code_is_of_one_application_and_another_cannot_use_it_up(tenant: Tenant, program: Program) -> None:
    code, thief = program.code(), Program(tenant, tenant.client(key=True), program.browser, program.verifier)
    refused(thief.redeem(code), "invalid_grant", "OAUTH_GRANT")
    assert program.redeem(code).status_code == 200


def test_a_code_is_over_after_a_minute(program: Program) -> None:
    code = program.code()
    program.tenant.clock.ahead += dt.timedelta(seconds=61)
    refused(program.redeem(code), "invalid_grant", "OAUTH_GRANT")


def test_state_comes_back_as_it_was_said_and_the_answer_says_whose_it_is(program: Program) -> None:
    said = "a b&c=d#é 状态\"'<>%20"
    told = parts_of(program.authorize(state=said).headers["location"])
    assert (told["state"], told["iss"]) == (said, program.tenant.url)
    assert "state" not in parts_of(program.authorize(state=None).headers["location"])


def test_the_code_is_told_to_nobody_else(program: Program) -> None:
    told = program.authorize()
    assert told.headers["referrer-policy"] == "no-referrer"
    assert told.headers["cache-control"] == "no-store"
    assert program.code() not in told.text


def test_an_application_that_is_not_registered_gets_a_page_and_no_redirect(program: Program) -> None:
    for id in ("330421.client.0", "", None, "\u202e", "a" * 1_500):
        told = program.authorize(client_id=id)
        assert (told.status_code, "location" in told.headers) == (401, False)
        assert "应用未在本会登记" in told.text


@pytest.mark.parametrize("parameter", ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce"])
def test_a_parameter_that_comes_twice_is_refused(program: Program, parameter: str) -> None:
    told = program.browser.get(f"{program.asking()}&{parameter}=x")
    assert told.status_code in (303, 400)
    assert "code=" not in told.headers.get("location", "")


def test_other_ways_than_a_code_are_not_offered(program: Program) -> None:
    for way in ("token", "id_token", "code id_token", "none"):
        sent_back(program.authorize(response_type=way), "unsupported_response_type")
    for grant in ("password", "client_credentials", "implicit", None):
        told = program.token(grant_type=grant, username="clerk", password="x")
        assert told.json()["error"] == "unsupported_grant_type"


def test_what_was_not_registered_is_not_given(tenant: Tenant) -> None:
    program = Program(tenant, tenant.client(key=True, scopes=(Access.OPENID,)), tenant.browser("clerk"))
    told = program.tokens(scope="openid profile api offline_access email")
    assert told["scope"] == "openid"
    assert "refresh_token" not in told
    sent_back(program.authorize(scope="api"), "invalid_scope")
    assert program.asks_api(told["access_token"]).status_code == 401, "it opens /userinfo and nothing else"


def test_the_request_comes_as_a_form_as_well_from_the_applications_own_page(program: Program) -> None:
    told = dict(parse_qsl(program.asking().partition("?")[2]))
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"}
    posted = program.browser.post("/authorize", data=told, headers=elsewhere)
    assert (posted.status_code, posted.headers["location"].partition("?")[0]) == (303, "/authorize")
    back = program.browser.get(posted.headers["location"])
    assert program.redeem(parts_of(back.headers["location"])["code"]).status_code == 200
    twice = program.browser.post("/authorize", content=f"state=a&{urlencode(told)}", headers={"Content-Type": FORM})
    assert "code=" not in program.browser.get(twice.headers["location"]).headers.get("location", "")


def test_a_form_that_is_none_or_too_long_or_half_in_the_address_begins_nothing(program: Program) -> None:
    told = dict(parse_qsl(program.asking().partition("?")[2]))
    browser, long = program.browser, {**told, "state": "x" * 2_000}
    for answer in (
        browser.post("/authorize?state=x", data=told), browser.post("/authorize", json=told),
        browser.post("/authorize", data=long), browser.post("/authorize", files={"state": "x"}),
    ):  # fmt: skip
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert "应用的请求不正确" in answer.text


# ── before the code: signing in, and agreeing ──


def test_who_is_not_signed_in_signs_in_first_and_goes_on(tenant: Tenant) -> None:
    program = Program(tenant, tenant.client(key=True), tenant.browser())
    told = program.authorize()
    assert urlsplit(told.headers["location"]).path == "/sign-in"
    then = parts_of(told.headers["location"])["next"]
    told = program.browser.get(program.browser.sign_in(to=then).headers["location"])
    assert program.redeem(parts_of(told.headers["location"])["code"]).status_code == 200


def test_without_a_page_nobody_signs_in_and_nobody_agrees(tenant: Tenant) -> None:
    own, foreign = (tenant.client(key=True, own=each) for each in (True, False))
    sent_back(Program(tenant, own, tenant.browser()).authorize(prompt="none"), "login_required")
    sent_back(Program(tenant, foreign, tenant.browser("clerk")).authorize(prompt="none"), "consent_required")
    sent_back(Program(tenant, own, tenant.browser("clerk")).authorize(prompt="none login"), "invalid_request")
    assert Program(tenant, own, tenant.browser("clerk")).code(prompt="none")


def test_an_application_may_want_somebody_to_sign_in_now(tenant: Tenant, program: Program) -> None:
    for wanted in ({"prompt": "login"}, {"max_age": "60"}):
        tenant.clock.ahead += dt.timedelta(minutes=5)
        told = program.authorize(**wanted)
        assert told.headers["location"].startswith("/sign-in?again=yes&next=")
        assert program.browser.get(told.headers["location"]).status_code == 200
        then = parts_of(told.headers["location"])["next"]
        told = program.browser.get(program.browser.sign_in(to=then).headers["location"])
        assert "code" in parts_of(told.headers["location"])


def test_of_an_application_that_is_not_the_committees_its_user_is_asked(tenant: Tenant) -> None:
    program = Program(tenant, tenant.client("外单位应用", key=True, own=False), tenant.browser("clerk"))
    page = program.authorize()
    assert page.status_code == 200
    assert "允许“外单位应用”使用您的账号？" in page.text
    assert "在您关闭浏览器之后继续使用" in page.text
    sent_back(program.browser.agree(page, "no"), "access_denied")
    told = program.browser.agree(page)
    assert program.redeem(parts_of(told.headers["location"])["code"]).status_code == 200
    forged = {"csrf": "guessed", "request": page.url.query.decode(), "answer": "yes"}
    assert program.browser.post("/consent", data=forged).status_code == 403
    assert program.browser.post("/consent", data={**forged, "csrf": csrf_in(page.text), "request": "x"}).status_code


def test_a_first_password_opens_no_application(tenant: Tenant) -> None:
    tenant.account("newcomer", must_change=True)
    program = Program(tenant, tenant.client(key=True), tenant.browser("newcomer"))
    assert program.authorize().headers["location"].startswith("/password?next=")


def test_a_page_of_another_site_cannot_agree_for_anybody(tenant: Tenant) -> None:
    told = HTTP.post(f"{tenant.url}/consent", data={"answer": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert told.status_code == 403


# ── where PostgreSQL lets an act give way to another ──


@contextmanager
def giving_way(tenant: Tenant, times: int) -> Iterator[None]:
    """So often no code can be kept; a sequence counts, for it goes back with no transaction."""
    engine = tenant.committee.domain.engine
    gives_way = f"IF nextval('gave_way') <= {times} THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;"
    with engine.begin() as connection:
        connection.execute(text("CREATE SEQUENCE gave_way"))
        connection.execute(
            text(
                "CREATE FUNCTION gives_way() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {gives_way} RETURN NEW; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER gives_way BEFORE INSERT ON oauth_code FOR EACH ROW EXECUTE FUNCTION gives_way()")
        )
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP FUNCTION gives_way() CASCADE"))
        connection.execute(text("DROP SEQUENCE gave_way"))


def codes_kept(tenant: Tenant) -> int:
    with tenant.committee.domain.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM oauth_code")).scalar_one())


on_postgresql = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@on_postgresql
@pytest.mark.parametrize("own", [True, False], ids=["/authorize", "/consent"])
def test_who_gave_way_to_another_act_goes_back_with_a_code_all_the_same(tenant: Tenant, *, own: bool) -> None:
    program = Program(tenant, tenant.client(key=True, own=own), tenant.browser("clerk"))
    with giving_way(tenant, 2):
        told = program.authorize() if own else program.browser.agree(program.authorize())
    assert told.status_code == 303, told.text[:500]
    assert program.redeem(parts_of(told.headers["location"])["code"]).status_code == 200


@on_postgresql
@pytest.mark.parametrize("own", [True, False], ids=["/authorize", "/consent"])
def test_who_gave_way_each_time_has_a_page_that_says_so(tenant: Tenant, *, own: bool) -> None:
    program = Program(tenant, tenant.client(key=True, own=own), tenant.browser("clerk"))
    before = codes_kept(tenant)
    with giving_way(tenant, 1_000):
        told = program.authorize() if own else program.browser.agree(program.authorize())
    assert (told.status_code, "location" in told.headers) == (409, False)
    assert "有人同时在办理，请重试" in told.text
    assert codes_kept(tenant) == before
    assert program.code() if own else program.browser.agree(program.authorize()).status_code == 303


# ── what is tried with other people's browsers ──


def test_a_cookie_that_somebody_planted_is_worth_nothing_after_signing_in(tenant: Tenant) -> None:
    """Session fixation: what a browser brought before is not what it is signed in by, and is over."""
    victim, name = tenant.browser(), next(iter(tenant.browser("clerk").cookies))
    planted = tenant.browser("clerk").cookies[name]
    for value in ("chosen-by-somebody-else", planted):
        victim.cookies.clear()
        victim.cookies.set(name, value)
        said = victim.sign_in("admin").headers["set-cookie"].partition(";")[0]
        assert value not in said
        attacker = tenant.browser()
        attacker.cookies.set(name, value)
        assert attacker.get("/password").headers["location"].startswith("/sign-in"), "it signs nobody in"


def test_a_page_of_another_site_signs_nobody_in_as_somebody(tenant: Tenant) -> None:
    """Login CSRF: by the form, and by an answer of an application's that another browser began."""
    told = {"username": "clerk", "password": PASSWORD, "next": "/"}
    for says in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
        answer = HTTP.post(f"{tenant.url}/sign-in", data=told, headers=says)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
     "javascript:alert(1)", "/%5cevil.example\r\nLocation: https://evil.example", "@evil.example",
     "///evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_signing_in(tenant: Tenant, to: str) -> None:
    told = tenant.browser().sign_in(to=to).headers["location"]
    assert not urlsplit(told).netloc, told
    assert told.startswith("/")
    assert not told.startswith(("//", "/\\"))


def test_a_code_that_is_brought_into_another_sign_in_gets_nothing(tenant: Tenant, program: Program) -> None:
    """Code injection: the victim's code in the attacker's sign-in, at the same application and at another."""
    own = Program(tenant, program.client, tenant.browser("admin"))
    refused(own.redeem(program.code()), "invalid_grant", "OAUTH_GRANT")
    phone = tenant.client()
    victim, attacker = (Program(tenant, phone, tenant.browser(name)) for name in ("clerk", "admin"))
    refused(attacker.redeem(victim.code()), "invalid_grant", "OAUTH_GRANT")
    other = Program(tenant, tenant.client(), attacker.browser, victim.verifier)
    refused(other.redeem(victim.code()), "invalid_grant", "OAUTH_GRANT")


def test_refusals_say_whose_they_are_as_answers_do(program: Program) -> None:
    """Mix-up (RFC 9207): an application with two providers knows which one a browser came from, whatever it brings."""
    for told in (program.authorize(), program.authorize(code_challenge=None), program.authorize(scope="email")):
        assert parts_of(told.headers["location"])["iss"] == program.tenant.url
