"""Everybody who listens at one service: how many may, and what went over their streams."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal
from sync.edge.places import Places

SOCKET, EVENTS = "websocket", "sse"
LEFT = "LEFT"
"""How a stream ended that the client left."""
COMPLETE = "COMPLETE"
"""How a stream ended in which everything was told."""
STOPPED = "STOPPED"
"""How a stream ended whose service stops."""


@dataclass
class Audience:
    """Counts since the start, but `open`, which is as of now.

    Attributes:
        places: For who is known, by account.
        arriving: For WebSockets whose client has not said yet who it is, by network.
        open: Transport → streams.
        delivered: Transport → GraphQL responses.
        ended: (transport, how) → streams that are over or were never begun: LEFT, COMPLETE, STOPPED, a WebSocket's
            code, or the code of a refusal.
    """

    places: Places
    arriving: Places
    open: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, most_of_one: int, most: int, most_ungreeted: int) -> "Audience":
        """One network has a quarter of the places for those who have not greeted."""
        return cls(
            Places(most_of_one, most, over=Code.TOO_MANY_OPEN),
            Places(max(1, most_ungreeted // 4), most_ungreeted, full=Code.BUSY),
        )

    def turned_away(self, transport: str, refusal: Refusal) -> None:
        self.ended[transport, refusal.code.value] += 1


@dataclass
class Stream:
    """One stream, and how it ended: LEFT, unless somebody says otherwise."""

    audience: Audience
    transport: str
    how: str = LEFT

    def delivered(self) -> None:
        self.audience.delivered[self.transport] += 1

    @contextmanager
    def is_open(self) -> Iterator[None]:
        self.audience.open[self.transport] += 1
        try:
            yield
        finally:
            self.audience.open[self.transport] -= 1
            self.audience.ended[self.transport, self.how] += 1
