"""What the simulator needs of a committee's database: acts, backups, and a look inside for the checker."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sync.bus.stores import Alarm, Heard, Own


class Killed(Exception):
    """The process ended within a transaction. Whoever catches it gets no further: each statement raises it again."""


class Change(NamedTuple):
    """One act on one record of ours. `channels` None: it is deleted, for good."""

    record: str
    channels: frozenset[str] | None
    value: int


class Told(NamedTuple):
    """What somebody shares, or somebody holds, of a record."""

    version: int
    value: int


Place = tuple[str, str, int]
"""Log, epoch, seq."""


@dataclass
class Fuse:
    """Ends the process after so many more statements; None: not at all. It burns while the process itself works with
    its database (`is_lit`), and not while the checker looks into it.
    """

    left: int | None = None
    is_lit: bool = False

    def burn(self) -> None:
        if self.is_lit and self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Database(Protocol):
    """One committee's. It survives the end of its process."""

    @property
    def own(self) -> Own: ...

    @property
    def heard(self) -> Heard: ...

    @property
    def alarm(self) -> Alarm: ...

    @property
    def fuse(self) -> Fuse: ...

    def open(self, trust: Any) -> None:
        """The stores stand as a fresh process makes them."""

    def write(self, changes: Iterable[Change]) -> None:
        """One transaction: the records change, and their readers are told."""

    def backup(self) -> Any: ...

    def restore(self, kept: Any) -> None: ...

    # ── for the checker ──

    def epoch(self) -> str: ...

    def shares(self, channel: str) -> dict[str, Told]:
        """Record → what is shared on this channel now, as the records themselves say, not as any log does."""

    def shared_on(self) -> dict[str, tuple[Told, frozenset[str]]]:
        """Record → what is shared of it now, and on which channels."""

    def holds(self, log: str) -> dict[str, Told]:
        """Record → what this log last told, and has not taken back."""

    def shown(self, owner: str) -> dict[str, tuple[Told, frozenset[str]]] | None:
        """Record → what people here see of this owner's, and through which channels; None: nobody is shown anything."""

    def is_complete(self, log: str) -> bool:
        """The opening state of the log's epoch is all here."""

    def kept(self, log: str) -> dict[Place, bytes]:
        """The bytes of this log that are here, of the epoch it stands in: my own, or another's."""

    def salvaged(self) -> dict[Place, bytes]: ...

    def close(self) -> None: ...
