"""Who was not asked for a while is asked for the sake of those who listen to how committees stand: else one that is
back would pass for silent until somebody needs it.
"""

import asyncio
import datetime as dt
import logging
from dataclasses import dataclass, field

from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.post import GRAPHQL
from gateway.federation.committees import Federation
from gateway.identity.callers import Prover
from gateway.streams.standings import Standings
from sync.bus.asker import Asks

log = logging.getLogger(__name__)

ROUND = 60.0
"""Seconds from one round to the next; who was asked within it is not probed."""
_QUESTION = b'{"query":"{ __typename }"}'
"""A committee answers it without a look at its database."""


@dataclass(frozen=True)
class Probing:
    """Attributes:
    most: Committees in one round; 0: nobody is probed.
    deadline: Seconds that they have.
    """

    asker: Asks
    prover: Prover
    breaker: Breaker
    federation: Federation
    standings: Standings
    most: int
    deadline: float
    every: float = field(default=ROUND)

    async def run(self) -> None:
        """A round each minute while somebody listens, for ever."""
        while self.most:
            await self.standings.somebody_listens()
            try:
                await self.round()
            except Exception:
                log.exception("a round of probing broke")
            await asyncio.sleep(self.every)

    async def round(self) -> None:
        """Whoever was not asked for the longest time is asked; what comes of it is noted as of any question."""
        before = self.standings.now() - dt.timedelta(seconds=self.every)
        listed = self.federation.now().listed
        due = [id for id in self.standings.longest_ago(listed, before) if self.breaker.lets(id)][: self.most]
        if not due:
            return
        headers = self.prover.headers(due, _QUESTION, "")
        replies = await self.asker.ask([(id, GRAPHQL, _QUESTION) for id in due], headers, self.deadline)
        for id, reply in replies.items():
            self.breaker.note(id, reply.outcome, reply.seconds)
