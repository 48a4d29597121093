"""How much one asker may have: requests and cost a minute, and places among those that are under way.

Everybody is counted under a name of their own: who has signed in by account, everybody else by the network they come
from. So a crowd under one name uses up its own room and nobody else's. What is over is refused at once; nobody waits in
a line here.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from gateway.identity.callers import Caller
from gateway.last_minute import LastMinute
from sync.contract.errors import Code, Refusal
from sync.edge.networks import network_of
from sync.edge.places import Places

MOST_NAMES = 50_000
"""Names that are counted at the same time; beyond it the one that was quiet longest begins anew. Whoever has so many
names to ask under is held by what the gateway as a whole takes.
"""
_FULL_SECONDS = 1
"""When one that found the gateway full may try again: places are free again within a question's time."""


@dataclass(frozen=True)
class Allowance:
    """What one asker may have.

    Attributes:
        requests: A minute, signed in.
        strangers: A minute, of one network, not signed in.
        cost: Fields × page sizes × committees, a minute.
        at_once: Requests under way, of all together.
        at_once_each: Of these, of one asker.
    """

    requests: int = 600
    strangers: int = 600
    cost: int = 4_000_000
    at_once: int = 500
    at_once_each: int = 50


class Rates:
    """Counts in this process's memory. `clock`: Unix seconds."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.time) -> None:
        self._allowance = allowance
        self._requests, self._costs = LastMinute(MOST_NAMES, clock), LastMinute(MOST_NAMES, clock)
        self._deliveries = LastMinute(MOST_NAMES, clock)
        self.places, self.strangers = (
            Places(allowance.at_once_each, most, _FULL_SECONDS, Code.BUSY, over=Code.TOO_MANY_AT_ONCE)
            for most in (allowance.at_once, max(1, allowance.at_once // 2))
        )
        self.refused = Counter[str]()
        """What was over → requests refused since the start."""

    def request(self, name: str) -> None:
        """This request counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        most = self._allowance.requests if name.startswith("user ") else self._allowance.strangers
        self._unless_over("requests", self._requests.take(name, 1, most))

    def cost(self, name: str, cost: int) -> None:
        """What this request costs counts.

        Raises:
            Refusal: RATE_LIMITED.
        """
        most = self._allowance.cost
        self._unless_over("cost", self._costs.take(name, max(1, min(cost, most)), most))

    def delivery(self, name: str) -> float:
        """One more change that is delivered to them counts, if there is room for it; else nothing, and after how many
        seconds there will be. As many as requests a minute, and beside them: what others change takes nothing from what
        somebody may ask.
        """
        return self._deliveries.take(name, 1, self._allowance.requests)

    @contextmanager
    def place(self, name: str) -> Iterator[None]:
        """One of the places among those under way, while it lasts.

        Raises:
            Refusal: TOO_MANY_AT_ONCE, the asker has too many; BUSY, all are taken, or strangers have taken their half:
                so many that it would keep out who has signed in.
        """
        with ExitStack() as held:
            try:
                if not name.startswith("user "):
                    held.enter_context(self.strangers.held(name))
                held.enter_context(self.places.held(name))
            except Refusal as no:
                self.refused["full" if no.code is Code.BUSY else "places"] += 1
                raise
            yield

    def _unless_over(self, what: str, wait: float) -> None:
        if wait:
            self.refused[what] += 1
            raise Refusal(Code.RATE_LIMITED, seconds=math.ceil(wait))


def name_of(caller: Caller, address: str) -> str:
    """Under which name this asker is counted."""
    if caller.claims:
        return f"user {caller.claims.iss} {caller.claims.sub}"
    return f"from {network_of(address)}"
