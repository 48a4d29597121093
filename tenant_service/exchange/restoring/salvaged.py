"""What came back of our own logs after a restoration: of each record the last that its readers were told.

Nothing here changes anything; `recovering` does. Newer is (epoch, version), as everywhere.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract.channels import circle_of, parts_of
from sync.contract.envelope import Envelope, decode
from sync.contract.instants import instant
from sync.log import epoch_number
from tenant_service.exchange.models import OutboxRow, SalvagedRow, SharedOutRow

_AT_ONCE = 500


class Word(NamedTuple):
    """One event of ours about one record on one channel. `id`: the event's, the same wherever it was said again."""

    channel: str
    epoch: str
    version: int
    op: str
    id: str
    said_at: dt.datetime
    schema: str
    data: Any

    @property
    def newness(self) -> tuple[str, int]:
        return self.epoch, self.version


class Mine(NamedTuple):
    """What this database last said of a record on one channel. `event`: the id of that event; with `seq` 0, "" where it
    was said in an older epoch.
    """

    channel: str
    seq: int
    version: int
    is_shared: bool
    event: str


@dataclass
class Forgotten:
    """A record of which readers know something that this database does not.

    Attributes:
        last: Channel → the last that was told there.
        puts: Channel → the last state that was told there.
        mine: Channel → what this database says there.
        is_changed_since: It was told of again since the restore, by people who could not see what was forgotten.
    """

    record: str
    last: dict[str, Word] = field(default_factory=dict)
    puts: dict[str, Word] = field(default_factory=dict)
    mine: dict[str, Mine] = field(default_factory=dict)
    is_changed_since: bool = False

    @property
    def newest(self) -> Word:
        return max(self.last.values(), key=lambda word: (word.newness, word.op == "delete"))

    def channels(self) -> set[str]:
        """Where the newest version is shared. A channel that is not known to have been told of it is left out: whether
        it was retracted there nobody knows, so it is not shared until somebody chooses so.
        """
        newest = self.newest
        return {
            channel for channel, word in self.last.items()
            if word.op == "put" and newest.op != "delete" and word.newness == newest.newness
        }  # fmt: skip

    def states(self) -> list[Word]:
        """What was told of it, the newest and of equally new ones the fullest first."""
        return sorted(self.puts.values(), key=lambda word: (word.newness, circle_of(word.channel).depth), reverse=True)

    def is_known(self) -> bool:
        """Whether this database says exactly that."""
        return all(
            (mine := self.mine.get(channel)) is not None and mine.is_shared and mine.event == word.id
            if word.op == "put"
            else (mine := self.mine.get(channel)) is None or not mine.is_shared
            for channel, word in self.last.items()
        )


def waiting(session: Session) -> int:
    """Events that came back and are not re-applied yet."""
    return session.scalar(select(func.count()).where(SalvagedRow.restoration_id.is_(None))) or 0


def settled(session: Session, restoration: int) -> None:
    """Whatever came back until now belongs to this restoration, and is not looked at again."""
    session.execute(
        update(SalvagedRow).where(SalvagedRow.restoration_id.is_(None)).values(restoration_id=restoration),
        execution_options={"synchronize_session": False},
    )


def told_of(session: Session, epoch: str) -> list[Forgotten]:
    """Every record of which something came back, whether this database says the same in `epoch`, its present one, or
    not; by id.
    """
    found: dict[str, Forgotten] = {}
    for record, word in _words(session, epoch):
        each = found.setdefault(record, Forgotten(record))
        if word.channel not in each.last or word.newness >= each.last[word.channel].newness:
            each.last[word.channel] = word
        if word.op == "put" and (
            word.channel not in each.puts or word.newness >= each.puts[word.channel].newness
        ):  # fmt: skip
            each.puts[word.channel] = word
    common = _common(session, epoch)
    for record, mine in _mine(session, sorted(found), epoch):
        found[record].mine[mine.channel] = mine
    for each in found.values():
        each.is_changed_since = _is_changed_since(each, common)
    return [each for _, each in sorted(found.items())]


def _words(session: Session, epoch: str) -> Iterator[tuple[str, Word]]:
    """In the order of each log. What an older life said was left for good when this one began."""
    rows = session.execute(
        select(SalvagedRow.log, SalvagedRow.epoch, SalvagedRow.body)
        .where(SalvagedRow.restoration_id.is_(None))
        .order_by(SalvagedRow.log, SalvagedRow.epoch, SalvagedRow.seq)
        .execution_options(yield_per=_AT_ONCE)
    )
    for log, said_in, body in rows:
        if epoch_number(said_in) < epoch_number(epoch):
            continue
        told = _read(body)
        if told is not None and told.op != "complete":
            _, channel = parts_of(log)
            said_at = instant(told.time)
            yield told.subject, Word(
                channel, said_in, told.version, told.op, told.id, said_at, told.dataschema, told.data
            )  # fmt: skip


def _read(body: bytes) -> Envelope | None:
    """None: written in a way that this release cannot read; it stays in `salvaged`."""
    try:
        told = decode(body)
        instant(told.time)
    except (msgspec.DecodeError, ValueError):
        return None
    return told


def _common(session: Session, epoch: str) -> Mapping[str, int]:
    """Channel → the last place of this epoch that this database and those readers both know; behind it lies what was
    said here since the restore, and on their side what was forgotten.
    """
    first = (
        select(SalvagedRow.log, func.min(SalvagedRow.seq))
        .where(SalvagedRow.restoration_id.is_(None), SalvagedRow.epoch == epoch)
        .group_by(SalvagedRow.log)
    )
    return {parts_of(log)[1]: seq - 1 for log, seq in session.execute(first)}


def _mine(session: Session, records: Sequence[str], epoch: str) -> Iterator[tuple[str, Mine]]:
    said = and_(OutboxRow.channel == SharedOutRow.channel, OutboxRow.seq == SharedOutRow.seq, OutboxRow.epoch == epoch)
    wanted = select(
        SharedOutRow.record, SharedOutRow.channel, SharedOutRow.seq, SharedOutRow.version, SharedOutRow.is_shared,
        OutboxRow.body,
    ).outerjoin(OutboxRow, said)  # fmt: skip
    for at_once in _sliced(records):
        for row in session.execute(wanted.where(SharedOutRow.record.in_(at_once))):
            told = decode(row.body) if row.body is not None and not wire.is_hole(row.body) else None
            if told is not None and told.subject == row.record:
                yield row.record, Mine(row.channel, row.seq, row.version, row.is_shared, told.id)
            else:  # retracted in an older life: its place is of that one, and anything may lie there in this one
                yield row.record, Mine(row.channel, 0, row.version, row.is_shared, "")


def _is_changed_since(of: Forgotten, common: Mapping[str, int]) -> bool:
    newest = of.newest
    return any(
        mine.seq > common.get(channel, mine.seq) or mine.version >= newest.version
        for channel, mine in of.mine.items()
        if channel not in of.last or of.last[channel].id != mine.event
    )


def _sliced(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
