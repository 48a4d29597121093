"""Another provider that signs people in, right in everything unless it is told to be wrong in something."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

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
            "jwks_uri": f"{self.url}/keys", "authorization_response_iss_parameter_supported": True,
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
            "email": "clerk@330421.example", "preferred_username": "clerk", **self.wrong,
        }  # fmt: skip
        signer = self.signer or self.key
        token = jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, signer, algorithms=[self.alg])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


@contextmanager
def other_provider(clock: MovableClock) -> Iterator[OtherProvider]:
    port = free_port()
    made = OtherProvider(f"http://127.0.0.1:{port}", clock)
    with listening(made.app, port):
        yield made
