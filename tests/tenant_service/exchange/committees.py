"""Committees of an invented federation with real databases, and no line between them: tests carry the pages."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from joserfc.jwk import ECKey
from sqlalchemy import Engine, MetaData, Table
from sqlalchemy.orm import Session

from sync.bus.signing import signed
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.ids import Id, record_id
from sync.contract.levels import Level
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.log import Event, Head
from tenant_service.exchange.copies import Projections, Seen
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.exchange.restoring.recovering import Recovered, Recoveries, Recovering
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Publication, Unit, Units
from tests.migrated import migrated

PROVINCE, CITY, COUNTY, SISTER, PARTNER = "330000", "330100", "330110", "330102", "310118"
DELTA = "330110.mechanism.0192f0c1d2e34567890abcdef0123456"
MECHANISM = "m_0192f0c1d2e34567890abcdef0123456"
SPRING = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)

SHOWN = MetaData()
shown = Table(
    "shown", SHOWN,
    sa.Column("id", sa.String, primary_key=True), sa.Column("version", sa.Integer), sa.Column("month", sa.String),
    sa.Column("joint", sa.String), sa.Column("channels", sa.String), sa.Column("times", sa.Integer),
)  # fmt: skip
"""What a room would keep; `times` counts how often the same version was given to it."""


def show(session: Session, seen: Seen) -> None:
    """A room's projection."""
    was = session.execute(sa.select(shown).where(shown.c.id == seen.id)).one_or_none()
    session.execute(sa.delete(shown).where(shown.c.id == seen.id))
    if seen.record is not None:
        again = was is not None and (was.version, was.channels) == (seen.version, " ".join(sorted(seen.channels)))
        session.execute(
            sa.insert(shown).values(
                id=seen.id, version=seen.version, month=seen.record.month, joint=_mechanisms(seen.record),
                channels=" ".join(sorted(seen.channels)), times=was.times + 1 if was and again else 1,
            )
        )  # fmt: skip


def take_back(unit: Unit, told: Recovered) -> Outcome:
    """A room that keeps nothing of its own figures: what came back is told again, one version further."""
    if told.is_gone or told.record is None:
        unit.erase(value(told.id, 0), told.version + 1)
        return Outcome.WITHDRAWN
    unit.publish(told.record, told.version + 1, told.channels)
    return Outcome.ANEW


class Clock:
    """Tests move it."""

    def __init__(self) -> None:
        self.now = SPRING

    def __call__(self) -> dt.datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


class World:
    """Keys and the directory of a province, its city, two counties, and a partner in another province."""

    def __init__(self) -> None:
        self.event: dict[str, list[ECKey]] = {}
        self.enc: dict[str, ECKey] = {}
        self.clock = Clock()
        self.members = [COUNTY, PARTNER]
        self.without_enc: set[str] = set()
        self.enc_in_force: dict[str, dict[str, int]] = {}
        self.not_yet: set[str] = set()
        self.serial = 0
        for id in (PROVINCE, CITY, COUNTY, SISTER, PARTNER):
            self.event[id], self.enc[id] = [jose.new_key()], jose.new_key()

    def contents(self) -> Contents:
        told = [
            Listed(id=PROVINCE, name="省政协", level=Level.PROVINCE),
            Listed(id=CITY, name="市政协", level=Level.CITY, parent=PROVINCE),
            Listed(id=COUNTY, name="县政协", parent=CITY),
            Listed(id=SISTER, name="邻县政协", parent=CITY),
            Listed(id=PARTNER, name="伙伴政协"),
        ]
        told = [each for each in told if each.id not in self.not_yet]
        mechanism = ListedMechanism(id=DELTA, name="联动", members=self.members)
        entries = [msgspec.structs.replace(each, keys=self._public(each.id)) for each in told]
        self.serial += 1
        return Contents(
            serial=self.serial, issued_at=0, expires_at=2**40, entries=entries, mechanisms=[mechanism]
        )  # fmt: skip

    def directory(self) -> Directory:
        return Directory(self.contents())

    def _public(self, id: str) -> Any:
        enc = {} if id in self.without_enc else {"enc": [jose.public(self.enc[id]) | self.enc_in_force.get(id, {})]}
        return {"event": [jose.public(key) for key in reversed(self.event[id])], **enc}

    def trust(self, id: str) -> Trust:
        return Trust(id, self.directory(), self.event[id][-1], [self.enc[id]])


