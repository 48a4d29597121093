"""How many may hold something at once: one, and all together."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal


@dataclass
class Places:
    """Places that are taken.

    Attributes:
        most_of_one: Of one holder.
        most: Of all together; None: as many as there are holders for.
        again_after: Seconds after which who was one too many may try again.
        full: What they are told while all together have the most.
        over: What one is told that has the most that one may have.
        count: Places taken of all together.
        refused: How often one had the most already, since the start.
    """

    most_of_one: int
    most: int | None = None
    again_after: int = 10
    full: Code = Code.RATE_LIMITED
    taken: Counter[Hashable] = field(default_factory=Counter)
    count: int = 0
    over: Code = Code.RATE_LIMITED
    refused: int = 0

    def take(self, of: Hashable) -> Callable[[], None]:
        """A place is theirs until what is returned is called.

        Raises:
            Refusal: `over`, they have the most that one may have; `full`.
        """
        if self.taken[of] >= self.most_of_one:
            self.refused += 1
            raise Refusal(self.over, seconds=self.again_after, most=self.most_of_one)
        if self.most is not None and self.count >= self.most:
            raise Refusal(self.full, seconds=self.again_after)
        self.taken[of] += 1
        self.count += 1
        is_given_back = False

        def give_back() -> None:
            nonlocal is_given_back
            if is_given_back:
                return
            is_given_back = True
            self.count -= 1
            self.taken[of] -= 1
            if not self.taken[of]:
                del self.taken[of]

        return give_back

    @contextmanager
    def held(self, of: Hashable) -> Iterator[None]:
        """A place is theirs meanwhile. Raises: as `take`."""
        give_back = self.take(of)
        try:
            yield
        finally:
            give_back()
