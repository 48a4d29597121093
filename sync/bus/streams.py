"""Names on the hub, and what the hub must have there: streams and consumers, computed from the directory.

One stream per province holds the logs of its committees, one subject per log: `sh.33.01.10.c` in `SH_33`. A committee
reads each stream that interests it through one durable consumer named after it. Pure: no connection, no clock.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from sync.contract.channels import log_of, parts_of
from sync.contract.ids import path_of, province_of
from sync.contract.trust.directory import Directory

MOST_EVENTS = 20_000
"""Kept per log; a flood evicts the flooder's own oldest. What is older comes from holders."""
MOST_BYTES = 128 * 1024
"""Of one event, its signature included."""
KEPT_SECONDS = 400 * 86_400
MOST_FELLOWS = 8
MOST_WITNESSES = 50


def subject_of(log: str) -> str:
    owner, channel = parts_of(log)
    return f"sh.{path_of(owner)}.{channel}"


@lru_cache(maxsize=4096)
def log_at(subject: str) -> str:
    """The log whose subject this is. Raises: ValueError, it is none."""
    first, province, city, rest, channel = subject.split(".")
    if first != "sh":
        raise ValueError(subject)
    return log_of(f"{province}{city}{rest}", channel)


def stream_of(owner: str) -> str:
    return f"SH_{province_of(owner)}"


def boot_of(consumer: str) -> str:
    """The consumer that brings what was said before a filter was added to `consumer`."""
    return f"{consumer}_boot"


def question_of(holder: str, asker: str) -> str:
    """Where `asker` asks `holder` for rows of a log. The hub lets nobody else publish there."""
    return f"ask.{path_of(holder)}.{asker}"


def asks_in(province: str, asker: str) -> str:
    """Where `asker` asks all holders of the province with these digits."""
    return f"ask.{province}.*.*.{asker}"


def asks_renamed(province: str) -> str:
    """`asks_in` of everybody, as what stands in the places of the wildcards of `asked_in`."""
    return f"ask.{province}.$1.$2.$3"


def asked_of(holder: str) -> str:
    """Where `holder` is asked; the last token is the asker's name, and the hub vouches for it."""
    return f"asked.{path_of(holder)}.*"


def asked_in(province: str) -> str:
    """Where all holders of the province with these digits are asked."""
    return f"asked.{province}.*.*.*"


def directory_of(party: str) -> str:
    """Where `party` asks the hub for the signed directory. The hub lets nobody else publish there."""
    return f"directory.{party}"


def erasure_of(owner: str) -> str:
    """Where `owner` asks the hub to forget events of its own. The hub lets nobody else publish there."""
    return f"erase.{owner}"


@dataclass(frozen=True)
class Wanted:
    """What the directory wants of the hub.

    Attributes:
        streams: Stream → the subjects it takes.
        consumers: (stream, reader) → the subjects it delivers.
        follows: Reader → the logs it follows.
        asks: Committee → whom it may ask for rows: the holders of what it follows, and the readers of its own logs, who
            give back what a restored database has forgotten.
    """

    streams: dict[str, set[str]] = field(default_factory=dict)
    consumers: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    follows: dict[str, set[str]] = field(default_factory=dict)
    asks: dict[str, set[str]] = field(default_factory=dict)


def wanted(directory: Directory) -> Wanted:
    found = Wanted()
    for owner in directory.committees:
        stream = stream_of(owner)
        taken, witnesses = found.streams.setdefault(stream, set()), found.asks.setdefault(owner, set())
        for channel in directory.channels_of(owner):
            log = log_of(owner, channel)
            subject = subject_of(log)
            taken.add(subject)
            readers = directory.readers(log)
            witnesses.update(readers[:MOST_WITNESSES])
            for at, reader in enumerate(readers):
                found.consumers.setdefault((stream, reader), set()).add(subject)
                found.follows.setdefault(reader, set()).add(log)
                asks = found.asks.setdefault(reader, set())
                asks.add(owner)
                asks.update(_fellows(readers, at))
    return found


def holders(directory: Directory, log: str, reader: str) -> list[str]:
    """Whom `reader` may ask for rows of `log`: its owner, then fellow readers."""
    readers = directory.readers(log)
    owner, _ = parts_of(log)
    return [owner, *_fellows(readers, readers.index(reader))] if reader in readers else [owner]


def _fellows(readers: list[str], at: int) -> list[str]:
    """The next few readers after the one at `at`, in a circle, so that not all ask the same ones."""
    after = readers[at + 1 : at + 1 + MOST_FELLOWS]
    return after + readers[: min(at, MOST_FELLOWS - len(after))]
