"""Browsers hold a cookie that says nothing; the token it stands for stays here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
MOST = 10_000
"""Sessions kept; beyond it the one that was idle longest ends."""


class Sessions(Protocol):
    """Where the tokens of signed-in browsers are."""

    async def token(self, id: str) -> str | None:
        """The token that this cookie stands for; None: nobody is signed in by it, or not any more."""


@dataclass
class _Session:
    token: str
    opened: float
    used: float


class MemorySessions:
    """Sessions of one gateway process; they end with it, and their users sign in again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: Unix seconds."""
        self._clock = clock
        self._open: dict[str, _Session] = {}

    def open(self, token: str) -> str:
        """A new session's id; nobody can guess it, and it is never given twice."""
        now = self._clock()
        if len(self._open) >= MOST:
            self._open.pop(min(self._open, key=lambda id: self._open[id].used))
        id = secrets.token_urlsafe(32)
        self._open[id] = _Session(token, now, now)
        return id

    def renew(self, id: str, token: str) -> None:
        """The session goes on with a newer token of the same user."""
        if id in self._open:
            self._open[id].token = token

    def close(self, id: str) -> None:
        self._open.pop(id, None)

    async def token(self, id: str) -> str | None:
        found, now = self._open.get(id), self._clock()
        if found is None:
            return None
        if now - found.used > IDLE_SECONDS or now - found.opened > LONGEST_SECONDS:
            self.close(id)
            return None
        found.used = now
        return found.token


def cookie_name(gateway: str, *, secure: bool) -> str:
    """The session cookie's name. It carries the gateway's id, because cookies ignore ports.

    `__Host-` binds it to this host and to TLS; browsers refuse it over plain HTTP, as in a demo.
    """
    return f"__Host-liandong-{gateway}" if secure else f"liandong-{gateway}"


def set_cookie(name: str, id: str, *, secure: bool) -> str:
    """The Set-Cookie header that opens a session; with an empty id, the one that ends it."""
    ends = "" if id else "; Max-Age=0"
    return f"{name}={id}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}{ends}"


def cookie_in(header: str, name: str) -> str | None:
    """The value of the cookie `name` in a Cookie header; None also where the header cannot be read."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found and found.value else None
