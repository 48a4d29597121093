"""Programs that others wrote sign people in here: authlib's client with and without a framework, and another one."""

from typing import Any

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
from tests.tenant_service.oauth.tenant import BACK, Tenant, parts_of

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


def test_a_site_made_with_authlib_signs_its_visitors_in_by_openid_connect(tenant: Tenant) -> None:
    registered = tenant.client(back=(f"{SITE}/back",))
    oauth = OAuth()
    oauth.register(
        "home", client_id=registered.id, server_metadata_url=f"{tenant.url}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile", "code_challenge_method": "S256", "token_endpoint_auth_method": "none",
        },
    )  # fmt: skip

    async def login(request: Request) -> Response:
        answer: Response = await oauth.home.authorize_redirect(request, f"{SITE}/back")
        return answer

    async def back(request: Request) -> Response:
        token = await oauth.home.authorize_access_token(request)
        told = await oauth.home.userinfo(token=token)
        return JSONResponse({"id_token": dict(token["userinfo"]), "userinfo": dict(told)})

    site, session = Starlette(routes=[Route("/login", login), Route("/back", back)]), dict[str, Any]()

    async def of_one_visitor(scope: Scope, receive: Receive, send: Send) -> None:
        scope["session"] = session
        await site(scope, receive, send)

    with TestClient(of_one_visitor, base_url=SITE, follow_redirects=False) as visitor:
        to = visitor.get("/login").headers["location"]
        browser = tenant.browser()
        asked = browser.get(to)
        signed_in = browser.sign_in(to=parts_of(asked.headers["location"])["next"])
        told = visitor.get(browser.get(signed_in.headers["location"]).headers["location"]).json()
    assert told["userinfo"]["name"] == "clerk"
    assert told["id_token"]["sub"] == told["userinfo"]["sub"]
    assert told["id_token"]["iss"] == tenant.url


def test_another_library_signs_in_checks_the_id_token_renews_and_gives_back(tenant: Tenant) -> None:
    registered = tenant.client(key=True)
    client = OtherClient.from_discovery_endpoint(
        issuer=tenant.url, client_id=registered.id, private_key=private(tenant, registered.id), redirect_uri=BACK,
        id_token_signed_response_alg="ES256", testing=True,
    )  # fmt: skip
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
