"""Our logs as the relay and the holder need them; a `sync.bus.stores.Own`."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
from sqlalchemy import bindparam, select, true, update
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.bus.stores import PAGE_BYTES, PAGE_EVENTS
from sync.bus.trust import Trust
from sync.contract.channels import parts_of
from sync.log import Event, Head, genesis
from tenant_service.exchange.bulk import upsert
from tenant_service.exchange.erasing import deletes
from tenant_service.exchange.models import OutboxRow, OwnLifeRow, OwnLogRow, SalvagedRow, SharedOutRow
from tenant_service.exchange.outbox import draw_tag
from tenant_service.exchange.pen import Pen, Said, Tag, said_again
from tenant_service.exchange.restoring.recovering import Recovering
from tenant_service.storage.unit_of_work import Units

_SLICE = 1_000
# Built once: putting a statement together costs more than the database takes to answer it.
_SELECT_HEADS = select(OwnLogRow.channel, OwnLifeRow.epoch, OwnLogRow.seq, OwnLogRow.chain).join(OwnLifeRow, true())
_SELECT_HEAD = select(OwnLifeRow.epoch, OwnLogRow.seq, OwnLogRow.chain).outerjoin(
    OwnLogRow, OwnLogRow.channel == bindparam("channel")
)
_ON_LOG = (OutboxRow.channel == bindparam("channel"), OutboxRow.epoch == bindparam("epoch"))
_SELECT_CHAIN = select(OutboxRow.chain).where(*_ON_LOG, OutboxRow.seq == bindparam("seq"))
_SELECT_PAGE = (
    select(OutboxRow.seq, OutboxRow.body, OutboxRow.chain)
    .where(*_ON_LOG, OutboxRow.seq > bindparam("after"), OutboxRow.seq <= bindparam("upto"))
    .order_by(OutboxRow.seq)
    .limit(PAGE_EVENTS)
)


class OwnLog:
    """One log of ours in one view of the database. Rows are asked for by their epoch, so no two lives ever mix."""

    def __init__(self, session: Session, name: str) -> None:
        self.name, self._session, self._channel = name, session, parts_of(name)[1]
        self.head = self._head()
        self._on_log = {"channel": self._channel, "epoch": self.head.epoch}

    def _head(self) -> Head:
        row = self._session.execute(_SELECT_HEAD, {"channel": self._channel}).one_or_none()
        epoch = row.epoch if row else ""
        at, chain = (row.seq, row.chain) if row and row.seq is not None else (0, genesis(self.name, epoch))
        self._chains = {0: genesis(self.name, epoch), at: chain}
        return Head(epoch, at, chain)

    def chain_at(self, seq: int) -> bytes | None:
        if seq not in self._chains:
            chain = self._session.scalar(_SELECT_CHAIN, {**self._on_log, "seq": seq})
            if chain is None:
                return None
            self._chains[seq] = chain
        return self._chains[seq]

    def page(self, after: int, upto: int | None = None, room: int = PAGE_BYTES) -> list[Event]:
        chain = self.chain_at(after)
        if chain is None:
            return []
        events: list[Event] = []
        wanted = {**self._on_log, "after": after, "upto": self.head.seq if upto is None else upto}
        for seq, body, chain_after in self._session.execute(_SELECT_PAGE, wanted):
            room -= len(body)
            if events and room < 0:
                break
            events.append(wire.event(body) if wire.is_hole(body) else Event(self.head.epoch, seq, chain, body))
            chain = chain_after
        return events


class OwnLogs:
    """All logs of this committee."""

    def __init__(
        self, units: Units, trust: Trust, tag: Tag = draw_tag, recovering: Recovering | None = None
    ) -> None:  # fmt: skip
        """`recovering`: re-applies what a restored database had forgotten; None: nothing is."""
        self.units, self.me, self.trust, self.tag, self.recovering = units, units.committee, trust, tag, recovering

    def heads(self) -> dict[str, Head]:
        with self.units.read() as unit:
            return {row.channel: Head(row.epoch, row.seq, row.chain) for row in unit.session.execute(_SELECT_HEADS)}

    @contextmanager
    def view(self, log: str) -> Iterator[OwnLog]:
        with self.units.read() as unit:
            yield OwnLog(unit.session, log)

    def open(self, channel: str) -> None:
        with self.units.write() as unit:
            writer = Pen(unit.session, self.me, self.tag, unit.now)
            if writer.head(channel).seq == 0:
                writer.append(channel, [])

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]] = ()) -> str:
        """Acts before and after land in the old and the new epoch; none falls between.

        After a restore (`seen`: the heads that gave it away) the rooms have back what was salvaged before the new epoch
        says what is shared.
        """
        with self.units.write() as unit:
            writer = Pen(unit.session, self.me, self.tag, unit.now)
            if seen and self.recovering is not None:
                self.recovering.take_back(unit, writer.epoch)
                writer = Pen(unit.session, self.me, self.tag, unit.now)
            channels = list(unit.session.scalars(select(OwnLogRow.channel).order_by(OwnLogRow.channel)))
            was = writer.leave_epoch(why, seen)
            for channel in channels:
                _delete_again(unit.session, writer, channel)
                _tell_again(unit.session, writer, channel, was)
                writer.end_opening(channel)
            left = (OutboxRow.epoch != writer.epoch) & (OutboxRow.body != b"")
            unit.session.execute(update(OutboxRow).where(left).values(body=b""))
        return writer.epoch

    def salvage(self, log: str, events: Iterable[Event]) -> int:
        new = 0
        with self.units.write() as unit:
            for each in (told for told in events if not told.hole):  # an erased one says nothing
                row = unit.session.get(SalvagedRow, (log, each.epoch, each.seq))
                if row is None:
                    row = SalvagedRow(log=log, epoch=each.epoch, seq=each.seq)
                    unit.session.add(row)
                elif row.restoration_id is None or row.body == each.body:
                    continue
                # Another life was lost at the same place, after what came back of the first was given to the rooms.
                row.body, row.proof, row.at, row.restoration_id = each.body, each.proof, unit.now, None
                new += 1
        return new


def _tell_again(session: Session, writer: Pen, channel: str, was: str) -> None:
    """What is shared on this channel now is said in the new epoch, with the same bytes for its readers."""
    last = ""
    said = (OutboxRow.channel == SharedOutRow.channel) & (OutboxRow.seq == SharedOutRow.seq) & (OutboxRow.epoch == was)
    shared = (
        select(SharedOutRow.record, SharedOutRow.version, OutboxRow.body)
        .join(OutboxRow, said)
        .where(SharedOutRow.channel == channel, SharedOutRow.is_shared)
        .order_by(SharedOutRow.record)
        .limit(_SLICE)
    )
    while rows := session.execute(shared.where(SharedOutRow.record > last)).all():
        places = writer.append_to_opening(channel, [said_again(row.body) for row in rows])
        told = [
            {"record": row.record, "channel": channel, "seq": seq, "version": row.version, "is_shared": True}
            for row, seq in zip(rows, places, strict=True)
        ]
        upsert(session, SharedOutRow, told)
        last = rows[-1].record


def _delete_again(session: Session, writer: Pen, channel: str) -> None:
    """What was deleted is, in the new epoch as well. It comes before what is shared: a record may live again."""
    now = writer.now.isoformat()
    said = [
        Said("delete", f"{writer.epoch}.{record}", now, record, version, data=msgspec.json.encode(places))
        for record, version, places in deletes(session, channel)
    ]
    writer.append_to_opening(channel, said)
