"""API tokens: made for one gateway by their holder's home, they are exchanged there for one that every committee takes.

What comes back is bound to this gateway's key and lives a few minutes; it is kept until shortly before its end.
"""

from dataclasses import dataclass, field

from gateway.identity.callers import Caller, Callers, Clock
from gateway.identity.home_desk import HomeDesk
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory

DEADLINE = 2.0
SPARE = 30
"""Seconds before its end in which a token is exchanged anew."""
MOST = 10_000
REST = 5
"""Seconds in which a home that did not answer, or refused a token, is not asked about it again."""


@dataclass
class TokenExchange:
    """Callers by the tokens they bring, each with a token for the whole federation."""

    callers: Callers
    desk: HomeDesk
    clock: Clock
    _kept: dict[str, tuple[Caller | Code, float]] = field(default_factory=dict)
    """By token: whose it is, or why it is not taken; and until when."""

    def asks_home(self, token: str, directory: Directory) -> bool:
        """Whether somebody's home has to be asked to know who brings this token."""
        try:
            claims = self.callers.of(token, directory).claims
        except Refusal:
            return False
        kept = self._kept.get(token)
        is_kept = kept is not None and kept[1] > self.clock()
        return claims is not None and not self.callers.is_for_all(claims) and not is_kept

    async def caller(self, token: str, directory: Directory) -> Caller:
        """Who brings this token.

        While home is away nobody is asked: what is brought goes nowhere but home, in an exchange. Whoever else were
        shown it could use it at home, for it is bound to nobody.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER, or what home refuses; AWAY, home does not answer.
        """
        brought = self.callers.of(token, directory)
        if brought.claims is None or self.callers.is_for_all(brought.claims):
            return brought
        kept = self._kept.get(token)
        if kept is None or kept[1] <= self.clock():
            kept = await self._exchanged(brought, directory)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[token] = kept
        found, _ = kept
        if isinstance(found, Code):
            raise Refusal(found)
        self.callers.of(found.token, directory)  # a suspended home, or a key that was revoked, counts at once
        return found

    async def _exchanged(self, brought: Caller, directory: Directory) -> tuple[Caller | Code, float]:
        """The caller with the new token, or why there is none; and until when that holds."""
        assert brought.home
        try:
            told = await self.desk.ask(brought.home, "exchange", brought.token, DEADLINE)
        except Refusal as refusal:
            return refusal.code, self.clock() + REST
        found = self.callers.of(told.token, directory)
        if found.claims is None or brought.claims is None or found.person != brought.person:
            return Code.BAD_TOKEN, self.clock() + REST
        return found, found.claims.exp - SPARE
