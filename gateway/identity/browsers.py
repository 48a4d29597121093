"""Who stands behind the cookie of a browser: decided here, for every door and every page."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.identity.callers import NOBODY, Caller, Callers, Clock
from gateway.identity.home_desk import HomeDesk
from gateway.identity.sessions import Sessions
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory

RENEW_BEFORE = 60
"""Seconds before its end in which a session's token is renewed."""
DEADLINE = 5.0
"""Seconds that home has for it."""


@dataclass(frozen=True)
class Browsers:
    """Signed-in browsers. A session lasts as long as it is used here, as home lets it go on, and as its token is taken
    by the directory in force.
    """

    sessions: Sessions
    desk: HomeDesk
    callers: Callers
    directory: Callable[[], Directory]
    clock: Clock

    async def caller(self, id: str) -> Caller:
        """Who is signed in by this cookie, with a token that is in force; NOBODY, where that has ended or never was."""
        token = self.sessions.token(id)
        if token is None:
            return NOBODY
        caller = self._of(token)
        if caller.claims and caller.claims.exp - self.clock() > RENEW_BEFORE:
            return caller
        return await self._renewed(id) or caller

    def use(self, id: str) -> None:
        """Somebody sits before this browser now; what looks by itself does not call this."""
        self.sessions.use(id)

    async def end(self, id: str) -> None:
        """Nobody is signed in by this cookie any more; home is told, if it can be."""
        home, handle = self.sessions.handle(id)
        self.sessions.close(id)
        if handle:
            try:
                await self.desk.ask(home, "end", handle, DEADLINE)
            except Refusal:
                return  # its handle ends by itself when nobody renews it

    async def _renewed(self, id: str) -> Caller | None:
        """None: its token was not renewed, and holds as long as it does."""
        home, handle = self.sessions.handle(id)
        if not handle:
            return None
        try:
            told = await self.desk.ask(home, "renew", handle, DEADLINE)
        except Refusal as refusal:
            if refusal.code is Code.AWAY:  # silence says nothing
                return None
            self.sessions.close(id)
            return NOBODY
        caller = self._of(told.token)
        if caller.claims and caller.person != self.sessions.whose(id):
            # Every committee that is asked holds its askers' tokens for minutes; none may sign in its own as those.
            self.sessions.close(id)
            return NOBODY
        self.sessions.renew(id, told.token)
        return caller

    def _of(self, token: str) -> Caller:
        try:
            caller = self.callers.of(token, self.directory())
        except Refusal:
            return NOBODY
        # One that is bound to nobody is shown to nobody: what it was made for is not this.
        return caller if caller.claims and self.callers.is_for_all(caller.claims) else NOBODY
