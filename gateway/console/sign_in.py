"""Signing in through one's own committee: the gateway never sees a password, and keeps tokens to itself."""

import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from gateway.app import Parts
from gateway.console.used_states import UsedStates
from gateway.identity.browsers import DEADLINE
from gateway.identity.callers import Clock
from sync.contract.errors import Code, Refusal

STATE_SECONDS = 600
"""How long somebody may take to sign in at home."""


@dataclass
class SignIns:
    """Begins sign-ins, and opens the session of who comes back."""

    parts: Parts
    clock: Clock
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _used: UsedStates = field(default_factory=lambda: UsedStates(STATE_SECONDS))

    def begin(self, committee: str) -> tuple[str, str]:
        """Where the browser goes, and the state that it must bring back.

        Raises:
            Refusal: UNKNOWN_COMMITTEE; AWAY, its users cannot sign in through a gateway.
        """
        directory = self.parts.federation.now().directory
        home = directory.get(committee)
        if not directory.is_active(committee) or not home.login_url:
            raise Refusal(Code.AWAY)
        state = self._signed(f"{committee}.{int(self.clock()) + STATE_SECONDS}.{secrets.token_urlsafe(12)}")
        return f"{home.login_url}?{urlencode({'gateway': self.parts.settings.id, 'state': state})}", state

    async def finish(self, state: str, code: str) -> str:
        """The id of the session that is open now.

        Raises:
            Refusal: BAD_TOKEN, nobody began this sign-in here, or too long ago, or it has come back before; AWAY, and
                it may be tried again; what the home refuses.
        """
        committee, until, *_ = f"{state}..".split(".")
        is_ours = secrets.compare_digest(self._signed(state.rpartition(".")[0]).encode(), state.encode())
        if not is_ours or self.clock() > int(until):
            raise Refusal(Code.BAD_TOKEN)
        if not self._used.take(state, self.clock()):
            raise Refusal(Code.BAD_TOKEN)
        try:
            told = await self.parts.desk.ask(committee, "code", code, DEADLINE)
        except Refusal as refusal:
            if refusal.code is Code.AWAY:
                self._used.give_back(state)
            raise
        caller = self.parts.callers.of(told.token, self.parts.federation.now().directory)
        if caller.claims is None or caller.home != committee or not self.parts.callers.is_for_all(caller.claims):
            raise Refusal(Code.BAD_TOKEN)
        return self.parts.sessions.open(told.token, (committee, caller.claims.sub), told.handle)

    def _signed(self, told: str) -> str:
        """Nothing is kept of a sign-in that was begun, so that nobody can crowd out others'."""
        return f"{told}.{hmac.new(self._secret, told.encode(), 'sha256').hexdigest()}"
