"""Erasing what was told of a record: its owner names the places of its earlier versions, and whoever holds their bytes
keeps a hole instead: the chain after the event, signed by the owner as erased.

The owner's delete names them on each channel it was ever told on. The hub is asked to drop its copies, again and again
until it says that it has, and anew after every new connection: a hub that was given an older store has them again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.bus.streams import KEPT_SECONDS
from sync.bus.trust import Trust
from sync.contract.channels import log_of
from sync.contract.envelope import Envelope, Erased
from sync.contract.strangers import reading
from sync.log import Event, Head
from tenant_service.exchange import bulk
from tenant_service.exchange.alarms import raise_alarm
from tenant_service.exchange.models import DeadLetterRow, ErasureRow, OutboxRow, ReceivedRow, SalvagedRow, SharedOutRow
from tenant_service.storage.unit_of_work import Unit, Units

MOST_NAMED = 300
"""Places that one delete names: with a signature each, what one event may weigh."""


_MOST_READ = 500
"""Places that are looked at: with its signature each, no more have room in one event."""


class _Said(msgspec.Struct):
    """As much of a kept event as tells what it is about."""

    subject: str = ""


_said = reading(msgspec.json.Decoder(_Said).decode)

# ── ours ──


def erase_own(unit: Unit, trust: Trust, record: str, version: int, channel: str) -> list[list[Erased]]:
    """Nothing of ours on this channel tells of the record any more; where it did, for each event of the delete."""
    log, session = log_of(trust.me, channel), unit.session
    rows = session.execute(
        select(OutboxRow.epoch, OutboxRow.seq, OutboxRow.body, OutboxRow.chain, OutboxRow.record)
        .where(OutboxRow.record.in_((record, "")), OutboxRow.channel == channel)
        .order_by(OutboxRow.epoch, OutboxRow.seq)
    )
    # The release before this one named no records, and may have written beside the migration that named its rows.
    found = [row for row in rows if row.record or _subject(row.body) == record]
    salvaged = _erase_salvaged(session, record, log)
    places = _signed(trust, log, [*(Head(row.epoch, row.seq, row.chain) for row in found), *salvaged])
    for row, (head, place) in zip(found, places, strict=False):
        if row.body and not wire.is_hole(row.body):
            hole = wire.hole(log, head._replace(proof=place.proof), wire.event(row.body).prev)
            here = (OutboxRow.channel == channel) & (OutboxRow.epoch == row.epoch) & (OutboxRow.seq == row.seq)
            session.execute(update(OutboxRow).where(here).values(body=hole.body))
    named = [place for _, place in places]
    _remember(unit, record, version, channel, named)
    return _in_parts(named) or [[]]


def take_over(unit: Unit, record: str, version: int, channel: str, told: Any) -> None:
    """A delete of ours that this database had forgotten counts again: `told` is what it named, as readers gave it back.

    Bytes that this database never had may still lie with who missed it.
    """
    _remember(unit, record, version, channel, _places(told))


def _remember(unit: Unit, record: str, version: int, channel: str, places: Iterable[Erased]) -> None:
    told = {"channel": channel, "record": record, "version": version, "at": unit.now, "is_forgotten": False}
    rows = [told | {"epoch": each.epoch, "seq": each.seq, "proof": each.proof} for each in places]
    bulk.upsert(unit.session, ErasureRow, rows)


def _erase_salvaged(session: Session, record: str, log: str) -> list[Head]:
    """What readers gave back to us of an earlier life, and nobody is to keep either."""
    rows = session.scalars(select(SalvagedRow).where(SalvagedRow.log == log)).all()
    heads = []
    for row in rows:
        was = wire.event(row.body)
        if was.hole is None and _subject(row.body) == record:
            heads.append(was.head())
            session.delete(row)
    return heads


def deletes(session: Session, channel: str) -> Iterator[tuple[str, int, list[Erased]]]:
    """Every record deleted of late, the delete's version, and where the record was told of on this channel.

    A record that is shared as a version no newer lives on: no word of a life that was lost takes it away. Said again
    when an epoch begins: a reader who missed the delete would else only hide its copy, and keep its bytes.
    """
    row = ErasureRow
    lives_on = exists().where(
        SharedOutRow.record == row.record, SharedOutRow.is_shared, SharedOutRow.version <= row.version
    )  # fmt: skip
    rows = session.execute(
        select(row.record, row.version, row.epoch, row.seq, row.proof)
        .where(row.channel == channel, ~lives_on)
        .order_by(row.record, row.version, row.epoch, row.seq)
    )
    for (record, version), places in groupby(rows.all(), key=lambda each: (each.record, each.version)):
        for named in _in_parts([Erased(each.epoch, each.seq, each.proof) for each in places]):
            yield record, version, named


def _signed(trust: Trust, log: str, heads: Iterable[Head]) -> list[tuple[Head, Erased]]:
    return [(each, Erased(each.epoch, each.seq, trust.sign_erasure(log, each))) for each in heads]


def _in_parts(places: Sequence[Erased]) -> list[list[Erased]]:
    """So many together as one event can say."""
    return [list(places[start : start + MOST_NAMED]) for start in range(0, len(places), MOST_NAMED)]


# ── others' ──


def erase_heard(unit: Unit, trust: Trust, log: str, told: Iterable[Envelope]) -> None:
    """Of the places that these deletes name, only holes are kept; the first that cannot be is told of, once for all.

    Only what the log's owner signed as erased is, and only what was said of the deleted record: a mistake of the
    owner's program must not blank others' records.
    """
    wrong = ""
    for event in told:
        for place in _places(event.data) if event.op == "delete" else ():
            if not _erase_one(unit, trust, log, event.subject, place):
                wrong = wrong or f"event {place.epoch}/{place.seq} is not what {event.subject[:80]} says it was"
    if wrong:
        raise_alarm(unit, log, "NOT_ERASED", wrong)


def _places(told: Any) -> Sequence[Erased]:
    try:
        return msgspec.convert(told or [], list[Erased])[:_MOST_READ]
    except msgspec.ValidationError:
        return []  # of a release that says it in another way: what it names stays, and so does the delete itself


def _erase_one(unit: Unit, trust: Trust, log: str, record: str, place: Erased) -> bool:
    """Whether nothing but a hole is there."""
    here = (ReceivedRow.log == log) & (ReceivedRow.epoch == place.epoch) & (ReceivedRow.seq == place.seq)
    body = unit.session.scalar(select(ReceivedRow.body).where(here))
    if body is None or wire.is_hole(body):
        return True
    was = wire.event(body)
    # Its key may have been withdrawn since; but the owner vouches for the delete itself, and that names its own record.
    if _subject(body) != record or trust.erased(log, was.head()._replace(proof=place.proof)) is False:
        return False
    unit.session.execute(update(ReceivedRow).where(here).values(body=_hole(log, was, place.proof).body))
    letter = (DeadLetterRow.log == log) & (DeadLetterRow.epoch == place.epoch) & (DeadLetterRow.seq == place.seq)
    unit.session.execute(delete(DeadLetterRow).where(letter))
    return True


def _subject(body: bytes) -> str:
    try:
        return _said(body).subject
    except msgspec.DecodeError:
        return ""


def _hole(log: str, was: Event, proof: str) -> Event:
    return wire.hole(log, was.head()._replace(proof=proof), was.prev)


# ── the hub ──


class Erasures:
    """What the hub is to forget; a `sync.bus.stores.Erasures`."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def due(self, after: wire.Erase | None, *, also_forgotten: bool) -> wire.Erase | None:
        behind = (after.channel, after.epoch, after.seqs[-1]) if after else ("", "", 0)
        rows = select(*_PLACE).where(tuple_(*_PLACE) > behind).order_by(*_PLACE).limit(wire.MOST_ERASED)
        if not also_forgotten:
            rows = rows.where(~ErasureRow.is_forgotten)
        with self.units.read() as unit:
            found = unit.session.execute(rows).all()
        if not found:
            return None
        channel, epoch, _ = found[0]
        return wire.Erase(channel, epoch, [row.seq for row in found if (row.channel, row.epoch) == (channel, epoch)])

    def forgotten(self, erase: wire.Erase) -> None:
        here = (ErasureRow.channel == erase.channel) & (ErasureRow.epoch == erase.epoch)
        with self.units.write() as unit:
            gone = update(ErasureRow).where(here, ErasureRow.seq.in_(erase.seqs)).values(is_forgotten=True)
            unit.session.execute(gone)

    def drop_old(self) -> None:
        """What the hub has aged out by itself need not be asked for any more."""
        with self.units.write() as unit:
            kept = unit.now - dt.timedelta(seconds=KEPT_SECONDS)
            unit.session.execute(delete(ErasureRow).where(ErasureRow.at < kept))


_PLACE = (ErasureRow.channel, ErasureRow.epoch, ErasureRow.seq)
