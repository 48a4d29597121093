"""How often somebody may try or ask: counted by address and by name, in this process's memory, before anything costs
time.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from sync.contract.errors import Code, Refusal
from sync.edge.networks import network_of
from sync.edge.places import Places
from tenant_service.identity import rules
from tenant_service.settings import Settings

AT_ONCE = 400
"""Passwords that are looked at or wait for it at once, half of them at most from one address: each takes 30 ms, and two
are looked at at a time.
"""
BY_NAME = 30
"""Tries a minute under one name, right ones included; five wrong ones lock it before (`identity.tries`)."""
_FULL_SECONDS = 3


class Attempts:
    """Counts tries to sign in, or what applications ask."""

    def __init__(
        self, by_address: int, *, by_name: int = BY_NAME, at_once: int = AT_ONCE, clock: Callable[[], float] = time.time
    ) -> None:
        """`by_address`: tries a minute from one IP address. `clock`: Unix seconds; only says how long to wait."""
        self._places = Places(max(1, at_once // 2), at_once, _FULL_SECONDS, Code.BUSY, over=Code.BUSY)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._by_address, self._by_name = RateLimitItemPerMinute(by_address), RateLimitItemPerMinute(by_name)
        self._clock = clock

    @contextmanager
    def tried(self, address: str, name: str) -> Iterator[None]:
        """This try counts, and has one of the places of passwords that are looked at, while it lasts.

        Raises:
            Refusal: RATE_LIMITED; BUSY, all places are taken, or this address has its half.
        """
        self.count(address, name)
        with self._places.held(network_of(address)):
            yield

    def count(self, address: str, name: str | None) -> None:
        """This try counts. `name`: None where whoever tries has not said one here.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        self._hit(self._by_address, network_of(address))
        if name is not None:
            self.count_name(name)

    def count_name(self, name: str) -> None:
        """This try counts under a name alone. Raises: as `count`."""
        self._hit(self._by_name, hashlib.sha256(rules.folded(name).encode("utf-8", "replace")).hexdigest())

    def _hit(self, limit: RateLimitItemPerMinute, key: str) -> None:
        if not self._limiter.hit(limit, key):
            frees = self._limiter.get_window_stats(limit, key).reset_time
            raise Refusal(Code.RATE_LIMITED, seconds=max(1, math.ceil(frees - self._clock())))


def asked(settings: Settings) -> Attempts:
    """Counts what applications ask, by address and by who it is that asks."""
    most = settings.application_requests_per_minute
    return Attempts(most, by_name=most)
