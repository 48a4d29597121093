"""What the checker finds, by kind."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    LOST = "lost"  # a committed version is not where it should be
    TWICE = "twice"  # an event was applied again
    FOREIGN = "foreign"  # something is where it should not be
    ORDER = "order"  # an event was applied out of turn, or one was left out
    CHAIN = "chain"  # bytes or chain differ from the owner's
    DIGEST = "digest"  # a reader shows something else than the owner has
    REFUSED = "refused"  # people could not do their work
    BEHIND = "behind"  # a log does not stand where its owner's does, or is in trouble
    HUB = "hub"  # the hub does not end where the owner does


class Finding(NamedTuple):
    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind.value:8} {self.where}: {self.what}"
