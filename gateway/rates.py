"""How much one asker may have: requests and cost a minute, and places among those that are under way.

Everybody is counted under a name of their own: who has signed in by account, everybody else by the network they come
from. So a crowd under one name uses up its own room and nobody else's. What is over is refused at once; nobody waits in
a line here.
"""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from gateway.callers import Caller
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


class _Storage(MemoryStorage):
    """Counts in memory, tidied up once a minute.

    As it comes, it looks through every name a hundred times a second, in a thread made anew each time: a crowd of names
    would take a whole processor. What has expired is never counted, tidied up or not. One thread alone counts here.
    """

    _TIDIED_EVERY = 60.0
    _tidied = -math.inf

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """The count of this key, with so much more in it."""
        if time.monotonic() - self._tidied >= self._TIDIED_EVERY:
            self._tidied = time.monotonic()
            for each in list(self.expirations):
                self.get(each)  # drops one that has expired
        if self.get(key) == 0:
            self.expirations[key] = time.time() + expiry
        self.storage[key] += amount
        return self.storage[key]


class Rates:
    """Counts in this process's memory. `clock`: Unix seconds; only says how long to wait."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.time) -> None:
        self._allowance, self._clock = allowance, clock
        self._storage = _Storage()
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        self._signed_in = RateLimitItemPerMinute(allowance.requests, namespace="requests")
        self._strangers = RateLimitItemPerMinute(allowance.strangers, namespace="requests")
        self._cost = RateLimitItemPerMinute(allowance.cost, namespace="cost")
        self._names: OrderedDict[str, None] = OrderedDict()
        self.places, self.strangers = (
            Places(allowance.at_once_each, most, _FULL_SECONDS, Code.BUSY)
            for most in (allowance.at_once, max(1, allowance.at_once // 2))
        )
        self.refused = Counter[str]()
        """What was over → requests refused since the start."""

    def request(self, name: str) -> None:
        """This request counts.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        self._remember(name)
        self._count(self._signed_in if name.startswith("user ") else self._strangers, name, 1, "requests")

    def cost(self, name: str, cost: int) -> None:
        """What this request costs counts.

        Raises:
            Refusal: RATE_LIMITED.
        """
        self._count(self._cost, name, max(1, min(cost, self._allowance.cost)), "cost")

    @contextmanager
    def place(self, name: str) -> Iterator[None]:
        """One of the places among those under way, while it lasts.

        Raises:
            Refusal: RATE_LIMITED, the asker has too many; BUSY, all are taken, or strangers have taken their half: so
                many that it would keep out who has signed in.
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

    def _count(self, item: RateLimitItem, name: str, much: int, what: str) -> None:
        if not self._limiter.hit(item, name, cost=much):
            self.refused[what] += 1
            frees = self._limiter.get_window_stats(item, name).reset_time
            raise Refusal(Code.RATE_LIMITED, seconds=max(1, math.ceil(frees - self._clock())))

    def _remember(self, name: str) -> None:
        self._names[name] = None
        self._names.move_to_end(name)
        if len(self._names) > MOST_NAMES:
            quiet, _ = self._names.popitem(last=False)
            for item in (self._signed_in, self._strangers, self._cost):
                self._storage.clear_sliding_window(item.key_for(quiet), item.get_expiry())


def name_of(caller: Caller, address: str) -> str:
    """Under which name this asker is counted."""
    if caller.claims:
        return f"user {caller.claims.iss} {caller.claims.sub}"
    return f"from {network_of(address)}"
