"""One owner's log on one channel: order, gaps, epochs, forks. Pure rules.

Nothing here does I/O, reads a clock or draws a random number, and nothing keeps state: what a rule needs comes in, what
must be stored or done goes out.

    log      `320509/p`: what committee 320509 tells everybody who may read channel p
    epoch    one unbroken life of the owner's database, `000001-9f86d0818f3e21aa`: a number that only grows, and a
             random tag, because an owner whose backup is older than its last epoch could otherwise use a number twice
    chain    hash of everything in this epoch up to and including an event
    head     epoch, seq and chain of an event, with the owner's signature over them (proof)
    hole     what is left of an event whose body its owner had erased: its chain, signed by the owner as erased
    holder   whoever can hand out the signed bytes: the owner, or any fellow reader
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from hashlib import sha256
from typing import NamedTuple

STASH_LIMIT = 2_000
"""Events kept ahead of a gap, per log; what lies beyond is asked for later."""
STASH_BYTES = 16 * 1024 * 1024
"""Bytes of them: they are loaded with each step, and nobody has vouched for them."""
PROVEN_EVERY = 128 * 1024
"""Bytes of bodies between two signatures that a reader verifies and keeps, where the owner made so many."""


class Head(NamedTuple):
    epoch: str
    seq: int
    chain: bytes
    proof: str = ""


class Hole(NamedTuple):
    """The chain after an erased event, and its owner's word that it was erased: else anybody who hands on a log could
    withhold an event and say that its owner had.
    """

    chain: bytes
    proof: str


class Event(NamedTuple):
    """One entry as it travels. Epoch, seq and prev are read out of `body`, so the chain covers them.

    `proof` is the owner's signature over the head at this event; at least the last of a page has one. `hole`: the body
    is not the one that was hashed; that one was erased.
    """

    epoch: str
    seq: int
    prev: bytes
    body: bytes
    proof: str = ""
    hole: Hole | None = None

    def chain(self) -> bytes:
        """The chain after this event."""
        return self.hole.chain if self.hole else link(self.prev, self.body)

    def head(self) -> Head:
        return Head(self.epoch, self.seq, self.chain(), self.proof)


NOTHING_YET = Head("", 0, b"")
"""The head of a reader who has applied nothing of a log."""
Verify = Callable[[str, Head], bool | None]
"""(log, head) → whether its owner signed it; None: signed with a key that is not known here."""


def nothing_is_erased(_log: str, _head: Head) -> bool | None:
    """Takes nobody's word that an event was erased; a `Verify` of holes."""
    return False


ChainAt = Callable[[int], bytes | None]
"""seq in the holder's present epoch → its chain there, or None."""


# ── chain ──


def genesis(log: str, epoch: str) -> bytes:
    """The chain before the first event; differs for every log and epoch, so that no head fits into another log."""
    return sha256(f"liandong-log/1\n{log}\n{epoch}\n".encode()).digest()


def link(chain: bytes, body: bytes) -> bytes:
    """The chain after `body`. It takes the body's hash: whoever proves one event need not show its neighbours."""
    return sha256(chain + sha256(body).digest()).digest()


def statement(log: str, head: Head) -> bytes:
    """The bytes an owner signs to vouch for a head."""
    return f"liandong-head/1\n{log}\n{head.epoch}\n{head.seq}\n{head.chain.hex()}\n".encode()


def erasure_statement(log: str, head: Head) -> bytes:
    """The bytes an owner signs to say that the body of the event at this head was erased."""
    return f"liandong-erased/1\n{log}\n{head.epoch}\n{head.seq}\n{head.chain.hex()}\n".encode()


def epoch_number(epoch: str) -> int:
    return int(epoch.partition("-")[0] or 0)


def next_epoch(seen: Iterable[str], tag: str) -> str:
    """An epoch above all that were ever seen, by this database or by anybody who showed a signed head.

    `tag` is drawn by the caller: two restores of one backup must not begin the same epoch.
    """
    return f"{max(map(epoch_number, seen), default=0) + 1:06d}-{tag}"


def stand_statement(log: str, head: Head, nonce: str) -> bytes:
    """The bytes an owner signs to say that its log ended at this head when it was asked with this nonce."""
    return f"liandong-stand/1\n{log}\n{head.epoch}\n{head.seq}\n{head.chain.hex()}\n{nonce}\n".encode()


# ── the owner's side ──


class Place(Enum):
    """Where somebody's head lies, seen from a holder's own copy of the log."""

    ON_LOG = "the holder has exactly this event at this place"
    OLDER = "of an epoch that has been left: start the present one from its beginning"
    BEYOND = "ahead of the holder, or different at the same place, or of another epoch with the same number"


