"""Browsers hold a cookie that says nothing; the token it stands for stays here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
MOST = 10_000
"""Sessions kept; beyond it the one that was idle longest ends."""
MOST_EACH = 20
"""Of these, of one account; beyond it its own oldest ends, and nobody else's."""
Whose = tuple[str, str]
"""Home and account."""


@dataclass
class _Session:
    token: str
    whose: Whose
    handle: str
    opened: float
    used: float


class Sessions:
    """Sessions of one gateway process; they end with it, and their users sign in again."""

    def __init__(self, clock: Callable[[], float], most_each: int = MOST_EACH) -> None:
        """`clock`: Unix seconds."""
        self._clock, self._most_each = clock, most_each
        self._open: dict[str, _Session] = {}
        self._of: dict[Whose, list[str]] = {}
        """Ids of each account's sessions, the oldest first."""

    def open(self, token: str, whose: Whose = ("", ""), handle: str = "") -> str:
        """A new session's id; nobody can guess it, and it is never given twice.

        Args:
            handle: By which `whose` home renews the token; it goes with the session.
        """
        now = self._clock()
        if len(self._of.get(whose, ())) >= self._most_each:
            self.close(self._of[whose][0])
        if len(self._open) >= MOST:
            self.close(min(self._open, key=lambda id: self._open[id].used))
        id = secrets.token_urlsafe(32)
        self._open[id] = _Session(token, whose, handle, now, now)
        self._of.setdefault(whose, []).append(id)
        return id

    def handle(self, id: str) -> tuple[str, str]:
        """Which committee renews this session's token, and by what; nothing, where none does."""
        found = self._open.get(id)
        return (found.whose[0], found.handle) if found and found.handle else ("", "")

    def whose(self, id: str) -> Whose | None:
        found = self._open.get(id)
        return found.whose if found else None

    def renew(self, id: str, token: str) -> None:
        """The session goes on with a newer token of the same user."""
        if id in self._open:
            self._open[id].token = token

    def close(self, id: str) -> None:
        found = self._open.pop(id, None)
        if found is None:
            return
        of = self._of[found.whose]
        of.remove(id)
        if not of:
            del self._of[found.whose]

    def token(self, id: str) -> str | None:
        """The token that this cookie stands for; None: nobody is signed in by it, or not any more. To look is no use:
        a page that listens looks every few seconds, whether anybody sits before it or not.
        """
        found, now = self._open.get(id), self._clock()
        if found is None:
            return None
        if now - found.used > IDLE_SECONDS or now - found.opened > LONGEST_SECONDS:
            self.close(id)
            return None
        return found.token

    def use(self, id: str) -> None:
        """Somebody did something by this cookie now: its session, if it goes on, is not idle."""
        if self.token(id) is not None:
            self._open[id].used = self._clock()


def cookie_name(gateway: str, *, secure: bool) -> str:
    """The session cookie's name. It carries the gateway's id, because cookies ignore ports.

    `__Host-` binds it to this host and to TLS; browsers refuse it over plain HTTP, as in a demo.
    """
    return f"__Host-liandong-{gateway}" if secure else f"liandong-{gateway}"


def set_cookie(name: str, id: str, *, secure: bool) -> str:
    """The Set-Cookie header that opens a session; with an empty id, the one that ends it."""
    ends = "" if id else "; Max-Age=0"
    return f"{name}={id}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}{ends}"
