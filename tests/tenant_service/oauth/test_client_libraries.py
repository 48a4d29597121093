"""Programs that others wrote sign people in here: authlib's client with and without a framework, and another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from requests_oauth2client import IdToken, UnauthorizedClient
from requests_oauth2client import OAuth2Client as OtherClient
from requests_oauth2client.exceptions import InvalidClient, InvalidGrant
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests.tenant_service.oauth.program import HTTP
from tests.tenant_service.oauth.tenant import BACK, Browser, Tenant, parts_of

SCOPE = "openid profile roles api offline_access"
SITE = "http://127.0.0.1:9"


def private(tenant: Tenant, id: str) -> dict[str, Any]:
    key = tenant.keys[id]
    return {**key.as_dict(private=True), "kid": key.kid, "alg": "ES256"}


@pytest.mark.parametrize("key", [True, False])
def test_authlibs_client_signs_in_renews_and_gives_back(tenant: Tenant, key: bool) -> None:
    registered = tenant.client(key=key)
    told = HTTP.get(f"{tenant.url}/.well-known/openid-configuration").json()
    method = "private_key_jwt" if key else "none"
    client = OAuth2Client(
        registered.id, tenant.keys.get(registered.id), scope=SCOPE, redirect_uri=BACK,
        token_endpoint_auth_method=method, revocation_endpoint_auth_method=method, code_challenge_method="S256",
        token_endpoint=told["token_endpoint"],
    )  # fmt: skip
    if key:
        client.register_client_auth_method(PrivateKeyJWT(told["token_endpoint"], alg="ES256"))
    verifier = "v" * 50
    url, state = client.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier)
    back = tenant.browser("clerk").get(url).headers["location"]
    held = client.fetch_token(authorization_response=back, state=state, code_verifier=verifier)
    assert client.get(told["userinfo_endpoint"]).json()["preferred_username"] == "clerk"
    renewed = client.refresh_token(told["token_endpoint"])
    assert renewed["refresh_token"] != held["refresh_token"]
    viewer = client.post(f"{tenant.url}/graphql", json={"query": "{ viewer { sub } }"}).json()
    assert viewer["data"]["viewer"]
    assert client.revoke_token(told["revocation_endpoint"], token=renewed["refresh_token"]).status_code == 200
    assert client.get(told["userinfo_endpoint"]).status_code == 401


@contextmanager
def site_of(tenant: Tenant) -> Iterator[TestClient]:
    """A site made with authlib, as one visitor's browser sees it: `/login`, `/back`, `/logout`, `/left`."""
    registered = tenant.client(back=(f"{SITE}/back", f"{SITE}/left"))
    oauth = OAuth()
    oauth.register(
        "home", client_id=registered.id, server_metadata_url=f"{tenant.url}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile", "code_challenge_method": "S256", "token_endpoint_auth_method": "none",
        },
    )  # fmt: skip
    hints = list[str]()

    async def login(request: Request) -> Response:
        answer: Response = await oauth.home.authorize_redirect(request, f"{SITE}/back")
        return answer

    async def back(request: Request) -> Response:
        token = await oauth.home.authorize_access_token(request)
        told = await oauth.home.userinfo(token=token)
        hints.append(token["id_token"])
        return JSONResponse({"id_token": dict(token["userinfo"]), "userinfo": dict(told)})

    async def logout(request: Request) -> Response:
        answer: Response = await oauth.home.logout_redirect(request, f"{SITE}/left", hints[-1])
        return answer

    async def left(request: Request) -> Response:
        return JSONResponse(await oauth.home.validate_logout_response(request))

    paths = {"/login": login, "/back": back, "/logout": logout, "/left": left}
    site, session = Starlette(routes=[Route(path, show) for path, show in paths.items()]), dict[str, Any]()

    async def of_one_visitor(scope: Scope, receive: Receive, send: Send) -> None:
        scope["session"] = session
        await site(scope, receive, send)

    with TestClient(of_one_visitor, base_url=SITE, follow_redirects=False) as visitor:
        yield visitor


def test_a_site_made_with_authlib_signs_its_visitors_in_by_openid_connect(tenant: Tenant) -> None:
    with site_of(tenant) as visitor:
        to = visitor.get("/login").headers["location"]
        browser = tenant.browser()
        asked = browser.get(to)
        signed_in = browser.sign_in(to=parts_of(asked.headers["location"])["next"])
        told = visitor.get(browser.get(signed_in.headers["location"]).headers["location"]).json()
    assert told["userinfo"]["name"] == "clerk"
    assert told["id_token"]["sub"] == told["userinfo"]["sub"]
    assert told["id_token"]["iss"] == tenant.url


def test_a_site_made_with_authlib_signs_its_visitors_out_here_as_well(tenant: Tenant) -> None:
    with site_of(tenant) as visitor:
        browser = tenant.browser("clerk")
        visitor.get(browser.get(visitor.get("/login").headers["location"]).headers["location"])
        gone = browser.get(visitor.get("/logout").headers["location"])
        assert (gone.status_code, is_signed_in(browser)) == (303, False)
        back = visitor.get(gone.headers["location"])  # which checks the state that it had sent
        assert (back.status_code, back.json()) == (200, {"post_logout_redirect_uri": f"{SITE}/left"})
        unasked = visitor.get("/logout").headers["location"]
        other = tenant.browser("admin")
        assert other.get(unasked).status_code == 200, "somebody else is asked"
        assert is_signed_in(other)


