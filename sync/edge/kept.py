"""What was made with some effort and may be wanted again: the newest used, as much as may weigh so much together."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Things by key; any thread may put them here and take them.

    Attributes:
        weight: Bytes of all that is kept, as far as was weighed.
        hits, misses: Since the start.
    """

    def __init__(self, most: int, weigh: Callable[[T], int]) -> None:
        """`most`: bytes. `weigh`: bytes of one thing as it is now; it may have grown since it was put here."""
        self._most, self._bytes = most, weigh
        self._lock = threading.Lock()
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self.weight = self.hits = self.misses = 0

    def __len__(self) -> int:
        return len(self._things)

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            found = self._things.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._things.move_to_end(key)
            return found[0]

    def weigh(self, key: Hashable) -> None:
        """It may have grown."""
        with self._lock:
            if found := self._things.get(key):
                self._put(key, found[0])

    def weighed(self) -> int:
        """Bytes of all that is kept, each weighed anew."""
        with self._lock:
            for key, (thing, before) in self._things.items():
                now = self._bytes(thing)
                self.weight += now - before
                self._things[key] = thing, now
            self._make_room()
            return self.weight

    def put(self, key: Hashable, thing: T) -> None:
        """It is kept from now on, or weighed anew; what was not used for longest makes room. What alone is too much is
        not kept.
        """
        with self._lock:
            self._put(key, thing)

    def _put(self, key: Hashable, thing: T) -> None:
        _, before = self._things.pop(key, (None, 0))
        now = self._bytes(thing)
        self.weight += now - before
        self._things[key] = thing, now
        self._make_room()

    def _make_room(self) -> None:
        while self.weight > self._most:
            _, (_, less) = self._things.popitem(last=False)
            self.weight -= less
