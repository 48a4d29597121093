"""Letters are put over the hub, each with one proof for all that it goes to, and what comes back is judged."""

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from gateway.counters import Counters
from gateway.federation.answering.reply import REFUSED, Heard, heard
from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.flights import Flight, Flights
from gateway.federation.asking.putting import Letter, Putting
from gateway.federation.asking.releases import Releases
from gateway.federation.asking.traced import Own, asking
from gateway.identity.callers import Prover
from sync.bus.asker import Reply
from sync.contract.versions import API_VERSION

GRAPHQL, REPLICA = "graphql", "replica"
"""Verbs: a committee's own records, and its copies of others'."""
SHORTEST = 0.02
"""Seconds below which asking is no use."""


@dataclass(frozen=True)
class Post:
    """Puts questions and hears the replies; knows nothing of what they mean."""

    flights: Flights
    prover: Prover
    breaker: Breaker
    counters: Counters = field(default_factory=Counters)
    releases: Releases = field(default_factory=lambda: Releases(API_VERSION, time.monotonic))

    async def put(self, putting: Putting, letters: list[Letter], verb: str, deadline: float) -> dict[str, Heard]:
        """What every committee says; REFUSED: it was not asked, its breaker is open.

        Raises:
            Refusal: TOO_LARGE, a question is over what the hub carries; nobody was asked.
        """
        replies = await self._replies(putting, letters, verb, deadline)
        told = dict[str, Heard]()
        for each in letters:
            question = putting.question(each.together, each.release)
            for id in each.to:
                reply = replies[id]
                known = heard(reply, question.read, is_reduced=question.is_reduced) if reply else Heard(REFUSED, 0.0)
                told[id] = known
        return told

    async def _replies(
        self, putting: Putting, letters: list[Letter], verb: str, deadline: float
    ) -> dict[str, Reply | None]:
        """None: it was not asked."""
        replies: dict[str, Reply | None] = {id: None for each in letters for id in each.to if not self.breaker.lets(id)}
        for id in replies:
            self.counters.question(id, None)
        with asking(verb, [id for each in letters for id in each.to], replies) as own:
            under_way = []
            for each in letters:
                to = [id for id in each.to if id not in replies]
                under_way.append(self.flights.ask(self._flight(putting, each, to, verb, deadline, own), deadline))
            for found in [await under_way[0]] if len(under_way) == 1 else await asyncio.gather(*under_way):
                replies |= found
        return replies

    def _flight(
        self, putting: Putting, letter: Letter, to: list[str], verb: str, deadline: float, own: Own | None
    ) -> Flight:
        caller, body = putting.standpoint.caller, letter.body
        equal = putting.equal(letter.together, verb, body, deadline)

        def key(committee: str) -> Hashable | None:
            of = equal[committee == caller.home]
            return None if of is None else (committee, of)

        return Flight(to, verb, body, lambda wave: self.prover.headers(wave, body, caller.token), key, own)
