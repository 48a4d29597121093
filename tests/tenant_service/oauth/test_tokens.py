"""What tokens are, whom they are for, how they are renewed, and how they end."""

import datetime as dt
import secrets
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from sync.contract import jose
from sync.contract.trust.tokens import TYPE
from tenant_service.identity import accounts, clients
from tenant_service.identity.clients import Access
from tenant_service.identity.granted import Granted
from tenant_service.identity.oauth.id_token import half_hash
from tests.tenant_service.oauth.program import HTTP, Program, refused
from tests.tenant_service.oauth.tenant import Tenant, csrf_in
from tests.tenant_service.places import JIASHAN


@pytest.fixture
def program(tenant: Tenant) -> Program:
    """The committee's own application, with a key, before a browser that has signed in."""
    return Program(tenant, tenant.client(key=True), tenant.browser("clerk"))


@pytest.fixture
def on_a_phone(tenant: Tenant) -> Program:
    """An application without a key, on somebody's own machine."""
    return Program(tenant, tenant.client(), tenant.browser("clerk"))


def claims_in(token: str) -> dict[str, object]:
    return dict(msgspec.json.decode(jose.payload_of(token)))


# ── renewing ──


def test_a_refresh_token_is_used_once_and_the_next_goes_on(program: Program) -> None:
    first = program.tokens()
    second = program.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = program.refresh(second["refresh_token"]).json()
    assert program.userinfo(third["access_token"]).status_code == 200


