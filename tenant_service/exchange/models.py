"""Tables of the exchange: what this committee says in its logs, and what it heard in others'.

A log is named `<owner>/<channel>`; an event's place in it is (epoch, seq), see `sync.log`.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.exchange.outcome import Outcome
from tenant_service.storage.columns import Ascii, Row

# ── what we say ──


class OwnLifeRow(Row):
    """One row: the epoch, one unbroken life of this database. Whoever publishes locks it first."""

    __tablename__ = "own_life"
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii)


class OwnLogRow(Row):
    """Where our log on a channel ends, in the present epoch."""

    __tablename__ = "own_log"
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int]
    chain: Mapped[bytes]


class OutboxRow(Row):
    """One event of ours as it travels; `chain` is the chain after it, `record` what it is about.

    Of an epoch that was left the body is empty: only where something was said is remembered, to have it erased.
    """

    __tablename__ = "outbox"
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    chain: Mapped[bytes]
    record: Mapped[str] = mapped_column(Ascii)
    __table_args__ = (Index("outbox_by_record", "record", "channel"),)


class ErasureRow(Row):
    """A place of our log whose body was erased, with our signature for it; of which record, deleted as which version;
    and whether the hub said that it has forgotten it, too.
    """

    __tablename__ = "erasure"
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    proof: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    is_forgotten: Mapped[bool]


class SharedOutRow(Row):
    """What a channel's readers were last told of a record of ours; stays when it is retracted, for the tombstone.

    `seq` is the place of that event in the present epoch.
    """

    __tablename__ = "shared_out"
    record: Mapped[str] = mapped_column(Ascii, primary_key=True)
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int]
    version: Mapped[int]
    is_shared: Mapped[bool]


class LeftEpochRow(Row):
    """A head of ours that this database did not know: why an epoch was left."""

    __tablename__ = "left_epoch"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    epoch: Mapped[str] = mapped_column(Ascii)
    log: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    chain: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]


class HubEndRow(Row):
    """What the hub held last of our log on a channel, when our relay last looked."""

    __tablename__ = "hub_end"
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    at: Mapped[dt.datetime]


class ReceiptRow(Row):
    """How far a reader has confirmed to have applied our log on a channel; `proof` is the receipt it signed.

    `at`: when we were last told so. It only moves forward by (epoch, seq).
    """

    __tablename__ = "receipt"
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    reader: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    chain: Mapped[bytes]
    at: Mapped[dt.datetime]
    proof: Mapped[str] = mapped_column(Text)


class SalvagedRow(Row):
    """An event of ours that a restored database had forgotten and a reader or the hub gave back.

    `restoration_id`: in which restoration it was re-applied; null: not yet.
    """

    __tablename__ = "salvaged"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    restoration_id: Mapped[int | None] = mapped_column(index=True)


class RestorationRow(Row):
    """This database was found to be a backup: when, between which epochs, and which span of private data is gone.

    `known_until`: the last that the backup knows of before the first forgotten event; null: it knows nothing.
    `shared_until`: the last forgotten event that came back; null: none did.
    """

    __tablename__ = "restoration"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    left_epoch: Mapped[str] = mapped_column(Ascii)
    known_until: Mapped[dt.datetime | None]
    shared_until: Mapped[dt.datetime | None]
    salvaged: Mapped[int]


class RecoveredRow(Row):
    """A record of ours after a restoration, until somebody has looked at it (`checked_at`).

    `version`, `epoch`, `channels`, `said_at`: of the last that was told of it before the loss.
    """

    __tablename__ = "recovered"
    record: Mapped[str] = mapped_column(Ascii, primary_key=True)
    restoration_id: Mapped[int] = mapped_column(ForeignKey("restoration.id"))
    kind: Mapped[str] = mapped_column(Ascii)
    outcome: Mapped[Outcome]
    epoch: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    channels: Mapped[list[str]]
    said_at: Mapped[dt.datetime]
    error: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[dt.datetime | None]
    checked_by: Mapped[str | None] = mapped_column(Ascii)
    __table_args__ = (Index("recovered_by_time", "restoration_id", "kind", "record"),)


# ── what we hear ──


class FollowedState(StrEnum):
    """Whether a log is followed; one we may no longer read keeps its copies (frozen) or loses them (removed)."""

    FOLLOWING = "FOLLOWING"
    FROZEN = "FROZEN"
    REMOVED = "REMOVED"


class FollowedRow(Row):
    """A log that we may read, or once might. `since`: when it came to its state."""

    __tablename__ = "followed"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    owner: Mapped[str] = mapped_column(Ascii, index=True)
    state: Mapped[FollowedState]
    since: Mapped[dt.datetime | None]


class ReadingRow(Row):
    """How far a log was followed: moves in the transaction of what it applied.

    `stashed`: rows of `stash`. `told_epoch`, `told_seq`: the furthest end of it that we heard of. `known_at`: when
    everything said in it until then was known here; null: never. `naks`: how often something was missing or wrong, so
    that a holder was asked. `quarantined`: events dropped because their bytes could not be right. `trouble_since`: when
    the trouble was seen that stands now.
    """

    __tablename__ = "reading"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    owner: Mapped[str] = mapped_column(Ascii, index=True)
    epoch: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    chain: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)
    trouble: Mapped[str] = mapped_column(Ascii)
    stashed: Mapped[int]
    is_complete: Mapped[bool]
    told_epoch: Mapped[str] = mapped_column(Ascii)
    told_seq: Mapped[int]
    known_at: Mapped[dt.datetime | None]
    naks: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    trouble_since: Mapped[dt.datetime | None]


class StashRow(Row):
    """An event that arrived and cannot be applied yet."""

    __tablename__ = "stash"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)


class ReceivedRow(Row):
    """An event as its owner signed it: evidence, and help for fellow readers. Written once, when it is applied."""

    __tablename__ = "received"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    chain: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)


class CopyState(StrEnum):
    """Whether what this copy says was given to its room."""

    SHOWN = "SHOWN"
    WAITING = "WAITING"  # no room here takes this kind yet
    UNSUPPORTED = "UNSUPPORTED"  # a newer schema than this release reads, or a code it does not know
    FAILED = "FAILED"  # a dead letter says why


class CopyRow(Row):
    """The last word of one channel on one record; tombstones too. `swept_at`: a new epoch did not contain it."""

    __tablename__ = "copy"
    record: Mapped[str] = mapped_column(Ascii, primary_key=True)
    channel: Mapped[str] = mapped_column(Ascii, primary_key=True)
    log: Mapped[str] = mapped_column(Ascii)
    epoch: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    version: Mapped[int]
    op: Mapped[str] = mapped_column(Ascii)
    schema: Mapped[str] = mapped_column(Ascii)
    state: Mapped[str] = mapped_column(Ascii)
    applied_at: Mapped[dt.datetime]
    swept_at: Mapped[dt.datetime | None]
    __table_args__ = (Index("copy_by_log", "log", "epoch"), Index("copy_by_state", "state"))


class DeadLetterRow(Row):
    """An event that its room could not take in, with the error; its bytes are in `received`."""

    __tablename__ = "dead_letter"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    epoch: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(Ascii, index=True)
    error: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]


class AlarmRow(Row):
    """Something people should look at; the same again only counts.

    `known_at`, `known_by` (已知悉): when somebody of ours, by account, had seen it; raised again, it is open again.
    """

    __tablename__ = "alarm"
    log: Mapped[str] = mapped_column(Ascii, primary_key=True)
    code: Mapped[str] = mapped_column(Ascii, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    times: Mapped[int]
    first_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    known_at: Mapped[dt.datetime | None]
    known_by: Mapped[str | None] = mapped_column(Ascii)