class Committee:
    """One committee's database and what works on it; `again` is what a restart makes of it."""

    def __init__(
        self, world: World, id: str, engine: Engine, projections: Projections | None = None,
        recoveries: Recoveries | None = None,
    ) -> None:  # fmt: skip
        self.world, self.id, self.engine = world, id, engine
        self.projections = {"value": show} if projections is None else projections
        self.recoveries = {"value": take_back} if recoveries is None else recoveries
        Row.metadata.create_all(engine)
        SHOWN.create_all(engine)
        self.again()

    def again(self) -> None:
        self.trust = self.world.trust(self.id)
        self.outbox = ExchangeOutbox(self.trust)
        self.units = Units(self.engine, self.id, self.outbox, self.world.clock)
        self.inbox = Inbox(self.units, self.trust, self.projections)
        recovering = Recovering(self.trust, self.recoveries, self.inbox.projector)
        self.own = OwnLogs(self.units, self.trust, recovering=recovering)
        self.inbox.entitle(self.trust.directory.follows(self.id))

    # ── what it does ──

    def new_id(self) -> Id:
        return record_id(self.id, "value", uuid_utils.uuid7().hex)

    def publish(self, id: str, version: int, channels: Iterable[str], **fields: Any) -> None:
        with self.units.write() as unit:
            unit.publish(value(id, version, **fields), version, set(channels))

    def publish_all(self, ids: Sequence[str], version: int, channels: Iterable[str]) -> None:
        with self.units.write() as unit:
            self.outbox.put_all(unit, [Publication(value(id, version), version, set(channels)) for id in ids])

    def erase(self, id: str, version: int) -> None:
        with self.units.write() as unit:
            unit.erase(value(id, version), version)

    # ── what it holds ──

    def page(self, channel: str, after: int = 0, count: int = 500) -> list[Event]:
        """A page as the relay sends it: its last event signed."""
        log = log_of(self.id, channel)
        with self.own.view(log) as mine:
            return signed(self.trust, log, mine.page(after, after + count))

    def head(self, channel: str) -> Head:
        with self.own.view(log_of(self.id, channel)) as mine:
            return mine.head

    def shown(self) -> dict[str, tuple[int, str, str]]:
        """Record → version, mechanisms of joint ids, channels."""
        with Session(self.engine) as session:
            rows = session.execute(sa.select(shown)).all()
            return {row.id: (row.version, row.joint, row.channels) for row in rows}

    def given_twice(self) -> list[str]:
        """Records whose room was given the same version on the same channels again."""
        with Session(self.engine) as session:
            return list(session.scalars(sa.select(shown.c.id).where(shown.c.times > 1)))

    def rows(self, table: type[Row]) -> list[Any]:
        with Session(self.engine) as session:
            return list(session.scalars(sa.select(table)))


def _mechanisms(record: ValueRecord) -> str:
    told = record.mechanism_joint_ids
    return str(None if told is None else [*told])


def value(id: str, version: int, **fields: Any) -> ValueRecord:
    """A figure of one month; `mechanism_joint_ids` is told to partners and parents only."""
    told: dict[str, Any] = {
        "id": Id(id), "committee_id": Id(id.partition(".")[0]), "indicator": IndicatorCode.ACTIVITIES_HELD,
        "month": "2026-03", "days": {"HALL_SESSION": [1, 0, 2]}, "joint_ids": [],
        "mechanism_joint_ids": {"joint": []}, "watermark": version,
        "computed_at": SPRING,
    }  # fmt: skip
    return ValueRecord(**(told | fields))


def carry(owner: Committee, *readers: Committee, size: int = 500) -> None:
    """All that these readers follow of the owner reaches them, in pages of the relay's making."""
    for channel, head in owner.own.heads().items():
        log = log_of(owner.id, channel)
        for reader in readers:
            at = reader.inbox.reading(log).head
            after = at.seq if at.epoch == head.epoch else 0
            while log in reader.trust.directory.follows(reader.id) and (page := owner.page(channel, after, size)):
                reader.inbox.take({log: page}, caught_up=page[-1].seq == head.seq)
                after = page[-1].seq


def opened(folder: Path, world: World, *ids: str, **more: Any) -> Mapping[str, Committee]:
    return {id: Committee(world, id, open_engine(migrated(folder / f"{id}.db")), **more) for id in ids}


def everywhere(engine: Engine) -> Iterator[bytes]:
    """Every text and every byte in the database's tables."""
    with engine.connect() as connection:
        for table in sa.inspect(engine).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                yield from (each if isinstance(each, bytes) else str(each).encode() for each in row)
