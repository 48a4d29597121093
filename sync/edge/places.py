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
    """

    most_of_one: int
    most: int | None = None
    again_after: int = 10
    taken: Counter[Hashable] = field(default_factory=Counter)

    def take(self, of: Hashable) -> Callable[[], None]:
        """A place is theirs until what is returned is called.

        Raises:
            Refusal: RATE_LIMITED.
        """
        is_full = self.most is not None and self.taken.total() >= self.most
        if is_full or self.taken[of] >= self.most_of_one:
            raise Refusal(Code.RATE_LIMITED, seconds=self.again_after)
        self.taken[of] += 1
        is_given_back = False

        def give_back() -> None:
            nonlocal is_given_back
            if is_given_back:
                return
            is_given_back = True
            self.taken[of] -= 1
            if not self.taken[of]:
                del self.taken[of]

        return give_back

    @contextmanager
    def held(self, of: Hashable) -> Iterator[None]:
        """A place is theirs meanwhile. Raises: Refusal RATE_LIMITED."""
        give_back = self.take(of)
        try:
            yield
        finally:
            give_back()