def place(mine: Head, chain_at: ChainAt, theirs: Head | None) -> Place:
    if theirs is None or _numbered(theirs.epoch) < _numbered(mine.epoch):
        return Place.OLDER
    if theirs.epoch == mine.epoch and theirs.seq <= mine.seq and chain_at(theirs.seq) == theirs.chain:
        return Place.ON_LOG
    return Place.BEYOND


def _numbered(epoch: str) -> str:
    """The number of an epoch as it is written, six digits; whatever stands there is compared, and never read."""
    return epoch.partition("-")[0]


@dataclass(frozen=True)
class Publish:
    """Publish my events after `after`; the hub must still end where I saw it end."""

    after: int


@dataclass(frozen=True)
class Rest:
    """The hub has everything."""


@dataclass(frozen=True)
class Fork:
    """I signed `seen` and don't know it: this database was restored from a backup. Begin an epoch above it."""

    seen: Head


@dataclass(frozen=True)
class Stranger:
    """On my subject lies a message that is neither mine nor signed by me: alarm, and put my last event on top of it."""

    after: int


@dataclass(frozen=True)
class Hold:
    """On my subject lies a head signed with a key of mine that I don't know (yet): publish nothing, fetch my keys."""


Decision = Publish | Rest | Fork | Stranger | Hold


def relay(log: str, mine: Head, chain_at: ChainAt, hub: Head | None, verify: Verify) -> Decision:
    """What an owner does when the hub's copy of its log ends at `hub`.

    Asked before every page, not only at start: a database that is restored under a running relay is found at its next
    page.
    """
    where = place(mine, chain_at, hub)
    if where is Place.BEYOND and hub:
        signed = verify(log, hub)
        if signed is None:
            return Hold()
        return Fork(hub) if signed else Stranger(max(mine.seq - 1, 0))
    after = hub.seq if hub and where is Place.ON_LOG else 0
    return Rest() if after == mine.seq else Publish(after)


@dataclass(frozen=True)
class Offer:
    """Hand out the holder's events after `after`; none when it is None."""

    after: int | None


def answer(
    log: str, mine: Head, chain_at: ChainAt, have: Head | None, verify: Verify, *, is_owner: bool
) -> Offer | Fork:
    """What a holder does when a reader shows how far it has come.

    The reader's own signed head is the witness that finds a restored owner even after the hub has lost everything.
    """
    where = place(mine, chain_at, have)
    if where is Place.BEYOND and have:
        return Fork(have) if is_owner and verify(log, have) else Offer(None)
    return Offer(have.seq if have and where is Place.ON_LOG else 0)


# ── the reader's side ──


class Trouble(StrEnum):
    """Why a log doesn't advance; the empty one is none.

    FORKED: the chain doesn't continue what was applied. FORGED: the signature is wrong. UNKNOWN_KEY: signed with a key
    that the directory doesn't show.
    """

    NONE = ""
    FORKED = "FORKED"
    FORGED = "FORGED"
    UNKNOWN_KEY = "UNKNOWN_KEY"


