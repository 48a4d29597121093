"""Jiashan with an office that enters what was held."""

import datetime as dt

from sync.contract import records
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.shapes.venues import VenueKind, VenueState
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft, Report
from tenant_service.identity.actor import Actor
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.rooms import COUNTING
from tenant_service.statistics import queries, service
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.told import told

TODAY = dt.date(2026, 4, 1)
YEAR = dt.date(2025, 4, 2), TODAY


class County:
    """Jiashan with an office that enters what was held."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> None:
        self.units, self.directory, self.clerk, self.secretary = units, directory, clerk, secretary

    def held(
        self, days_ago: int, *, leader: bool = False, members: int = 4, hosts: tuple[str, ...] = (),
        mechanism: str | None = None,
    ) -> str:  # fmt: skip
        starts = places.SPRING - dt.timedelta(days=days_ago)
        draft = Draft("议事", ActivityKind.HALL_SESSION, starts, "惠通村", host_ids=hosts, mechanism_id=mechanism)
        report = Report(10, leader_present=leader, suggestions=("一", "二"), members_present=members)
        with self.units.write() as unit:
            made = backfill_service.backfill(unit, self.clerk, self.directory, draft, report, "补录", [])
            activities.sign_off(unit, self.secretary, made.id, unclassified=True)
        return made.id

    def count(self, code: IndicatorCode, window: tuple[dt.date, dt.date] = YEAR) -> int:
        with self.units.read() as unit:
            found = queries.counted(unit, COUNTING, [code], *window)
        return sum(sum(numbers) for value in found for numbers in value.days.values())

    def values(self) -> list[ValueRecord]:
        with self.units.read() as unit:
            return queries.counted(unit, COUNTING, list(IndicatorCode), *queries.EVER)

    def publish(self, *channels: str) -> int:
        with self.units.write() as unit:
            return service.publish_values(unit, COUNTING, set(channels or ("c",)))

    def stop_sharing(self) -> int:
        with self.units.write() as unit:
            return service.publish_values(unit, COUNTING, set())

    def town(self, name: str, since: dt.date | None) -> str:
        with self.units.write() as unit:
            draft = UnitDraft(name, UnitKind.TOWN, since=since)
            return unit_service.add_unit(unit, self.clerk, self.directory, draft, []).id

    def venue(self, kind: VenueKind, opened_on: dt.date, closed_on: dt.date | None, town: str | None) -> None:
        draft = venues.Draft(kind.label, kind, "一号", area_id=town, opened_on=opened_on)
        with self.units.write() as unit:
            made = venues.add(unit, self.clerk, self.directory, draft, [])
            if closed_on is not None:
                venues.move(unit, self.clerk, made.id, VenueState.CLOSED, closed_on)

    def copies(self, channel: str = "c") -> dict[str, ValueRecord]:
        """What a reader of the channel holds now, by id."""
        held: dict[str, ValueRecord] = {}
        for event in told(self.units):
            if event.channel == channel:
                held.pop(event.record, None)
                if event.op == "put":
                    held[event.record] = records.read("value", event.data)
        return held
