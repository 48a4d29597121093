"""What has left this committee: which record was told to whom, on which channel, when, and who has confirmed it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract.channels import log_of
from sync.contract.envelope import decode
from sync.contract.trust.directory import Directory
from tenant_service.exchange.models import ErasureRow, OutboxRow, OwnLifeRow, ReceiptRow, SharedOutRow


@dataclass(frozen=True)
class Arrival:
    """One reader of a channel. `confirmed_at`: when it was last heard to have applied that far; None: not yet."""

    committee_id: str
    confirmed_at: dt.datetime | None


@dataclass(frozen=True)
class Departure:
    """One record on one channel.

    Attributes:
        first_at, last_at: When it was first and last told; None: that word is not here any more.
        is_shared: It is shared there now.
        erased_at: When what had been told was erased, and its readers were asked for holes instead.
        readers: Whom the directory entitles to that channel today.
        former: Who had got as far, and may read the channel no more.
    """

    record: str
    channel: str
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    is_shared: bool
    erased_at: dt.datetime | None
    readers: list[Arrival]
    former: list[Arrival]


def departures(session: Session, committee: str, directory: Directory, records: Sequence[str]) -> list[Departure]:
    """Everything of these records that ever left and is still remembered, by record and channel."""
    epoch = session.scalar(select(OwnLifeRow.epoch)) or ""
    shared = {
        (row.record, row.channel): row
        for row in session.scalars(select(SharedOutRow).where(SharedOutRow.record.in_(records)))
    }
    erased = {
        (row.record, row.channel): row.at
        for row in session.scalars(select(ErasureRow).where(ErasureRow.record.in_(records)))
    }
    said = _said(session, records)
    found = []
    for record, channel in sorted({*shared, *erased, *said}):
        row, times = shared.get((record, channel)), said.get((record, channel), [])
        last = row.seq if row is not None else max((seq for seq, _ in times), default=0)
        readers = directory.readers(log_of(committee, channel))
        found.append(
            Departure(
                record, channel, times[0][1] if times else None, times[-1][1] if times else None,
                row is not None and row.is_shared, erased.get((record, channel)),
                [_arrival(session, channel, each, epoch, last) for each in readers],
                _former(session, channel, readers, epoch, times[0][0] if times else last),
            )
        )  # fmt: skip
    return found


def _said(session: Session, records: Sequence[str]) -> dict[tuple[str, str], list[tuple[int, dt.datetime]]]:
    """Record and channel → place and time of every word on it that is here."""
    rows = select(OutboxRow).where(OutboxRow.record.in_(records)).order_by(OutboxRow.epoch, OutboxRow.seq)
    found: dict[tuple[str, str], list[tuple[int, dt.datetime]]] = {}
    for row in session.scalars(rows):
        if row.body and not wire.is_hole(row.body):
            at = dt.datetime.fromisoformat(decode(row.body).time)
            found.setdefault((row.record, row.channel), []).append((row.seq, at))
    return found


def _arrival(session: Session, channel: str, reader: str, epoch: str, seq: int) -> Arrival:
    receipt = session.get(ReceiptRow, (channel, reader))
    has = receipt is not None and receipt.epoch == epoch and receipt.seq >= seq
    return Arrival(reader, receipt.at if receipt is not None and has else None)


def _former(session: Session, channel: str, readers: Sequence[str], epoch: str, first: int) -> list[Arrival]:
    """Who once confirmed this place, or may have in an earlier epoch, and is no reader today."""
    rows = select(ReceiptRow).where(ReceiptRow.channel == channel, ReceiptRow.reader.not_in(readers))
    return [
        Arrival(row.reader, row.at)
        for row in session.scalars(rows.order_by(ReceiptRow.reader))
        if row.epoch != epoch or row.seq >= first
    ]
