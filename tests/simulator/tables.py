"""A committee's real tables, in a SQLite database in memory; a `databases.Database`.

Everything of `tenant_service.exchange` that stands between the bus and the disk is the real one: outbox, pen, own logs,
inbox, projector. Only the room that shows figures, and the records behind what is shared, are the simulator's.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, MetaData, Table
from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.contract.channels import parts_of
from sync.contract.envelope import decode
from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from tenant_service.exchange.alarms import Alarms
from tenant_service.exchange.copies import Projections, Seen
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.models import (
    AlarmRow,
    CopyRow,
    DeadLetterRow,
    ErasureRow,
    FollowedRow,
    LeftEpochRow,
    OutboxRow,
    OwnLifeRow,
    OwnLogRow,
    ReadingRow,
    ReceivedRow,
    SalvagedRow,
    SharedOutRow,
    StashRow,
)
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.simulator.databases import Change, Fuse, Place, Told
from tests.simulator.schedules import Kit, Outcome, climate_of, play
from tests.simulator.world import Climate, World

START = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
OURS = MetaData()
things = Table(
    "thing", OURS,
    sa.Column("id", sa.String, primary_key=True), sa.Column("version", sa.Integer), sa.Column("value", sa.Integer),
    sa.Column("channels", sa.String, nullable=True),
)  # fmt: skip
"""Records of ours; `channels` null: deleted."""
figures = Table(
    "figure", OURS,
    sa.Column("id", sa.String, primary_key=True), sa.Column("owner", sa.String), sa.Column("version", sa.Integer),
    sa.Column("value", sa.Integer), sa.Column("channels", sa.String),
)  # fmt: skip
"""What people here see of others' records."""


def show(session: Session, seen: Seen) -> None:
    """The room's projection."""
    session.execute(sa.delete(figures).where(figures.c.id == seen.id))
    if seen.record is not None:
        session.execute(
            sa.insert(figures).values(
                id=seen.id, owner=seen.owner, version=seen.version, value=seen.record.watermark,
                channels=" ".join(sorted(seen.channels)),
            )
        )  # fmt: skip


