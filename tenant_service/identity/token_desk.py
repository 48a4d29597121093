"""Answers gateways at `rpc.<home>.token` (the wire: `sync.contract.asking.gateway_sign_in`)."""

import logging
from dataclasses import dataclass

import msgspec

from sync.bus.answerer import Question
from sync.bus.rpc import TOKEN
from sync.contract.asking.gateway_sign_in import TokenAsk, TokenTold, read_ask, write
from sync.contract.errors import Code, Refusal
from tenant_service.identity import gateway_sign_in
from tenant_service.identity.callers import Callers
from tenant_service.identity.issuing import Issued, Issuer
from tenant_service.storage.engine import Domain

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TokenDesk:
    """Tells gateways tokens of our own users."""

    domain: Domain
    callers: Callers
    issuer: Issuer

    async def answer(self, question: Question) -> bytes:
        """The bytes of a TokenTold; a refusal is told by its code, and never raised."""
        try:
            headers = {**question.headers, TOKEN: ""}
            asker = self.callers.over_rpc(headers, question.body, alone=question.is_direct)
            cnf = self.callers.proving_key(question.headers, asker.gateway)
            return write(await self.domain.run(self._told, _read(question.body), asker.gateway, cnf))
        except Refusal as refusal:
            log.info("a gateway was told %s", refusal.code)
            return write(TokenTold(code=refusal.code.value))

    def _told(self, ask: TokenAsk, gateway: str, cnf: str) -> TokenTold:
        """Raises: Refusal."""
        lifetimes, handle = self.callers.lifetimes, ""
        with self.callers.units.write() as unit:
            match ask.grant:
                case "code":
                    issued, handle = gateway_sign_in.redeem(unit, self.issuer, ask.value, gateway, cnf, lifetimes)
                case "renew":
                    issued = gateway_sign_in.renew(unit, self.issuer, ask.value, gateway, cnf, lifetimes)
                case "exchange":
                    claims = self.callers.claims(ask.value)
                    issued = gateway_sign_in.exchange(unit, self.issuer, claims, gateway, cnf)
                case _:  # end
                    gateway_sign_in.end(unit, ask.value, gateway)
                    issued = Issued("", 0)
        return TokenTold(issued.token, issued.expires_in, handle)


def _read(body: bytes) -> TokenAsk:
    try:
        return read_ask(body)
    except (msgspec.DecodeError, ValueError):
        raise Refusal(Code.BAD_REQUEST) from None
