"""How often somebody may try: counted by address and by name, in this process's memory, before anything costs time."""

import hashlib
import math
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from sync.contract.errors import Code, Refusal
from sync.edge.networks import network_of
from tenant_service.identity import rules

BY_NAME = 30
"""Tries a minute under one name, right ones included; five wrong ones lock it before (`identity.tries`)."""


class Attempts:
    """Counts tries to sign in."""

    def __init__(self, by_address: int, *, by_name: int = BY_NAME, clock: Callable[[], float] = time.time) -> None:
        """`by_address`: tries a minute from one IP address. `clock`: Unix seconds; only says how long to wait."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._by_address, self._by_name = RateLimitItemPerMinute(by_address), RateLimitItemPerMinute(by_name)
        self._clock = clock

    def count(self, address: str, name: str | None) -> None:
        """This try counts. `name`: None where whoever tries has not said one here.

        Raises:
            Refusal: RATE_LIMITED, with the seconds after which the next one may pass.
        """
        tries = [(self._by_address, network_of(address))]
        if name is not None:
            tries.append((self._by_name, hashlib.sha256(rules.folded(name).encode("utf-8", "replace")).hexdigest()))
        for limit, key in tries:
            if not self._limiter.hit(limit, key):
                frees = self._limiter.get_window_stats(limit, key).reset_time
                raise Refusal(Code.RATE_LIMITED, seconds=max(1, math.ceil(frees - self._clock())))
