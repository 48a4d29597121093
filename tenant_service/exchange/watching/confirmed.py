"""What others know of our logs: how far readers have confirmed them, and what the hub holds of them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from sync.contract.channels import log_of, parts_of
from sync.contract.trust.directory import Directory
from sync.log import Head
from tenant_service.exchange.bulk import upsert
from tenant_service.exchange.models import HubEndRow, OwnLifeRow, OwnLogRow, ReceiptRow
from tenant_service.storage.unit_of_work import Units


class KeptReceipts:
    """The receipts of our readers; a `sync.bus.stores.Receipts`."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def keep(self, reader: str, heads: Mapping[str, Head], proof: str) -> None:
        with self.units.write() as unit:
            known = _of_reader(unit.session, reader)
            rows = [
                {"channel": channel, "reader": reader, "epoch": head.epoch, "seq": head.seq, "chain": head.chain,
                 "at": unit.now, "proof": proof}
                for log, head in heads.items()
                if head[:2] >= known.get(channel := parts_of(log)[1], ("", 0))
            ]  # fmt: skip
            upsert(unit.session, ReceiptRow, rows)


def _of_reader(session: Session, reader: str) -> dict[str, tuple[str, int]]:
    """Channel → the furthest place confirmed. Its rows stay as they are until this transaction ends."""
    wanted = select(ReceiptRow.channel, ReceiptRow.epoch, ReceiptRow.seq).where(ReceiptRow.reader == reader)
    rows = session.execute(wanted.order_by(ReceiptRow.channel).with_for_update())
    return {row.channel: (row.epoch, row.seq) for row in rows}


class HubEnds:
    """What the hub holds of our logs, as the relay saw it last."""

    def __init__(self, units: Units, clock: Callable[[], float]) -> None:
        """`clock`: the relay's."""
        self.units, self.clock = units, clock
        self._noted: dict[str, float] = {}

    def note(self, seen: Mapping[str, tuple[Head, float]]) -> None:
        """What was seen anew is remembered; `seen` as `sync.bus.relay.Relay.seen` tells it."""
        fresh = {log: (head, at) for log, (head, at) in sorted(seen.items()) if self._noted.get(log) != at}
        if not fresh:
            return
        with self.units.write() as unit:
            rows = [
                {"channel": parts_of(log)[1], "epoch": head.epoch, "seq": head.seq,
                 "at": unit.now - dt.timedelta(seconds=max(self.clock() - at, 0.0))}
                for log, (head, at) in fresh.items()
            ]  # fmt: skip
            upsert(unit.session, HubEndRow, rows)
        self._noted |= {log: at for log, (_, at) in fresh.items()}


# ── how complete others are ──


@dataclass(frozen=True)
class ReaderStatus:
    """How far one committee that may read a log of ours has confirmed it.

    Attributes:
        seq: In the present epoch; 0: nothing of it.
        as_of: When it last confirmed anything of this log; None: never.
    """

    committee_id: str
    seq: int
    behind: int
    as_of: dt.datetime | None


@dataclass(frozen=True)
class ToldStatus:
    """How far one log of ours has reached the hub and its readers.

    Attributes:
        hub_seq: What the hub held of the present epoch at `hub_as_of`; None: our relay never looked.
        readers: Everybody whom the directory entitles to it today, nearest first.
    """

    channel: str
    epoch: str
    seq: int
    hub_seq: int | None
    hub_as_of: dt.datetime | None
    readers: list[ReaderStatus]

    @property
    def confirmed(self) -> int:
        """Readers who have everything."""
        return sum(not each.behind for each in self.readers)

    @property
    def is_whole(self) -> bool:
        return self.hub_seq == self.seq and self.confirmed == len(self.readers)


def told(session: Session, committee: str, directory: Directory) -> list[ToldStatus]:
    """Every log of ours in the present epoch, by channel."""
    own = select(OwnLogRow.channel, OwnLogRow.seq, OwnLifeRow.epoch).join(OwnLifeRow, true())
    ends = {row.channel: row for row in session.execute(_ENDS)}
    kept = {(row.channel, row.reader): row for row in session.execute(_KEPT)}
    found = []
    for channel, seq, epoch in session.execute(own.order_by(OwnLogRow.channel)):
        end = ends.get(channel)
        hub_seq, at = (end.seq if end.epoch == epoch else 0, end.at) if end is not None else (None, None)
        readers = directory.readers(log_of(committee, channel))
        reached = [_reader(each, kept.get((channel, each)), epoch, seq) for each in readers]
        found.append(ToldStatus(channel, epoch, seq, hub_seq, at, reached))
    return found


_ENDS = select(HubEndRow.channel, HubEndRow.epoch, HubEndRow.seq, HubEndRow.at)
_KEPT = select(ReceiptRow.channel, ReceiptRow.reader, ReceiptRow.epoch, ReceiptRow.seq, ReceiptRow.at)


def _reader(id: str, kept: Any, epoch: str, seq: int) -> ReaderStatus:
    has = kept.seq if kept is not None and kept.epoch == epoch else 0
    return ReaderStatus(id, has, max(seq - has, 0), kept.at if kept is not None else None)