class Tables:
    own: OwnLogs
    heard: Inbox

    def __init__(
        self, me: str, tag: Callable[[], str], alarmed: Callable[[str, str, str], None], now: Callable[[], float],
        own: type[OwnLogs] = OwnLogs, heard: type[Inbox] = Inbox,
    ) -> None:  # fmt: skip
        self.me, self.tag, self.alarmed, self.now = me, tag, alarmed, now
        self._own, self._heard = own, heard
        self.fuse = Fuse()
        self.engine = open_engine("sqlite://")
        self.restore(_empty())
        sa.event.listen(self.engine, "before_cursor_execute", lambda *_: self.fuse.burn())

    def open(self, trust: Trust) -> None:
        outbox = ExchangeOutbox(trust, self.tag)
        self.units = Units(self.engine, self.me, outbox, lambda: START + dt.timedelta(seconds=self.now()))
        self.own, self._alarms = self._own(self.units, trust, self.tag), Alarms(self.units)
        projections: Projections = {"value": show}
        self.heard = self._heard(self.units, trust, projections)

    def alarm(self, log: str, code: str, text: str) -> None:
        self._alarms(log, code, text)
        self.alarmed(log, code, text)

    def write(self, changes: Iterable[Change]) -> None:
        with self.units.write() as unit:
            for change in changes:
                version = (
                    unit.session.scalar(sa.select(things.c.version).where(things.c.id == change.record)) or 0
                ) + 1
                on = " ".join(sorted(change.channels)) if change.channels is not None else None
                unit.session.execute(sa.delete(things).where(things.c.id == change.record))
                unit.session.execute(
                    sa.insert(things).values(id=change.record, version=version, value=change.value, channels=on)
                )
                told = _record(change.record, change.value)
                if change.channels is None:
                    unit.erase(told, version)
                else:
                    unit.publish(told, version, change.channels)

    def backup(self) -> bytes:
        return _raw(self.engine).serialize()  # type: ignore[no-any-return]

    def restore(self, kept: bytes) -> None:
        _raw(self.engine).deserialize(kept)

    def close(self) -> None:
        self.engine.dispose()

    # ── for the checker, past the code under test ──

    def _rows(self, wanted: sa.Executable) -> list[Any]:
        left, self.fuse.left = self.fuse.left, None
        with Session(self.engine) as session:
            found = list(session.execute(wanted))
        self.fuse.left = left
        return found

    def epoch(self) -> str:
        return next((row.epoch for row in self._rows(sa.select(OwnLifeRow.epoch))), "")

    def shared_on(self) -> dict[str, tuple[Told, frozenset[str]]]:
        return {
            row.id: (Told(row.version, row.value), frozenset(row.channels.split()))
            for row in self._rows(sa.select(things)) if row.channels
        }  # fmt: skip

    def shares(self, channel: str) -> dict[str, Told]:
        return {record: told for record, (told, channels) in self.shared_on().items() if channel in channels}

    def holds(self, log: str) -> dict[str, Told]:
        at = (ReceivedRow.log == CopyRow.log) & (ReceivedRow.epoch == CopyRow.epoch) & (ReceivedRow.seq == CopyRow.seq)
        wanted = sa.select(CopyRow.record, ReceivedRow.body).join(ReceivedRow, at).where(
            CopyRow.log == log, CopyRow.op == "put", CopyRow.swept_at.is_(None)
        )  # fmt: skip
        told = {row.record: decode(row.body) for row in self._rows(wanted)}
        return {record: Told(each.version, each.data["watermark"]) for record, each in told.items()}

    def shown(self, owner: str) -> dict[str, tuple[Told, frozenset[str]]]:
        return {
            row.id: (Told(row.version, row.value), frozenset(row.channels.split()))
            for row in self._rows(sa.select(figures).where(figures.c.owner == owner))
        }  # fmt: skip

    def is_complete(self, log: str) -> bool:
        return any(
            row.is_complete for row in self._rows(sa.select(ReadingRow.is_complete).where(ReadingRow.log == log))
        )

    def kept(self, log: str) -> dict[Place, bytes]:
        owner, channel = parts_of(log)
        if owner == self.me:
            mine = sa.select(OutboxRow.epoch, OutboxRow.seq, OutboxRow.body).where(OutboxRow.channel == channel)
            return {(log, row.epoch, row.seq): row.body for row in self._rows(mine)}
        now = (ReadingRow.log == ReceivedRow.log) & (ReadingRow.epoch == ReceivedRow.epoch)
        theirs = sa.select(ReceivedRow.epoch, ReceivedRow.seq, ReceivedRow.body).join(ReadingRow, now)
        return {(log, row.epoch, row.seq): row.body for row in self._rows(theirs.where(ReceivedRow.log == log))}

    def salvaged(self) -> dict[Place, bytes]:
        rows = self._rows(sa.select(SalvagedRow.log, SalvagedRow.epoch, SalvagedRow.seq, SalvagedRow.body))
        return {(row.log, row.epoch, row.seq): row.body for row in rows}


def _raw(engine: Engine) -> Any:
    return engine.raw_connection().driver_connection


@cache
def _empty() -> bytes:
    """A database with the exchange's tables and nothing in them."""
    rows = (
        AlarmRow, CopyRow, DeadLetterRow, ErasureRow, FollowedRow, LeftEpochRow, OutboxRow, OwnLifeRow, OwnLogRow,
        ReadingRow,
        ReceivedRow, SalvagedRow, SharedOutRow, StashRow,
    )  # fmt: skip
    engine = open_engine("sqlite://")
    with engine.begin() as connection:
        _create(connection, [row.__table__ for row in rows])
    made: bytes = _raw(engine).serialize()
    engine.dispose()
    return made


def _create(connection: Connection, tables: Iterable[Any]) -> None:
    for table in [*tables, *OURS.sorted_tables]:
        table.create(connection)


def _record(id: str, value: int) -> ValueRecord:
    return ValueRecord(
        id=Id(id), committee_id=Id(id.partition(".")[0]), indicator=IndicatorCode.ACTIVITIES_HELD, month="2026-03",
        days={"HALL_SESSION": [1]}, joint_ids=[], watermark=value, computed_at=START,
    )  # fmt: skip


@dataclass(frozen=True)
class TablesKit(Kit):
    """Every committee of the schedule has real tables. They take longer, so fewer acts fall on them."""

    own_tables: type[OwnLogs] = OwnLogs
    heard_tables: type[Inbox] = Inbox

    def climate(self, draw: random.Random) -> Climate:
        drawn = climate_of(draw)
        return replace(drawn, seconds=min(drawn.seconds, 60.0), acts_a_second=min(drawn.acts_a_second, 0.15))

    def database(self, world: World, name: str) -> Tables:
        return Tables(name, world.tag, partial(world.alarm, name), world.loop.time, self.own_tables, self.heard_tables)


def play_on_tables(seed: int, kit: TablesKit | None = None, say: Callable[[str], None] | None = None) -> Outcome:
    return play(seed, kit or TablesKit(), say)
