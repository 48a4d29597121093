"""What the relay, the holder and the subscriber need of a committee's database.

Everything here is synchronous and one transaction a call; the asynchronous parts hand it to the committee's domain
thread through `Run`. The tables are `tenant_service.exchange`'s; a simulator brings others.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import ParamSpec, Protocol, TypeVar

from sync.bus.wire import Erase
from sync.log import Event, Head, Reading, Step

T = TypeVar("T")
P = ParamSpec("P")

PAGE_EVENTS = 500
PAGE_BYTES = 512 * 1024

Alarm = Callable[[str, str, str], None]
"""(log, code, text): people should look at this. Kept in the database, so it runs on the domain thread."""


class Run(Protocol):
    """Runs a synchronous act on the committee's domain thread."""

    def __call__(self, act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


class Log(Protocol):
    """One log in one consistent view of the database, mine or another's that I hold."""

    name: str
    head: Head

    def chain_at(self, seq: int) -> bytes | None:
        """The chain after event `seq` of the head's epoch; None: not here."""

    def page(self, after: int, upto: int | None = None, room: int = PAGE_BYTES) -> list[Event]:
        """Events after `after`, ascending, at most PAGE_EVENTS.

        My own: at least one, where there is one; not signed. Another's: whole runs that end on a signed head, at least
        one of them.
        """


class Own(Protocol):
    """My logs."""

    def heads(self) -> dict[str, Head]:
        """Channel → where my log on it ends. Channels on which nothing was ever said are left out."""

    def view(self, log: str) -> AbstractContextManager[Log]: ...

    def open(self, channel: str) -> None:
        """My log on this channel begins, if it had not: its first event says that nothing is shared there."""

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]]) -> str:
        """Every log starts again in a new epoch, above all of `seen`, with what is shared now."""

    def salvage(self, log: str, events: Iterable[Event]) -> int:
        """Kept for people: events I had signed and my database has forgotten. Returns how many were new."""


class Erasures(Protocol):
    """Places of my logs that the hub is to forget."""

    def due(self, after: Erase | None, *, also_forgotten: bool) -> Erase | None:
        """The next of them behind `after`, of one log and epoch; None: there are no more.

        `also_forgotten`: those, too, that the hub has said it forgot; it may have been given an older store since.
        """

    def forgotten(self, erase: Erase) -> None:
        """The hub has said that it keeps nothing there."""


class Heard(Protocol):
    """Logs of others, as far as I followed them."""

    def entitle(self, logs: Iterable[str]) -> None:
        """Exactly these are followed."""

    def take(self, arrived: Mapping[str, Sequence[Event]], *, caught_up: bool) -> list[Step]:
        """What can be applied of this is, with its effects, and how far that brings each log.

        `caught_up`: the hub had nothing more for me when it gave me this.
        """

    def reading(self, log: str) -> Reading: ...

    def settle(self, log: str, told: Head, asked: Reading) -> Reading:
        """The owner itself says where its log ends, asked when the log stood at `asked`; the reading after that."""

    def view(self, log: str) -> AbstractContextManager[Log | None]:
        """None: not followed, or nothing of it here."""


class Applied(Protocol):
    """How far I applied what I follow."""

    def heads(self) -> dict[str, Head]:
        """Log that is followed → the verified head that stands here; logs of which nothing was applied are left out."""


class Receipts(Protocol):
    """What readers of my logs have confirmed."""

    def keep(self, reader: str, heads: Mapping[str, Head], proof: str) -> None:
        """Log of mine → the head that this reader signed in `proof`. What a log's row says only moves forward."""
