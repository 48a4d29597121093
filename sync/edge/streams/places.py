"""How many may listen at once: of one person, and altogether."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal

AGAIN_AFTER = 10
"""Seconds after which who was one too many may try again."""


@dataclass
class Places:
    """Connections that are open.

    Attributes:
        most: Altogether.
        most_of_one: Of one person.
        most_operations: Under way at once over one connection.
    """

    most: int = 2_000
    most_of_one: int = 20
    most_operations: int = 50
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, of: tuple[str, str]) -> Callable[[], None]:
        """A place is theirs until what is returned is called.

        Raises:
            Refusal: RATE_LIMITED.
        """
        if self.taken.total() >= self.most or self.taken[of] >= self.most_of_one:
            raise Refusal(Code.RATE_LIMITED, seconds=AGAIN_AFTER)
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