def test_a_request_that_authlibs_client_makes_may_come_as_a_form(tenant: Tenant) -> None:
    registered = tenant.client()
    client = OAuth2Client(
        registered.id, scope=SCOPE, redirect_uri=BACK, token_endpoint_auth_method="none", code_challenge_method="S256"
    )
    verifier = "v" * 50
    url, state = client.create_authorization_url(f"{tenant.url}/authorize", code_verifier=verifier)
    back = by_form(tenant, url)
    told = client.fetch_token(f"{tenant.url}/token", authorization_response=back, state=state, code_verifier=verifier)
    assert told["access_token"]
    assert told["id_token"]


def test_a_request_that_another_library_makes_may_come_as_a_form(tenant: Tenant) -> None:
    client = other_client(tenant)
    asked = client.authorization_request(scope=SCOPE)
    held = client.authorization_code(asked.validate_callback(by_form(tenant, asked.uri)), validate=True)
    assert isinstance(held.id_token, IdToken)
    assert held.id_token.claims["nonce"] == asked.nonce


def test_another_librarys_id_token_and_the_description_are_enough_to_sign_out(tenant: Tenant) -> None:
    """It has no call of its own for that, but keeps the ID token as it came."""
    client, browser = other_client(tenant), tenant.browser("clerk")
    asked = client.authorization_request(scope="openid")
    held = client.authorization_code(asked.validate_callback(browser.get(asked.uri).headers["location"]), validate=True)
    assert isinstance(held.id_token, IdToken)
    told: dict[str, Any] = {"id_token_hint": str(held.id_token), "post_logout_redirect_uri": BACK, "state": asked.state}
    end = HTTP.get(f"{tenant.url}/.well-known/openid-configuration").json()["end_session_endpoint"]
    browser = tenant.browser("clerk")
    sent = browser.post(end, data=told)
    assert is_signed_in(browser), "a form alone ends nothing"
    for gone in (browser.get(sent.headers["location"]), tenant.browser("clerk").get(end, params=told)):
        assert gone.headers["location"] == f"{BACK}?{urlencode({'state': asked.state})}"
    assert not is_signed_in(browser)


def by_form(tenant: Tenant, url: str) -> str:
    """Where a browser ends that the application's own page made send the request as a form."""
    browser, asked = tenant.browser("clerk"), urlsplit(url)
    sent = browser.post(asked.path, data=dict(parse_qsl(asked.query)), headers={"Sec-Fetch-Site": "cross-site"})
    assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/authorize")
    return browser.get(sent.headers["location"]).headers["location"]


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/password").status_code == 200


def other_client(tenant: Tenant) -> OtherClient:
    registered = tenant.client(key=True)
    return OtherClient.from_discovery_endpoint(
        issuer=tenant.url, client_id=registered.id, private_key=private(tenant, registered.id), redirect_uri=BACK,
        id_token_signed_response_alg="ES256", testing=True,
    )  # fmt: skip


def test_another_library_signs_in_checks_the_id_token_renews_and_gives_back(tenant: Tenant) -> None:
    client = other_client(tenant)
    assert client.authorization_response_iss_parameter_supported
    asked = client.authorization_request(scope=SCOPE)
    back = tenant.browser("clerk").get(asked.uri).headers["location"]
    answer = asked.validate_callback(back)  # state and issuer
    held = client.authorization_code(answer, validate=True)
    assert isinstance(held.id_token, IdToken)
    assert held.id_token.claims["nonce"] == asked.nonce
    assert client.userinfo(held)["roles"] == ["clerk"]
    renewed = client.refresh_token(held)
    assert renewed.refresh_token != held.refresh_token
    with pytest.raises(InvalidGrant):
        client.refresh_token(held)  # it comes again, so all of it is over
    with pytest.raises(InvalidGrant):
        client.refresh_token(renewed)
    fresh = client.authorization_request(scope=SCOPE)
    answer = fresh.validate_callback(tenant.browser("clerk").get(fresh.uri).headers["location"])
    held = client.authorization_code(answer, validate=True)
    assert client.revoke_refresh_token(held)
    with pytest.raises(InvalidGrant):
        client.refresh_token(held)


def test_another_library_with_another_key_is_refused(tenant: Tenant) -> None:
    registered, other = tenant.client(key=True), tenant.client(key=True)
    client = OtherClient.from_discovery_endpoint(
        issuer=tenant.url, client_id=registered.id, private_key=private(tenant, other.id), redirect_uri=BACK,
        id_token_signed_response_alg="ES256", testing=True,
    )  # fmt: skip
    asked = client.authorization_request(scope="openid")
    answer = asked.validate_callback(tenant.browser("clerk").get(asked.uri).headers["location"])
    with pytest.raises((InvalidClient, UnauthorizedClient)):
        client.authorization_code(answer)
