"""What others told us of each record, and which of their words counts.

A record may reach us on several channels, each with a copy of its own. The best is the newest by (epoch, version), of
equally new ones that of the deepest circle. A delete on any channel wins over every older put.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.contract import records
from sync.contract.channels import circle_of, partner_of
from sync.contract.envelope import Envelope, decode
from sync.contract.ids import kind_of, owner_of
from sync.contract.versions import is_readable
from tenant_service.exchange import bulk
from tenant_service.exchange.models import CopyRow, CopyState, ReceivedRow

AT_ONCE = 500


class Seen(NamedTuple):
    """A record of another committee as we know it now.

    Attributes:
        record: The fullest we were told; None: it is no longer shared with us, or gone.
        version: Grows with every version at its owner; only a new life of the owner's database can lower it.
        as_of: When we were told.
        channels: On which we are told of it now.
    """

    owner: str
    id: str
    kind: str
    record: Any
    version: int
    as_of: dt.datetime
    channels: frozenset[str]


Projections = Mapping[str, Callable[[Session, Seen], None]]
"""Kind of record → what its room does with the newest state of one. It may raise: then the event is a dead letter."""


class Place(NamedTuple):
    log: str
    epoch: str
    seq: int


class NotItsOwn(Exception):
    """The owner of the log says something of a record that is not its own, or not the one the event is about."""


class Copy(NamedTuple):
    """One row of `copy`, as it is read in bulk."""

    record: str
    channel: str
    log: str
    epoch: str
    seq: int
    version: int
    op: str
    schema: str
    state: str
    applied_at: dt.datetime

    @property
    def place(self) -> Place:
        return Place(self.log, self.epoch, self.seq)

    @property
    def newness(self) -> tuple[str, int]:
        return self.epoch, self.version


def copy_of(told: Envelope, log: str, channel: str, now: dt.datetime) -> Copy:
    """The copy that this event speaks of, as it was said."""
    return Copy(
        told.subject, channel, log, told.epoch, told.seq, told.version, told.op, told.dataschema,
        CopyState.SHOWN.value, now,
    )  # fmt: skip


_COLUMNS = (
    CopyRow.record, CopyRow.channel, CopyRow.log, CopyRow.epoch, CopyRow.seq, CopyRow.version, CopyRow.op,
    CopyRow.schema, CopyRow.state, CopyRow.applied_at, CopyRow.swept_at,
)  # fmt: skip


def copies_of(session: Session, ids: Sequence[str]) -> dict[str, list[Copy]]:
    """Record → all copies of it that no new epoch has swept."""
    found: dict[str, list[Copy]] = {id: [] for id in ids}
    for *row, swept_at in bulk.select_in(session, _COLUMNS, CopyRow.record, ids) if ids else ():
        if swept_at is None:
            copy = Copy._make(row)
            found[copy.record].append(copy)
    return found


def shown_of(copies: Iterable[Copy]) -> list[Copy]:
    """The copies that count, the best of them first; none when the record is to be shown no more."""
    copies = list(copies)
    if len(copies) == 1:
        return copies if copies[0].op == "put" else []
    gone = max((each.newness for each in copies if each.op == "delete"), default=("", -1))
    put = [each for each in copies if each.op == "put" and each.newness > gone]
    return sorted(put, key=lambda each: (*each.newness, circle_of(each.channel).depth), reverse=True)


def is_known_already(before: Sequence[Copy], after: Sequence[Copy]) -> bool:
    """Whether the room was given this before: another channel only said the same. Both as `shown_of` tells them."""
    if not before or not after:
        return not before and not after
    was, now = before[0], after[0]
    return (
        was.version == now.version
        and was.state == CopyState.SHOWN
        and (was.newness, circle_of(was.channel)) == (now.newness, circle_of(now.channel))
        and {each.channel for each in before} == {each.channel for each in after}
        and any(each.place == was.place for each in after)
    )


def bodies_of(session: Session, places: Iterable[Place]) -> dict[Place, Envelope]:
    """The events at these places."""
    found = {}
    for place in places:
        body = session.scalar(
            select(ReceivedRow.body).where(
                ReceivedRow.log == place.log, ReceivedRow.epoch == place.epoch, ReceivedRow.seq == place.seq
            )
        )
        if body is not None:
            found[place] = decode(body)
    return found


def is_supported(kind: str, schema: str) -> bool:
    """Whether this release reads a record of this kind that is written so."""
    return is_readable(schema) and schema.partition("/")[0] == kind


def seen(kind: str, copies: Sequence[Copy], told: Envelope, trust: Trust) -> Seen:
    """The record of this kind as these copies show it; `told` is the event of the first, which is the best.

    Raises:
        NotItsOwn, msgspec.ValidationError, jose.Untrusted: it cannot be believed or read.
    """
    best = copies[0]
    data = told.data
    if partner_of(best.channel):
        data = msgspec.json.decode(trust.unsealed(data))
    record = records.read(kind, data)
    owner = owner_of(best.record)
    if record.id != best.record or getattr(record, "committee_id", owner) != owner:
        raise NotItsOwn(f"{record.id[:80]} told as {best.record}")
    channels = frozenset(each.channel for each in copies)
    return Seen(owner, best.record, kind, record, best.version, best.applied_at, channels)


def withdrawn(id: str, copies: Sequence[Copy], now: dt.datetime) -> Seen:
    version = max((each.version for each in copies), default=0)
    return Seen(owner_of(id), id, kind_of(id), None, version, now, frozenset())
