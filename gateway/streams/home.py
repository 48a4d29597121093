"""What has changed, as the home of whoever listens tells it: asked again and again, each question waits there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from gateway.entry import Renewing
from gateway.identity.callers import Caller, Prover
from sync.bus.asker import Asks, Outcome
from sync.bus.rpc import CHANGES
from sync.contract.asking.changes import MOST_OF_PERSON, Change, ChangesAsk, ChangesTold, read_told, write
from sync.contract.errors import Code, Refusal
from sync.edge.places import Places

WAIT_MS = 20_000
"""Milliseconds for which home holds a question."""
_SPARE = 3.0
"""Seconds that the answer may take beside that."""
_AGAIN, _LONGEST_PAUSE = 0.5, 10.0
"""Seconds until a home that is away is asked again: at first, and at most."""
_PATIENCE = 6
"""Answers in a row that serve nobody, after which the listener is told: in all the pauses between them, questions that
somebody has left have given their places back.
"""

Owners = Callable[[], Sequence[str] | None]
"""Whose records are meant, as the newest directory says; None: everybody's."""


@dataclass(frozen=True)
class Home:
    """Asks homes for changes. `people` holds what each person listens to: as much as their home lets them."""

    asker: Asks
    prover: Prover
    people: Places = field(
        default_factory=lambda: Places(MOST_OF_PERSON, again_after=WAIT_MS // 1000, over=Code.TOO_MANY_OPEN)
    )

    async def told(
        self, renewed: Renewing, owners: Owners, ask: ChangesAsk
    ) -> AsyncIterator[tuple[Change | None, str]]:
        """Each change behind `ask.after` and the place behind it, for ever; the first place comes without a change.

        While home or the hub is away it is asked again: nothing is lost, because the place is kept here.

        Raises:
            Refusal: TOO_MANY_OPEN, they listen to as much already as home lets them; what renewing or home refuses.
        """
        caller = await renewed()
        if caller.claims is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        with self.people.held(caller.person):
            async for each in self._told(renewed, owners, ask):
                yield each

    async def _told(
        self, renewed: Renewing, owners: Owners, ask: ChangesAsk
    ) -> AsyncIterator[tuple[Change | None, str]]:
        loop = asyncio.get_running_loop()
        is_first, pause, unserved = True, _AGAIN, 0
        while True:
            chosen = owners()
            wait = 0 if is_first else WAIT_MS
            put = msgspec.structs.replace(ask, owners=None if chosen is None else list(chosen), wait_ms=wait)
            caller, began = await renewed(), loop.time()
            said = await self._asked(caller, put)
            unserved = unserved + 1 if isinstance(said, Refusal) else 0
            if isinstance(said, Refusal) and unserved >= _PATIENCE:
                raise said
            if not isinstance(said, ChangesTold):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            # Home holds a question until there is something to tell; one that does not must not be asked without end.
            is_hasty = not is_first and not said.changes and loop.time() - began < WAIT_MS / 2000
            if is_hasty:
                await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE) if is_hasty else _AGAIN
            if is_first:
                is_first = False
                yield None, ask.after or said.cursor
            for change in said.changes:
                yield change, change.cursor
            ask = msgspec.structs.replace(ask, after=said.cursor)

    async def _asked(self, caller: Caller, ask: ChangesAsk) -> ChangesTold | Refusal | None:
        """What home says; None: nothing, for now; a refusal: it answers, and serves nobody. Raises: Refusal."""
        if caller.home is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        body = write(ask)
        headers = self.prover.headers([caller.home], body, caller.token)
        wait = ask.wait_ms / 1000 + _SPARE
        reply = (await self.asker.ask([(caller.home, CHANGES, body)], headers, wait))[caller.home]
        if reply.outcome is not Outcome.ANSWERED:
            return None
        try:
            told = read_told(reply.body)
        except (msgspec.DecodeError, ValueError):
            return Refusal(Code.AWAY)
        if told.code == Code.RATE_LIMITED:
            return Refusal(Code.RATE_LIMITED, seconds=WAIT_MS // 1000)
        if told.code:
            raise _refusal(told.code)
        if not told.cursor:  # an older release does not know the question
            return Refusal(Code.AWAY)
        # Behind changes there is another place; else the same ones would be told again and again.
        return Refusal(Code.AWAY) if told.changes and told.cursor == ask.after else told


def _refusal(code: str) -> Refusal:
    """What home refused, in our own words: nothing that it wrote is shown."""
    return Refusal(Code.known(code) or Code.FORBIDDEN)