def test_a_refresh_token_that_comes_again_ends_its_family(on_a_phone: Program) -> None:
    first = on_a_phone.tokens()
    second = on_a_phone.refresh(first["refresh_token"]).json()
    refused(on_a_phone.refresh(first["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    refused(on_a_phone.refresh(second["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    assert on_a_phone.userinfo(second["access_token"]).status_code == 401
    others = on_a_phone.tokens()
    assert on_a_phone.refresh(others["refresh_token"]).status_code == 200, "other families live on"


def test_a_refresh_token_that_comes_again_for_more_than_was_let_ends_its_family_as_well(program: Program) -> None:
    first = program.tokens(scope="openid offline_access")
    second = program.refresh(first["refresh_token"]).json()
    refused(program.refresh(first["refresh_token"], scope="openid api"), "invalid_grant", "OAUTH_GRANT")
    refused(program.refresh(second["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    assert program.userinfo(second["access_token"]).status_code == 401


def test_of_two_refreshes_at_once_one_wins(program: Program) -> None:
    value = program.tokens()["refresh_token"]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: program.refresh(value).status_code, range(8)))
    assert sorted(told) == [200] + [400] * 7


def test_a_refresh_token_is_of_one_application_and_another_cannot_end_it(tenant: Tenant, program: Program) -> None:
    value = program.tokens()["refresh_token"]
    thief = Program(tenant, tenant.client(key=True), program.browser)
    refused(thief.refresh(value), "invalid_grant", "OAUTH_GRANT")
    assert program.refresh(value).status_code == 200


def test_a_renewed_token_may_be_for_less_and_never_for_more(program: Program) -> None:
    value = program.tokens(scope="openid profile offline_access")["refresh_token"]
    less = program.refresh(value, scope="openid").json()
    assert less["scope"] == "openid"
    assert set(program.userinfo(less["access_token"]).json()) == {"sub"}
    again = program.refresh(less["refresh_token"]).json()
    assert again["scope"] == "openid profile offline_access"
    assert program.refresh(again["refresh_token"], scope="openid api").json()["error"] == "invalid_scope"


def test_what_was_not_renewed_for_a_day_is_over_and_all_is_after_two_weeks(program: Program) -> None:
    first = program.tokens()
    program.tenant.clock.ahead += dt.timedelta(hours=25)
    refused(program.refresh(first["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    program.browser = program.tenant.browser("clerk")
    value = program.tokens()["refresh_token"]
    for _ in range(14):
        program.tenant.clock.ahead += dt.timedelta(hours=23)
        value = program.refresh(value).json()["refresh_token"]
    program.tenant.clock.ahead += dt.timedelta(hours=15)
    refused(program.refresh(value), "invalid_grant", "OAUTH_GRANT")


# ── what they say ──


def test_an_id_token_says_who_signed_in_for_whom_and_to_which_question(tenant: Tenant, program: Program) -> None:
    told = program.tokens(nonce="n-1")
    keys = KeySet.import_key_set(HTTP.get(f"{tenant.url}/jwks").json())
    token = jwt.decode(told["id_token"], keys, algorithms=["ES256"])
    assert token.header["typ"] == "JWT"
    claims = token.claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (tenant.url, program.client.id, "n-1")
    assert claims["at_hash"] == half_hash(told["access_token"])
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["auth_time"] <= claims["iat"]
    assert claims["sub"] == program.userinfo(told["access_token"]).json()["sub"]
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash"}, "and nothing else"
    assert "nonce" not in claims_in(program.tokens(nonce=None)["id_token"])
    assert "id_token" not in program.tokens(scope="profile")


def test_userinfo_tells_what_was_let_and_nothing_else(program: Program) -> None:
    sub = claims_in(program.tokens()["id_token"])["sub"]
    for scope, told in (
        ("openid", {"sub": sub}),
        ("openid profile", {"sub": sub, "name": "clerk", "preferred_username": "clerk"}),
        ("openid roles", {"sub": sub, "roles": ["clerk"], "committee": JIASHAN}),
    ):
        assert program.userinfo(program.tokens(scope=scope)["access_token"]).json() == told
    without = program.userinfo(program.tokens(scope="profile")["access_token"])
    assert (without.status_code, without.json()["error"]) == (403, "insufficient_scope")
    assert 'error="insufficient_scope"' in without.headers["www-authenticate"]


def test_an_access_token_opens_the_api_only_where_that_was_let(program: Program) -> None:
    for scope, status in (("openid profile roles", 401), ("openid api", 200)):
        assert program.asks_api(program.tokens(scope=scope)["access_token"]).status_code == status


def test_no_token_of_another_kind_audience_or_algorithm_opens_userinfo(tenant: Tenant, program: Program) -> None:
    told = program.tokens(scope="openid api")
    good = msgspec.json.decode(jose.payload_of(told["access_token"]), type=Granted)
    key = tenant.committee.keys.token

    def signed(typ: str = TYPE, by: ECKey = key, **changed: object) -> str:
        return jose.sign(typ, msgspec.json.encode(msgspec.structs.replace(good, **changed)), by)

    assert program.userinfo(signed()).status_code == 200
    secret, large = OctKey.import_key(secrets.token_bytes(32)), RSAKey.generate_key(2048)
    payload = msgspec.to_builtins(good)
    for name, forged in {
        "typ": signed("JWT"), "ID token": told["id_token"], "aud": signed(aud=[JIASHAN]),
        "key": signed(by=jose.new_key()),
        "iss": signed(iss="330400"), "over": signed(iat=good.iat - 600, exp=good.exp - 600),
        "too long": signed(exp=good.iat + 86_400), "no family": signed(grant=""),
        "none": program.assertion(key, "none"),
        "HS256": jwt.encode({"alg": "HS256", "typ": TYPE}, payload, secret, algorithms=["HS256"]),
        "RS256": jwt.encode({"alg": "RS256", "typ": TYPE}, payload, large, algorithms=["RS256"]),
        "cut": told["access_token"][:-2], "empty": "x", "refresh": "A" * 43,
    }.items():  # fmt: skip
        answer = program.userinfo(forged)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token"), name
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    bare = HTTP.get(f"{tenant.url}/userinfo")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, "Bearer")


# ── who the application is ──


def test_a_proof_counts_once(program: Program) -> None:
    key = program.tenant.keys[program.client.id]
    proof = program.assertion(key)
    first = program.tokens()["refresh_token"]
    second = program.refresh(first, client_assertion=proof).json()["refresh_token"]
    refused(program.refresh(second, client_assertion=proof), "invalid_client", "OAUTH_CLIENT")
    assert program.refresh(second).status_code == 200, "nothing was used up by it"


def test_only_a_right_proof_proves_anything(tenant: Tenant, program: Program) -> None:
    key, other = tenant.keys[program.client.id], tenant.client(key=True)
    value, now = program.tokens()["refresh_token"], int(tenant.clock().timestamp())
    secret, large = OctKey.import_key(secrets.token_bytes(32)), RSAKey.generate_key(2048)
    for name, proof in {
        "key": program.assertion(jose.new_key()), "none": program.assertion(None, "none"),
        "HS256": program.assertion(secret, "HS256"), "RS256": program.assertion(large, "RS256"),
        "typ": program.assertion(key, typ="at+jwt"), "aud": program.assertion(key, aud="https://other.example"),
        "two": program.assertion(key, aud=[tenant.url, "https://other.example"]), "jti": program.assertion(key, jti=""),
        "over": program.assertion(key, exp=now - 1), "for ever": program.assertion(key, exp=now + 86_400 * 365),
        "early": program.assertion(key, nbf=now + 600), "not made yet": program.assertion(key, iat=now + 600),
        "sub": program.assertion(key, sub=other.id),
        "who": program.assertion(key, iss=other.id, sub=other.id), "nobody": program.assertion(key, iss="x", sub="x"),
        "cut": "a.b.c", "json": "bm9uZQ.bm9uZQ.bm9uZQ",
    }.items():  # fmt: skip
        answer = program.refresh(value, client_assertion=proof)
        assert answer.json().get("error") == "invalid_client", name
    refused(program.refresh(value, client_id=other.id), "invalid_client", "OAUTH_CLIENT")
    for aud in (tenant.url, f"{tenant.url}/token", [f"{tenant.url}/token"]):
        value = program.refresh(value, client_assertion=program.assertion(key, aud=aud)).json()["refresh_token"]


def test_who_has_a_key_must_use_it_and_a_secret_is_worth_nothing(program: Program) -> None:
    value = program.tokens()["refresh_token"]
    bare = program.refresh(value, client_assertion=None, client_assertion_type=None)
    refused(bare, "invalid_client", "OAUTH_CLIENT")
    secret = program.refresh(value, client_assertion=None, client_secret="secret")
    refused(secret, "invalid_client", "OAUTH_CLIENT")


# ── giving back, taking back ──


def test_an_access_token_that_we_did_not_sign_gives_nothing_back(program: Program) -> None:
    """Its claims are readable to whoever it is shown to."""
    held = program.tokens(scope="openid api offline_access")["access_token"]
    forged = jose.sign(str(jose.header_of(held)["typ"]), jose.payload_of(held), jose.new_key())
    told = program.ask("/revoke", token=forged)
    assert (told.status_code, told.json()) == (200, {})
    assert program.userinfo(held).status_code == 200


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
@pytest.mark.parametrize("hint", ["refresh_token", "access_token", None])
def test_what_an_application_gives_back_is_void(program: Program, which: str, hint: str | None) -> None:
    held = program.tokens(scope="openid api offline_access")
    told = program.ask("/revoke", token=held[which], token_type_hint=hint)
    assert (told.status_code, told.json()) == (200, {})
    assert program.userinfo(held["access_token"]).status_code == 401
    assert program.asks_api(held["access_token"]).status_code == 401
    refused(program.refresh(held["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    assert program.ask("/revoke", token=held[which]).status_code == 200, "what is unknown is no error"


def test_nobody_gives_back_what_another_application_holds(tenant: Tenant, program: Program) -> None:
    held, thief = program.tokens(), Program(tenant, tenant.client(key=True), program.browser)
    refused(thief.ask("/revoke", token=held["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    refused(program.ask("/revoke", token=held["refresh_token"], client_assertion="x"), "invalid_client", "OAUTH_CLIENT")
    assert program.ask("/revoke").json()["error"] == "invalid_request"
    assert program.refresh(held["refresh_token"]).status_code == 200


def test_signing_out_everywhere_voids_what_applications_hold(tenant: Tenant) -> None:
    tenant.account("elsewhere")
    program = Program(tenant, tenant.client(key=True), tenant.browser("elsewhere"))
    held, code = program.tokens(scope="openid api offline_access"), program.code()
    told = program.browser.post("/sign-out", data={"csrf": program.browser.csrf(), "everywhere": "yes"})
    assert told.status_code == 303
    refused(program.refresh(held["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    refused(program.redeem(code), "invalid_grant", "OAUTH_GRANT")
    assert program.asks_api(held["access_token"]).status_code == 401


def test_a_user_sees_what_applications_hold_and_takes_it_back(tenant: Tenant) -> None:
    tenant.account("careful")
    program = Program(tenant, tenant.client("阅读器", key=True), tenant.browser("careful"))
    held = program.tokens()
    page = program.browser.get("/password").text
    assert "阅读器" in page
    grant = page.partition('name="grant" value="')[2].partition('"')[0]
    stranger = tenant.browser("clerk")
    stranger.post("/held/end", data={"csrf": stranger.csrf(), "grant": grant})
    assert program.userinfo(held["access_token"]).status_code == 200, "of one's own alone"
    program.browser.post("/held/end", data={"csrf": csrf_in(page), "grant": grant})
    assert program.userinfo(held["access_token"]).status_code == 401
    assert "阅读器" not in program.browser.get("/password").text


def test_what_an_application_holds_ends_with_it_and_with_the_account(tenant: Tenant, program: Program) -> None:
    console = accounts.console(JIASHAN)
    leaving = tenant.account("leaving")
    other = Program(tenant, program.client, tenant.browser("leaving"))
    held, others = program.tokens(), other.tokens()
    tenant.write(lambda unit: accounts.close(unit, console, leaving, "人员调整"))
    refused(other.refresh(others["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
    tenant.write(lambda unit: clients.remove(unit, console, program.client.id))
    refused(program.refresh(held["refresh_token"]), "invalid_client", "OAUTH_CLIENT")
    assert program.userinfo(held["access_token"]).status_code == 401


# ── how it is described ──


def test_the_description_agrees_with_what_is_done(tenant: Tenant, program: Program) -> None:
    told = HTTP.get(f"{tenant.url}/.well-known/openid-configuration").json()
    assert told == HTTP.get(f"{tenant.url}/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == tenant.url
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt", "none"]
    assert told["id_token_signing_alg_values_supported"] == ["ES256"]
    assert told["scopes_supported"] == [each.value for each in Access]
    held = program.tokens(scope=" ".join(told["scopes_supported"]))
    assert held["scope"].split() == told["scopes_supported"]
    known = {*claims_in(held["id_token"]), *program.userinfo(held["access_token"]).json()}
    assert known == set(told["claims_supported"])
    for endpoint, status in (
        ("authorization_endpoint", 401), ("token_endpoint", 405), ("revocation_endpoint", 405),
        ("userinfo_endpoint", 401), ("jwks_uri", 200), ("end_session_endpoint", 303),
    ):  # fmt: skip
        assert HTTP.get(told[endpoint]).status_code == status, endpoint


def test_nothing_but_keys_and_the_description_is_kept_on_the_way(tenant: Tenant, program: Program) -> None:
    held = program.tokens()
    for answer in (
        program.authorize(), program.authorize(code_challenge=None), program.redeem("x"),
        program.redeem(program.code()),
        program.userinfo(held["access_token"]), program.ask("/revoke", token="x"), program.browser.get("/sign-in"),
    ):  # fmt: skip
        assert answer.headers["cache-control"] == "no-store", answer.url
    for path in ("/jwks", "/.well-known/openid-configuration"):
        assert HTTP.get(tenant.url + path).headers["cache-control"] == "public, max-age=300"
    assert "d" not in HTTP.get(f"{tenant.url}/jwks").json()["keys"][0]