@dataclass(frozen=True)
class Reading:
    """How far a reader has followed a log. Stored in the same transaction as the effects of what was applied.

    Attributes:
        head: Always a verified one, so that it can be shown as a witness.
        stash: What has arrived and cannot be applied yet, by (epoch, seq).
    """

    log: str
    head: Head = NOTHING_YET
    trouble: Trouble = Trouble.NONE
    stash: Mapping[tuple[str, int], Event] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What came of taking something in.

    Attributes:
        apply: In this order, each exactly once.
        ask: Something is missing or wrong: show a holder the head, get what follows it.
        alarm: A new trouble, to be told to people once.
    """

    reading: Reading
    apply: tuple[Event, ...] = ()
    ask: bool = False
    alarm: Trouble = Trouble.NONE


def follow(was: Reading, arrived: Iterable[Event], verify: Verify, erased: Verify = nothing_is_erased) -> Step:
    """Takes in what came, from the hub or from a holder, in any order and any number of times.

    `verify` checks heads, `erased` the owner's word that an event was erased.

    Applies the longest unbroken run that ends in a head the owner signed, of the newest epoch that has such a run. What
    is behind is dropped, what is ahead waits in the stash. Bytes that can't be right are dropped, so that the next
    copy, asked for from a holder, gets its chance: that is all a quarantine is, and how it ends.
    """
    known = was.head
    pending = dict(was.stash)
    pending.update(((each.epoch, each.seq), each) for each in arrived if (each.epoch, each.seq) > known[:2])
    if not pending:
        return Step(was, ask=bool(was.trouble))
    run, trouble = _newest_run(was.log, known, pending, verify, erased)
    head = run[-1].head() if run else known
    left = _nearest({key: each for key, each in pending.items() if key > head[:2]})
    now = replace(was, head=head, trouble=trouble, stash=left)
    alarm = trouble if trouble is not was.trouble else Trouble.NONE
    return Step(now, run, ask=bool(left or trouble), alarm=alarm)


def _nearest(ahead: Mapping[tuple[str, int], Event]) -> dict[tuple[str, int], Event]:
    """As much of it as may wait."""
    kept: dict[tuple[str, int], Event] = {}
    size = 0
    for key in sorted(ahead, key=lambda key: (key[1], key[0]))[:STASH_LIMIT]:
        size += len(ahead[key].body) + len(ahead[key].proof)
        if size > STASH_BYTES:
            break
        kept[key] = ahead[key]
    return kept


def _newest_run(
    log: str, known: Head, pending: dict[tuple[str, int], Event], verify: Verify, erased: Verify
) -> tuple[tuple[Event, ...], Trouble]:
    """The run to apply, of the newest epoch that has one, and the first trouble met. Wrong bytes leave `pending`."""
    trouble = Trouble.NONE
    for epoch in sorted({known.epoch} | {epoch for epoch, _ in pending}, reverse=True):
        base = known if epoch == known.epoch else Head(epoch, 0, genesis(log, epoch))
        found = signed_run(log, base, pending, verify, erased)
        trouble = trouble or found.trouble
        for event in found.wrong:
            del pending[event.epoch, event.seq]
        if found.run:
            return found.run, trouble
    return (), trouble


def settled(was: Reading, told: Head) -> Reading:
    """The owner says its log ends where I stand: what I held against it, or ahead of it, was never on it."""
    return replace(was, trouble=Trouble.NONE, stash={}) if told[:3] == was.head[:3] else was


class Run(NamedTuple):
    """The events that may follow a head, the last of them signed; what is wrong after them; which bytes are wrong."""

    run: tuple[Event, ...]
    trouble: Trouble
    wrong: Sequence[Event]


def signed_run(
    log: str, base: Head, pending: Mapping[tuple[str, int], Event], verify: Verify, erased: Verify = nothing_is_erased
) -> Run:
    """The longest run after `base` that the owner vouches for.

    No proof is kept that wasn't verified; one is at least every PROVEN_EVERY bytes, to prove and to help with.
    """
    unbroken: list[Event] = []
    chain, trouble = base.chain, Trouble.NONE
    wrong: Sequence[Event] = ()
    while event := pending.get((base.epoch, base.seq + len(unbroken) + 1)):
        if event.prev != chain:
            trouble, wrong = Trouble.FORKED, [event]
            break
        if event.hole and not (vouched := erased(log, event.head()._replace(proof=event.hole.proof))):
            trouble, wrong = (Trouble.UNKNOWN_KEY, ()) if vouched is None else (Trouble.FORGED, [event])
            break
        chain = event.chain()
        unbroken.append(event)
    proven = set[int]()
    unproven = 0
    for index in reversed(range(len(unbroken))):
        event = unbroken[index]
        if event.proof and (not proven or unproven >= PROVEN_EVERY):
            good = verify(log, event.head())
            if good:
                proven.add(index)
                unproven = 0
            elif not proven:
                trouble, wrong = (Trouble.UNKNOWN_KEY, ()) if good is None else (Trouble.FORGED, unbroken)
        unproven += len(event.body)
    end = max(proven, default=-1) + 1
    kept = tuple(
        each if at in proven or not each.proof else each._replace(proof="") for at, each in enumerate(unbroken[:end])
    )
    return Run(kept, trouble, wrong)


# ── manners ──


def pause(tries: int, spread: float, first: float = 1.0, longest: float = 30.0) -> float:
    """Seconds until a reader asks again after `tries` fruitless asks.

    `spread` in [0, 1) is drawn by the caller, so that fifty readers who lost the same page don't ask at one moment.
    """
    return min(longest, first * 2.0 ** min(tries, 64)) * (0.5 + spread)


def whom(holders: Sequence[str], tries: int, spread: float) -> str:
    """The owner at first and at every second try; in between any fellow reader, who holds the same signed bytes."""
    owner, *fellows = holders
    return fellows[int(spread * len(fellows))] if tries % 2 and fellows else owner
