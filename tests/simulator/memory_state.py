"""One committee's database in memory: what it says, what it heard, and transactions over both.

A committed state is never changed, only replaced: a backup is a reference to it, and a transaction that is broken off
leaves no trace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.log import Event, Head, Reading
from tests.simulator.databases import Fuse, Place


class Thing(NamedTuple):
    """A record of ours; `channels` None: deleted."""

    version: int
    value: int
    channels: frozenset[str] | None


class Copy(NamedTuple):
    """The last word of a log on a record."""

    epoch: str
    seq: int
    version: int
    op: str
    value: int


@dataclass(frozen=True)
class Written:
    """One log of ours: `chains[n]` is the chain after event n, the first of them that of the beginning."""

    bodies: list[bytes]
    chains: list[bytes]


@dataclass(frozen=True)
class Read:
    """One log of somebody else.

    Attributes:
        events: Of the epoch it stands in, from the first; their proofs as they were verified.
        copies: Record → the last word on it.
        is_complete: The opening state of the epoch ended in what was applied.
    """

    reading: Reading
    is_followed: bool = True
    is_complete: bool = False
    events: list[Event] = field(default_factory=list)
    copies: dict[str, Copy] = field(default_factory=dict)


@dataclass
class State:
    """All tables. `shared`: (record, channel) that was ever told → whether it is shared there now."""

    epoch: str = ""
    left: tuple[Head, ...] = ()
    written: dict[str, Written] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    shared: dict[tuple[str, str], bool] = field(default_factory=dict)
    salvaged: dict[Place, Event] = field(default_factory=dict)
    read: dict[str, Read] = field(default_factory=dict)


class Memory:
    """Holds the state; `fuse` burns at each statement."""

    def __init__(self) -> None:
        self.state, self.fuse = State(), Fuse()

    @contextmanager
    def transaction(self) -> Iterator[State]:
        """A draft whose tables may be changed; committed on leaving without an exception.

        What the tables hold (events, copies) is shared with the committed state: whoever changes it replaces it.
        """
        now = self.state
        draft = State(
            now.epoch, now.left, written=dict(now.written), things=dict(now.things), shared=dict(now.shared),
            salvaged=dict(now.salvaged), read=dict(now.read),
        )  # fmt: skip
        self.fuse.burn()
        yield draft
        self.fuse.burn()
        self.state = draft
