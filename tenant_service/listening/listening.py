"""The next changes, when there are any: a question that waits, for gateways and for this committee's own clients."""

import asyncio
import time
from collections.abc import Callable

import msgspec

from sync.bus.answerer import Question
from sync.bus.waiting import happened
from sync.contract.asking.changes import MOST_OF_PERSON, ChangesAsk, ChangesTold, read_ask, write
from sync.contract.errors import Code, Refusal
from sync.edge.places import Places
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Callers
from tenant_service.listening.tail import Tail
from tenant_service.listening.told import look
from tenant_service.listening.veil import Veil
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Unit

MOST_OF_GATEWAY = 1_000
"""Questions of one gateway that wait at once."""
AGAIN_AFTER = 5
"""Seconds after which who was one too many may ask again."""
_SPARE = 0.5
"""Seconds before its end in which a question is answered: the answer has a way to go."""

Who = Callable[[Unit], Actor]
"""Who asks, as of now. Called in the domain's thread; raises Refusal when they are nobody any more."""


class Listening:
    """One committee's changes as people wait for them; `people` holds what each of them listens to, by account."""

    def __init__(self, domain: Domain, callers: Callers, tail: Tail, veil: Veil) -> None:
        self._domain, self._callers, self.tail, self._veil = domain, callers, tail, veil
        self._gateways, self.people = (
            Places(most, again_after=AGAIN_AFTER) for most in (MOST_OF_GATEWAY, MOST_OF_PERSON)
        )

    async def answer(self, question: Question) -> bytes:
        """The answer to `rpc.<committee>.changes`; what is refused is in it."""
        try:
            asker = self._callers.over_rpc(question.headers, question.body, alone=question.is_direct)
            ask = _read(question.body)
            left = question.until - time.monotonic() - _SPARE
            person = (asker.claims.iss, asker.claims.sub) if asker.claims else None
            with self._gateways.held(asker.gateway), self.people.held(person):
                told = await self.next(
                    lambda unit: self._callers.actor(unit, asker), ask, min(ask.wait_ms / 1000, left)
                )
        except Refusal as no:
            told = ChangesTold(code=no.code.value, message=no.en, zh=no.zh)
        return write(told)

    async def next(self, who: Who, ask: ChangesAsk, within: float) -> ChangesTold:
        """The changes behind `ask.after` at once if there are any, else when there are, else none after `within`
        seconds. Who asks is looked at anew each time.

        Raises:
            Refusal: as `told.look`, and what `who` raises.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + within
        waiter = self.tail.begin(ask)
        try:
            while True:
                waiter.woken.clear()
                told, is_more = await self._domain.run(self._look, who, ask)
                if told.changes or ask.after is None:
                    return told
                ask = msgspec.structs.replace(ask, after=told.cursor)
                if is_more:
                    continue
                if not await happened(waiter.woken, ends - loop.time()):
                    return told
        finally:
            self.tail.end(waiter)

    def _look(self, who: Who, ask: ChangesAsk) -> tuple[ChangesTold, bool]:
        with self._callers.units.read() as unit:
            return look(unit.session, who(unit), ask, self._veil)


def _read(body: bytes) -> ChangesAsk:
    try:
        return read_ask(body)
    except (msgspec.DecodeError, ValueError):
        raise Refusal(Code.BAD_REQUEST) from None
