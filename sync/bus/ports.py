"""What the relay and the subscriber need of the outside; `sync.bus.line` is the real one, a simulator another."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

from sync.bus.wire import Answer, Ask, Confirmed, Erase, Receipt
from sync.log import Event


class Moved(Exception):
    """The hub's last message on this subject isn't the expected one: nothing of the page was stored."""


class Unreachable(Exception):
    """No answer: it may or may not have happened."""


class Absent(Unreachable):
    """Nobody is there: no such consumer, or no process of that committee is on the line. Nothing happened."""


class Asking(Protocol):
    async def ask(self, holder: str, ask: Ask) -> Answer:
        """What `holder` answers, unchecked. Raises: Unreachable."""


class Telling(Protocol):
    async def tell(self, owner: str, receipt: Receipt) -> Confirmed:
        """What `owner` says to my receipt, unchecked. Raises: Unreachable."""


class Publisher(Asking, Protocol):
    async def last(self, log: str) -> tuple[int, Event | None]:
        """The last message on my subject and its place in the stream; (0, None) when there is none.

        A message that cannot be read is an event of the epoch `wire.UNREADABLE`, without a proof: a stranger's.

        Raises:
            Unreachable.
        """

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        """All of them or none, after the message at place `expect`; returns the place of the last.

        Raises:
            Moved: the hub's last message on this subject is another; nothing was stored.
            Unreachable: unknown whether anything was stored.
        """


class Forgetting(Protocol):
    async def erase(self, erase: Erase) -> int:
        """The hub keeps nothing at these places of mine; how many messages it dropped for it. Raises: Unreachable."""


class Delivered(NamedTuple):
    """One message of the hub; `log` is read off its subject, which the hub vouches for."""

    log: str
    body: bytes
    proof: str


class Source(Protocol):
    """One durable consumer of mine on the hub."""

    async def fetch(self, count: int, wait: float) -> tuple[list[Delivered], object]:
        """Up to `count` messages, and a receipt for them; none after `wait` seconds. Raises: Unreachable."""

    async def done(self, receipt: object) -> None:
        """They and all before them are applied. Never raises: what is delivered again is dropped."""


AnswerAsk = Callable[[str, Ask], Awaitable[Answer | None]]
"""(the committee that asks, as the hub vouches, what) → what I answer; None: nothing."""
ConfirmReceipt = Callable[[str, Receipt], Awaitable[Confirmed]]
"""(the committee that tells, as the hub vouches, its receipt) → what I say to it."""
