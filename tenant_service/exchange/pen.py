"""Writing our own logs: each event gets its place and its chain, in the transaction of what it tells.

Whoever writes locks the one row of this database's epoch first. So on PostgreSQL, too, numbers stay contiguous, no two
acts wait for each other crosswise, and no event falls between two epochs.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync.contract.channels import log_of
from sync.contract.envelope import Envelope, Op, encode
from sync.log import Head, genesis, link, next_epoch
from tenant_service.exchange import bulk
from tenant_service.exchange.models import LeftEpochRow, OutboxRow, OwnLifeRow, OwnLogRow, SalvagedRow

Tag = Callable[[], str]
"""Draws the random part of an epoch: 16 hex digits."""

_LIFE = 1
_PEN = "exchange.pen"
_HEAD = select(OwnLogRow.seq, OwnLogRow.chain).where(OwnLogRow.channel == bindparam("channel"))


@dataclass(frozen=True)
class Said:
    """One event before it has its place. `data` is what this channel's readers are told, as JSON."""

    op: Op
    id: str
    time: str
    record: str = ""
    version: int = 0
    schema: str = ""
    data: bytes | None = None

    def kind(self) -> str:
        return self.schema.partition("/")[0] or "log"


class _Kept(msgspec.Struct):
    id: str
    time: str = ""
    subject: str = ""
    version: int = 0
    dataschema: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")


_kept = msgspec.json.Decoder(_Kept).decode


def said_again(body: bytes) -> Said:
    """The put that these bytes were, to be said in another place."""
    was = _kept(body)
    return Said("put", was.id, was.time, was.subject, was.version, was.dataschema, bytes(was.data))


class Pen:
    """Writes this committee's logs within one transaction; see `pen`."""

    def __init__(self, session: Session, me: str, tag: Tag, now: dt.datetime) -> None:
        self.session, self.me, self.tag, self.now = session, me, tag, now
        self.within = _transaction(session)
        self.epoch = _locked_epoch(session, tag)
        self._heads: dict[str, tuple[int, bytes]] = {}

    def head(self, channel: str) -> Head:
        return Head(self.epoch, *self._at(channel))

    def _at(self, channel: str) -> tuple[int, bytes]:
        if channel not in self._heads:
            row = self.session.execute(_HEAD, {"channel": channel}).one_or_none()
            self._heads[channel] = (row.seq, row.chain) if row else (0, genesis(log_of(self.me, channel), self.epoch))
        return self._heads[channel]

    def append(self, channel: str, said: Sequence[Said]) -> list[int]:
        """The events stand at the end of the log, in this order. Returns their places.

        A log begins with `complete`: nothing was shared there before.
        """
        if self._at(channel)[0] == 0:
            self.end_opening(channel)
        return self.append_to_opening(channel, said)

    def append_to_opening(self, channel: str, said: Iterable[Said]) -> list[int]:
        """The same for the opening state of an epoch, whose end somebody else marks."""
        seq, chain = self._at(channel)
        rows: list[dict[str, Any]] = []
        for each in said:
            seq += 1
            body = self._body(channel, seq, chain, each)
            chain = link(chain, body)
            rows.append(
                {
                    "channel": channel,
                    "epoch": self.epoch,
                    "seq": seq,
                    "body": body,
                    "chain": chain,
                    "record": each.record,
                }
            )
        if rows:
            bulk.insert(self.session, OutboxRow, rows)
            bulk.upsert(self.session, OwnLogRow, [{"channel": channel, "seq": seq, "chain": chain}])
            self._heads[channel] = (seq, chain)
        return [row["seq"] for row in rows]

    def end_opening(self, channel: str) -> None:
        """Whoever has read so far has read all that was shared when the epoch began."""
        self.append_to_opening(channel, [Said("complete", f"{self.epoch}.{channel}", self.now.isoformat())])

    def _body(self, channel: str, seq: int, chain: bytes, said: Said) -> bytes:
        return encode(
            Envelope(
                id=said.id, source=f"urn:liandong:{self.me}", type=f"cn.liandong.{said.kind()}.changed",
                subject=said.record, time=said.time, dataschema=said.schema, channel=channel, epoch=self.epoch, seq=seq,
                prev=chain.hex(), version=said.version, op=said.op,
                data=msgspec.Raw(said.data) if said.data is not None else None,
            )
        )  # fmt: skip

    def leave_epoch(self, why: str, seen: Sequence[tuple[str, Head]]) -> str:
        """A new epoch above all that were ever seen, with every log empty; returns the one that was left."""
        for log, head in seen:
            self.session.add(
                LeftEpochRow(
                    epoch=head.epoch, log=log, seq=head.seq, chain=head.chain, proof=head.proof, why=why, at=self.now
                )
            )
        self.session.flush()
        was = self.epoch
        left = self.session.scalars(select(LeftEpochRow.epoch).union(select(SalvagedRow.epoch))).all()
        self.epoch = next_epoch([was, *left], self.tag())
        self.session.execute(update(OwnLifeRow).values(epoch=self.epoch))
        self.session.execute(delete(OwnLogRow))
        self._heads.clear()
        return was


def pen(session: Session, me: str, tag: Tag, now: dt.datetime) -> Pen:
    """The pen of this transaction. A savepoint has its own, so that what it rolls back is forgotten."""
    known: Pen | None = session.info.get(_PEN)
    if known is None or known.within is not _transaction(session):
        known = session.info[_PEN] = Pen(session, me, tag, now)
    return known


def _transaction(session: Session) -> object:
    return session.get_nested_transaction() or session.get_transaction()


def _locked_epoch(session: Session, tag: Tag) -> str:
    locked = select(OwnLifeRow.epoch).where(OwnLifeRow.id == _LIFE).with_for_update()
    if epoch := session.scalar(locked):
        return epoch
    on = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = on.insert(OwnLifeRow).values(id=_LIFE, epoch=next_epoch([], tag()))
    session.execute(first.on_conflict_do_nothing())
    return session.scalars(locked).one()
