"""What this gateway asks of somebody's home at its token desk; see `sync.contract.asking.gateway_sign_in`."""

from dataclasses import dataclass

import msgspec

from gateway.identity.callers import Prover
from sync.bus.asker import Asks, Outcome
from sync.contract.asking.gateway_sign_in import Grant, TokenAsk, TokenTold, read_told, write
from sync.contract.errors import Code, Refusal


@dataclass(frozen=True)
class HomeDesk:
    """Puts such questions, with this gateway's proof. Nothing in what homes tell is checked yet."""

    asker: Asks
    prover: Prover

    async def ask(self, home: str, grant: Grant, value: str, deadline: float) -> TokenTold:
        """What home tells within `deadline` seconds; there is a token in it, unless something was ended.

        Raises:
            Refusal: AWAY, it is silent, or says nothing that could be read; what it refuses.
        """
        body = write(TokenAsk(grant, value))
        headers = self.prover.headers([home], body, "")
        reply = (await self.asker.ask([(home, "token", body)], headers, deadline))[home]
        if reply.outcome is not Outcome.ANSWERED:
            raise Refusal(Code.AWAY)
        try:
            told = read_told(reply.body)
        except (msgspec.DecodeError, ValueError):
            raise Refusal(Code.AWAY) from None
        if grant != "end" and not told.token:
            raise Refusal(Code.known(told.code) or Code.BAD_TOKEN)
        return told
