"""An application written by hand, so that it can do everything wrong that an application can do."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from tenant_service.identity.clients import Client
from tenant_service.identity.oauth.assertion import ASSERTION
from tests.tenant_service.oauth.tenant import BACK, Browser, Tenant, parts_of

HTTP = httpx2.Client(timeout=60)


@dataclass
class Program:
    """One application at one committee, for one browser. `verifier` is of its PKCE."""

    tenant: Tenant
    client: Client
    browser: Browser
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def challenge(self) -> str:
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def asking(self, **changed: str | None) -> str:
        """The path and query that it sends the browser to; a changed parameter that is None is left out."""
        told: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client.id, "redirect_uri": BACK,
            "scope": "openid profile offline_access", "state": "state-1", "nonce": "nonce-1",
            "code_challenge": self.challenge, "code_challenge_method": "S256", **changed,
        }  # fmt: skip
        return f"/authorize?{urlencode({name: value for name, value in told.items() if value is not None})}"

    def authorize(self, **changed: str | None) -> httpx2.Response:
        return self.browser.get(self.asking(**changed))

    def code(self, **changed: str | None) -> str:
        told = self.authorize(**changed)
        assert told.status_code == 303, told.text[:500]
        return parts_of(told.headers["location"])["code"]

    def token(self, **told: str | None) -> httpx2.Response:
        """Asks at `/token`, and proves who it is if it can."""
        return self.ask("/token", **told)

    def ask(self, path: str, **told: str | None) -> httpx2.Response:
        fields: dict[str, str | None] = {"client_id": self.client.id, **self._proof(), **told}
        data = {name: value for name, value in fields.items() if value is not None}
        return HTTP.post(self.tenant.url + path, data=data)

    def redeem(self, code: str, **changed: str | None) -> httpx2.Response:
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": self.verifier}
        return self.token(**{**told, **changed})

    def tokens(self, **changed: str | None) -> dict[str, Any]:
        """What it gets when everything is right."""
        told = self.redeem(self.code(**changed))
        assert told.status_code == 200, told.text
        return dict(told.json())

    def refresh(self, value: str, **told: str | None) -> httpx2.Response:
        return self.token(grant_type="refresh_token", refresh_token=value, **told)

    def userinfo(self, access: str) -> httpx2.Response:
        return HTTP.get(f"{self.tenant.url}/userinfo", headers={"Authorization": f"Bearer {access}"})

    def asks_api(self, access: str) -> httpx2.Response:
        told = {"query": "{ viewer { sub } }"}
        return HTTP.post(f"{self.tenant.url}/graphql", json=told, headers={"Authorization": f"Bearer {access}"})

    def _proof(self) -> dict[str, str | None]:
        key = self.tenant.keys.get(self.client.id)
        return {"client_assertion_type": ASSERTION, "client_assertion": self.assertion(key)} if key else {}

    def assertion(self, key: ECKey | Any, alg: str = "ES256", typ: str = "JWT", **changed: Any) -> str:
        """A proof of who it is; whatever is said otherwise is said in it."""
        now = int(time.time() + self.tenant.clock.ahead.total_seconds())
        told = {
            "iss": self.client.id, "sub": self.client.id, "aud": self.tenant.url, "iat": now, "exp": now + 60,
            "jti": secrets.token_urlsafe(8), **changed,
        }  # fmt: skip
        if alg == "none":
            parts = (msgspec.json.encode({"alg": "none", "typ": typ}), msgspec.json.encode(told), b"")
            return ".".join(urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)
        return jwt.encode({"alg": alg, "typ": typ}, told, key, algorithms=[alg])


def refused(answer: httpx2.Response, error: str, code: str) -> None:
    """It is the standard's error, with our code and both languages beside."""
    assert answer.status_code in (400, 401), answer.text
    told = answer.json()
    assert (told["error"], told["refusal"]["code"]) == (error, code), told
    assert told["refusal"]["zh"]
    assert told["refusal"]["en"]
    assert "access_token" not in told


def sent_back(answer: httpx2.Response, error: str, state: str = "state-1") -> None:
    """The browser went back to the application, with this error and whatever it had said."""
    assert answer.status_code == 303, answer.text[:300]
    assert answer.headers["location"].startswith(f"{BACK}?")
    told = parts_of(answer.headers["location"])
    assert (told["error"], told["state"], "code" in told) == (error, state, False)
    assert told["iss"].startswith("http://127.0.0.1:")
