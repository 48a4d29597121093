"""Whatever is sent to the doors of signing in, they refuse it in order: nothing breaks, and nobody is let in."""

import asyncio
import random
from collections import Counter
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.tenant_service.oauth.program import Program
from tests.tenant_service.oauth.raw import Raw, ask
from tests.tenant_service.oauth.tenant import BACK, Tenant

REQUESTS, AT_ONCE, SEED = 4_000, 20, 20260401
UNREAD = 8_000
"""Bytes of a body that is refused before it was read: then the line may end before the answer has arrived."""
PATHS = (
    "/authorize", "/token", "/revoke", "/userinfo", "/jwks", "/.well-known/openid-configuration", "/sign-in",
    "/sign-out", "/password", "/held/end", "/gateway-sign-in", "/consent", "/end-session", "/links", "/links/remove",
)  # fmt: skip
METHODS, STRAY = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"), 0.1
TAKES = {
    "/token": ("POST",), "/revoke": ("POST",), "/sign-out": ("POST",), "/held/end": ("POST",), "/jwks": ("GET",),
    "/consent": ("POST",), "/links/remove": ("POST",),
    "/.well-known/openid-configuration": ("GET",), "/gateway-sign-in": ("GET",),
}  # fmt: skip
NAMES = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
    "prompt", "max_age", "grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint",
    "client_assertion", "client_assertion_type", "client_secret", "username", "password", "next", "csrf", "old", "new",
    "again", "everywhere", "session", "grant", "request", "answer", "demo", "gateway", "lang", "theme", "", "\x00",
)  # fmt: skip
SHAPES = (
    "", " ", "x", "none", "code", "openid", "authorization_code", "refresh_token", "S256", "plain", "0", "-1",
    "9" * 400,
    "\x00", "\x7f", "\ud800", "é", "状态", "\u202e", "'\"<>\\", "%", "%zz", "a" * 3_000, "../..", BACK,
    "//evil.example",
    "https://evil.example/", "javascript:alert(1)", "[]", "{}", "null", "a.b.c", "e30.e30.", "\r\nSet-Cookie: a=b", "🜁",
    "eyJhbGciOiJub25lIn0.eyJpc3MiOjF9.", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "1e999", "true",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=gbk", "application/json",
    "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "", "\xff", "application/jwt", "x" * 500,
)  # fmt: skip
BEARERS = (
    "Bearer",
    "Bearer ",
    "bearer x",
    "Basic eDp5",
    "Basic !!",
    "Bearer \xff",
    "Bearer a.b.c",
    "DPoP x",
    "x" * 5_000,
)


class Mistakes:
    """Draws requests that programs and attackers get wrong: from good ones, a few things changed, or nothing right."""

    def __init__(self, draw: random.Random, good: dict[str, dict[str, str]], cookie: str) -> None:
        self._draw, self._good, self._cookie = draw, good, cookie

    def request(self) -> Raw:
        draw = self._draw
        path = draw.choice(PATHS)
        method = draw.choice(METHODS) if draw.random() < STRAY else draw.choice(TAKES.get(path, ("GET", "POST")))
        query, body = self._fields(path), self._fields(path)
        headers = {"Content-Type": draw.choice(TYPES) if draw.random() < 0.4 else TYPES[0]}
        if draw.random() < 0.4:
            headers["Authorization"] = draw.choice(BEARERS)
        if draw.random() < 0.5:
            headers["Cookie"] = draw.choice(
                (self._cookie, self._cookie[:-3], f"{self._cookie}=", "liandong-330421", ";;=")
            )
        if draw.random() < 0.5:
            headers["Sec-Fetch-Site"] = draw.choice(("same-origin", "same-origin", "cross-site", "", "x"))
        if draw.random() < 0.2:
            headers[draw.choice(("Origin", "Referer", "Accept-Language", "User-Agent", "X-Forwarded-For"))] = (
                draw.choice(SHAPES)
                .encode("utf-8", "replace")
                .decode("latin-1")
                .replace("\r", "")
                .replace("\n", "")
                .replace("\x00", "")
            )
        return Raw(method, f"{path}?{query}" if draw.random() < 0.6 else path, headers, self._broken(body.encode()))

    def _fields(self, path: str) -> str:
        draw = self._draw
        fields: list[tuple[str, str]] = list(self._good.get(path, {}).items()) if draw.random() < 0.7 else []
        for _ in range(draw.randrange(1, 4)):
            kind = draw.random()
            if fields and kind < 0.25:
                fields.pop(draw.randrange(len(fields)))
            elif fields and kind < 0.6:
                at = draw.randrange(len(fields))
                fields[at] = fields[at][0], draw.choice(SHAPES)
            elif fields and kind < 0.75:
                fields.append(draw.choice(fields))
            else:
                fields.append((draw.choice(NAMES), draw.choice(SHAPES)))
        write = draw.choice((quote, quote_plus))
        return "&".join(
            f"{write(name, errors='surrogatepass')}={write(value, errors='surrogatepass')}" for name, value in fields
        )

    def _broken(self, body: bytes) -> bytes:
        draw = self._draw
        kind = draw.random()
        if kind < 0.1:
            return draw.randbytes(draw.randrange(200))
        if kind < 0.2:
            return body[: draw.randrange(len(body) + 1)] + b"%" + draw.randbytes(2)
        if kind < 0.25:
            return body * 40 + b"&x=" + b"a" * draw.choice((10, 20_000))
        if kind < 0.3:
            return b"&".join(b"f%d=" % n for n in range(700))
        if kind < 0.35:
            return draw.choice(
                (b'{"username": 1}', b"[" * 3_000, b'{"username":"x","password":"\xff"}', b"null", b'"x"')
            )
        return body


