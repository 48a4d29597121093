"""Another provider that signs people in, right in everything unless it is told to be wrong in something."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tenant_service.edge.logout_token import EVENT
from tests.sync.hubs import free_port
from tests.tenant_service.oauth.tenant import MovableClock, listening

CLIENT = "liandong-330421"


@dataclass
class OtherProvider:
    """`wrong`: claims of its ID tokens. `signer`, `alg`: how they are signed. `answer`: what a browser brings."""

    url: str
    clock: MovableClock
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    signer: Any = None
    alg: str = "RS256"
    wrong: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    redeemed: list[dict[str, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._description),
                Route("/auth", self._auth), Route("/keys", self._keys), Route("/token", self._token, methods=["POST"]),
            ]
        )  # fmt: skip

    async def _description(self, _: Request) -> Response:
        told = {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/auth", "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys", "end_session_endpoint": f"{self.url}/logout?realm=zx",
            "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip
        return JSONResponse({**told, **self.described})

    async def _auth(self, request: Request) -> Response:
        code, told = secrets.token_urlsafe(8), dict(request.query_params)
        self.asked[code] = told
        back = {"code": code, "state": told["state"], "iss": self.url, **self.answer}
        query = "&".join(f"{name}={value}" for name, value in back.items() if value)
        return RedirectResponse(f"{told['redirect_uri']}?{query}", 303)

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [{"kty": "oct", "k": "AAAA"}, {**self.key.as_dict(private=False), "use": "sig"}]})

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            told = {name: str(value) for name, value in form.items()}
        self.redeemed.append(told)
        if basic := request.headers.get("authorization", "").removeprefix("Basic "):
            self.secrets.append(basic)
        asked, now = self.asked.pop(told.get("code", ""), None), int(self.clock().timestamp())
        if asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.url, "sub": "zhang-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"),
            "sid": f"session-{len(self.redeemed)}", "email": "clerk@330421.example", "preferred_username": "clerk",
            **self.wrong,
        }  # fmt: skip
        signer = self.signer or self.key
        token = jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, signer, algorithms=[self.alg])
        self.given.append(token)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def logout_token(self, typ: str | None = "logout+jwt", **changed: Any) -> str:
        """Says that somebody signed out here; a changed claim that is None is left out."""
        now = int(self.clock().timestamp())
        told = {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": secrets.token_urlsafe(8),
            "events": {EVENT: {}}, **changed,
        }  # fmt: skip
        claims = {name: value for name, value in told.items() if value is not None}
        header = {"alg": self.alg, "kid": self.key.kid, **({"typ": typ} if typ else {})}
        token: str = jws.serialize_compact(
            header, json.dumps(claims), self.signer or self.key, registry=jws.JWSRegistry(algorithms=[self.alg])
        )
        return token


@contextmanager
def other_provider(clock: MovableClock) -> Iterator[OtherProvider]:
    port = free_port()
    made = OtherProvider(f"http://127.0.0.1:{port}", clock)
    with listening(made.app, port):
        yield made
