"""Signing in through one's own committee: the gateway never sees a password, and keeps tokens to itself."""

import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from gateway.app import Parts
from gateway.callers import Caller, Clock
from gateway.console.used_states import UsedStates
from sync.bus.rpc import Outcome
from sync.contract.asking import gateway_sign_in
from sync.contract.asking.gateway_sign_in import Grant, TokenAsk, TokenTold
from sync.contract.errors import Code, Refusal

STATE_SECONDS = 600
"""How long somebody may take to sign in at home."""
RENEW_BEFORE = 60
"""Seconds before its end in which a token is renewed."""
_DEADLINE = 5.0


@dataclass
class SignIns:
    """Begins and ends sign-ins, and renews the sessions' tokens."""

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
            told = await self._ask(committee, "code", code)
        except Refusal as refusal:
            if refusal.code is Code.AWAY:
                self._used.give_back(state)
            raise
        caller = self.parts.callers.of(told.token, self.parts.federation.now().directory)
        if caller.claims is None or caller.home != committee:
            raise Refusal(Code.BAD_TOKEN)
        return self.parts.sessions.open(told.token, (committee, caller.claims.sub), told.handle)

    async def token(self, id: str) -> str | None:
        """The session's token, renewed where it is about to end; None: the session is over."""
        token = await self.parts.sessions.token(id)
        if token is None:
            return None
        caller = self._caller(token)
        if caller and caller.claims and caller.claims.exp - self.clock() > RENEW_BEFORE:
            return token
        return await self._renewed(id) or (token if caller else None)

    async def end(self, id: str) -> None:
        """Nobody is signed in by this cookie any more; home is told, if it can be."""
        committee, handle = self.parts.sessions.handle(id)
        self.parts.sessions.close(id)
        if handle:
            try:
                await self._ask(committee, "end", handle)
            except Refusal:
                return  # its handle ends by itself when nobody renews it

    def _caller(self, token: str) -> Caller | None:
        try:
            return self.parts.callers.of(token, self.parts.federation.now().directory)
        except Refusal:
            return None

    async def _renewed(self, id: str) -> str | None:
        committee, handle = self.parts.sessions.handle(id)
        if not handle:
            return None
        try:
            told = await self._ask(committee, "renew", handle)
        except Refusal as refusal:
            if refusal.code is not Code.AWAY:  # home says that it is over; silence says nothing
                self.parts.sessions.close(id)
            return None
        self.parts.sessions.renew(id, told.token)
        return told.token

    async def _ask(self, committee: str, grant: Grant, value: str) -> TokenTold:
        """Raises: Refusal AWAY, or what the home refuses."""
        body = gateway_sign_in.write(TokenAsk(grant, value))
        headers = self.parts.prover.headers([committee], body, "")
        reply = (await self.parts.asker.ask([(committee, "token", body)], headers, _DEADLINE))[committee]
        if reply.outcome is not Outcome.ANSWERED:
            raise Refusal(Code.AWAY)
        try:
            told = gateway_sign_in.read_told(reply.body)
        except msgspec.DecodeError:
            raise Refusal(Code.AWAY) from None
        if grant != "end" and not told.token:
            raise Refusal(Code.known(told.code) or Code.BAD_TOKEN)
        return told

    def _signed(self, told: str) -> str:
        """Nothing is kept of a sign-in that was begun, so that nobody can crowd out others'."""
        return f"{told}.{hmac.new(self._secret, told.encode(), 'sha256').hexdigest()}"