@pytest.fixture
def good(tenant: Tenant) -> tuple[dict[str, dict[str, str]], Program]:
    """What would be right, door by door."""
    program = Program(tenant, tenant.client(key=True), tenant.browser("clerk"))
    held, key = program.tokens(), tenant.keys[program.client.id]
    proof = {
        "client_id": program.client.id, "client_assertion": program.assertion(key),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    asking: dict[str, Any] = dict(
        each.split("=", 1) for each in program.asking().partition("?")[2].replace("+", " ").split("&")
    )
    asking["redirect_uri"] = BACK
    redeem = {
        "grant_type": "authorization_code",
        "code": program.code(),
        "redirect_uri": BACK,
        "code_verifier": "v" * 43,
    }
    return {
        "/authorize": asking, "/token": {**redeem, **proof}, "/revoke": {"token": held["refresh_token"], **proof},
        "/sign-in": {"username": "clerk", "password": "not-the-password", "next": "/"},
        "/password": {"csrf": "x", "old": "x", "new": "y" * 12, "again": "y" * 12}, "/sign-out": {"csrf": "x"},
        "/end-session": {"id_token_hint": held["id_token"], "post_logout_redirect_uri": BACK, "state": "s"},
        "/consent": {"csrf": "x", "request": "client_id=x", "answer": "yes"}, "/links": {"csrf": "x", "password": "x"},
        "/links/remove": {"csrf": "x", "issuer": "x", "subject": "x", "password": "x"},
        "/held/end": {"csrf": "x", "session": "x"}, "/gateway-sign-in": {"gateway": "gateway-330400", "state": "s"},
    }, program  # fmt: skip


def test_four_thousand_malformed_requests_break_nothing(
    tenant: Tenant, good: tuple[dict[str, dict[str, str]], Program]
) -> None:
    told, program = good
    cookie = "; ".join(f"{name}={value}" for name, value in program.browser.cookies.items())
    mistakes = Mistakes(random.Random(SEED), told, cookie)
    drawn = [mistakes.request() for _ in range(REQUESTS)]

    async def all_of_them() -> list[int]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(each: Raw) -> int:
            async with gate:
                return await ask(tenant.url, each)

        return await asyncio.gather(*map(one, drawn))

    statuses = asyncio.run(all_of_them())
    asked = list(zip(statuses, drawn, strict=True))
    broken = [(status, each) for status, each in asked if status >= 500]
    assert not broken, broken[:3]
    silent = [each for status, each in asked if status == 0 and len(each.body) < UNREAD]
    assert not silent, silent[:3]
    print(  # noqa: T201 — what was reached is told
        f"{REQUESTS} requests, seed {SEED}: {dict(sorted(Counter(statuses).items()))}"
    )
    assert Counter(statuses)[405] < REQUESTS // 4, "most of them meet a door"
    assert {200, 303, 400, 401, 403, 404, 405} <= set(statuses), "it reached every door"
    assert program.browser.get("/livez").status_code == 200
