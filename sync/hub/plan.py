"""What is between the hub as it is and as the directory wants it: acts, in the order in which nothing is lost.

Whoever may no longer speak is cut first. Subjects are added before the consumers that deliver them and taken away after
them. A filter comes before the consumer that brings what was said earlier: the other way round a message could fall
between. Imports come last, when what they lead to is there. Each of these is a phase and over before the next begins;
within it `chains` may go side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, DiscardPolicy, StorageType, StreamConfig

from sync.bus.credentials import Claims, Statement
from sync.bus.streams import KEPT_SECONDS, MOST_BYTES, MOST_EVENTS, Wanted, boot_of

_BOOT_KEPT_SECONDS = 7 * 86_400
COMPARED = (
    "max_age", "max_msg_size", "max_msgs_per_subject", "allow_direct", "discard", "num_replicas",
)  # fmt: skip


@dataclass(frozen=True)
class Admit:
    """Make an account and a user for a party seen for the first time."""

    id: str

    def __str__(self) -> str:
        return f"admit {self.id}"


@dataclass(frozen=True)
class PushAccount:
    """Tell the server what an account may do; `after` is when what it knows was said (Unix seconds)."""

    id: str
    public: str
    claims: Claims
    after: int = 0

    def __str__(self) -> str:
        if "revocations" in self.claims:
            return f"disable the account of {self.id}"
        return f"declare the account of {self.id} ({len(self.claims.get('imports', ()))} imports)"


@dataclass(frozen=True)
class DeclareStream:
    config: StreamConfig
    is_new: bool

    def __str__(self) -> str:
        return f"{'create' if self.is_new else 'update'} stream {self.config.name} ({len(self.config.subjects or ())})"


@dataclass(frozen=True)
class DeclareConsumer:
    stream: str
    config: ConsumerConfig

    def __str__(self) -> str:
        return f"declare consumer {self.stream}/{self.config.name} ({len(self.config.filter_subjects or ())})"


@dataclass(frozen=True)
class DropConsumer:
    stream: str
    name: str

    def __str__(self) -> str:
        return f"drop consumer {self.stream}/{self.name}"


Act = Admit | PushAccount | DeclareStream | DeclareConsumer | DropConsumer


def chains(phase: Iterable[Act]) -> list[list[Act]]:
    """Acts of one phase that may be done side by side, each chain in order: those on one reader, all on streams.

    The server declares one stream after the other, so a small one would wait for all large ones.
    """
    found: dict[object, list[Act]] = {}
    for act in phase:
        match act:
            case DeclareConsumer(stream, config):
                touched: object = stream, str(config.name).removesuffix("_boot")
            case DropConsumer(stream, name):
                touched = stream, name.removesuffix("_boot")
            case DeclareStream():
                touched = DeclareStream
            case _:
                touched = len(found)
        found.setdefault(touched, []).append(act)
    return list(found.values())


@dataclass(frozen=True)
class FoundConsumer:
    """A consumer as it is. `pending`: messages not delivered or not acknowledged yet."""

    filters: frozenset[str]
    pending: int


@dataclass(frozen=True)
class Found:
    """The hub as it is: accounts by public key, streams by name, consumers by stream and name."""

    accounts: dict[str, Statement] = field(default_factory=dict)
    streams: dict[str, StreamConfig] = field(default_factory=dict)
    consumers: dict[tuple[str, str], FoundConsumer] = field(default_factory=dict)


def stream_config(name: str, subjects: Iterable[str], replicas: int = 1) -> StreamConfig:
    """Its consumers lie on as many servers.

    Limits are per subject: one over the whole stream would let a committee evict another's events.
    """
    return StreamConfig(
        name=name, subjects=sorted(subjects), storage=StorageType.FILE, discard=DiscardPolicy.OLD,
        allow_atomic=True, allow_direct=True, num_replicas=replicas,
        max_age=KEPT_SECONDS, max_msg_size=MOST_BYTES, max_msgs_per_subject=MOST_EVENTS, max_msgs=-1, max_bytes=-1,
    )  # fmt: skip


def consumer_config(name: str, filters: Iterable[str], kept_seconds: float | None = None) -> ConsumerConfig:
    return ConsumerConfig(
        name=name, durable_name=name, deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.ALL, ack_wait=30,
        max_ack_pending=5_000, filter_subjects=sorted(filters), inactive_threshold=kept_seconds,
    )  # fmt: skip


def stream_acts(want: Wanted, found: Found, replicas: int = 1) -> tuple[list[Act], list[Act]]:
    """What makes streams take what they should, and what makes them take nothing else.

    What was said under a subject that goes stays in the stream until it ages out. `replicas`: servers that keep each.
    """
    grow: list[Act] = []
    shrink: list[Act] = []
    for name, subjects in sorted(want.streams.items()):
        config = stream_config(name, subjects, replicas)
        known = found.streams.get(name)
        if known is None:
            grow.append(DeclareStream(config, is_new=True))
            continue
        config = replace(config, deny_purge=known.deny_purge)  # the server takes that back from nobody
        had = set(known.subjects or ())
        if subjects - had or any(getattr(known, each) != getattr(config, each) for each in COMPARED):
            grow.append(DeclareStream(replace(config, subjects=sorted(subjects | had)), is_new=False))
        if had - subjects:
            shrink.append(DeclareStream(config, is_new=False))
    return grow, shrink


def consumer_acts(want: Wanted, found: Found) -> list[Act]:
    acts: list[Act] = []
    for (stream, reader), filters in sorted(want.consumers.items()):
        acts += _of_one_reader(stream, reader, filters, found)
    for stream, name in sorted(found.consumers):
        if (stream, name.removesuffix("_boot")) not in want.consumers:
            acts.append(DropConsumer(stream, name))
    return acts


def _of_one_reader(stream: str, reader: str, filters: set[str], found: Found) -> list[Act]:
    known, boot = found.consumers.get((stream, reader)), found.consumers.get((stream, boot_of(reader)))
    if known is not None and known.filters == filters:
        return [DropConsumer(stream, boot_of(reader))] if boot and not boot.pending else []
    acts: list[Act] = [DeclareConsumer(stream, consumer_config(reader, filters))]
    fresh = filters - known.filters if known else set()
    if fresh:
        undelivered = boot.filters & filters if boot and boot.pending else set()
        if boot:
            acts.append(DropConsumer(stream, boot_of(reader)))
        acts.append(DeclareConsumer(stream, consumer_config(boot_of(reader), fresh | undelivered, _BOOT_KEPT_SECONDS)))
    return acts


def account_act(id: str, public: str, claims: Claims, found: Found) -> list[Act]:
    """The push that makes the account what `claims` say; none where it is that already."""
    known = found.accounts.get(public)
    if known and {key: known.nats.get(key) for key in claims} == claims and _says_no_more(known.nats, claims):
        return []
    return [PushAccount(id, public, claims, known.iat if known else 0)]


def _says_no_more(told: Claims, claims: Claims) -> bool:
    return all(not told.get(key) or key in claims for key in ("exports", "imports", "revocations", "signing_keys"))
