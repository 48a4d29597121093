"""What a committee counts, and what it tells of it."""

import datetime as dt

import pytest

from sync.contract.activities import ActivityKind, ActivityState
from sync.contract.channels import Scope, Share
from sync.contract.directory import Directory
from sync.contract.members import UnitKind
from sync.contract.values import IndicatorCode, ValueRecord
from sync.contract.venues import VenueKind, VenueState
from tenant_service.activities import queries as activity_queries
from tenant_service.activities import service as activities
from tenant_service.activities.models import SeenActivityRow
from tenant_service.activities.service import Draft, Report
from tenant_service.identity.actor import Actor
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
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

    def held(self, days_ago: int, *, leader: bool = False, members: int = 4, hosts: tuple[str, ...] = ()) -> str:
        starts = places.SPRING - dt.timedelta(days=days_ago)
        draft = Draft("议事", ActivityKind.HALL_SESSION, starts, "惠通村", host_ids=hosts)
        report = Report(10, leader_present=leader, suggestions=("一", "二"), members_present=members)
        with self.units.write() as unit:
            made = activities.backfill(unit, self.clerk, self.directory, draft, report, "补录", [Share(Scope.PARENT)])
        return made.id

    def count(self, code: IndicatorCode, window: tuple[dt.date, dt.date] = YEAR) -> int:
        with self.units.read() as unit:
            found = queries.counted(unit, [code], *window)
        return sum(sum(numbers) for value in found for numbers in value.days.values())

    def values(self) -> list[ValueRecord]:
        with self.units.read() as unit:
            return queries.counted(unit, list(IndicatorCode), *queries.whole_window(unit))

    def publish(self) -> int:
        with self.units.write() as unit:
            return service.publish_values(unit, {"c"})


@pytest.fixture
def county(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> County:
    return County(units, directory, clerk, secretary)


def test_sessions_leaders_people_and_suggestions_are_counted_from_rows(county: County) -> None:
    for n in range(5):
        county.held(10 + 40 * n, leader=n % 2 == 0, members=3 + n)
    assert county.count(IndicatorCode.ACTIVITIES_HELD) == 5
    assert county.count(IndicatorCode.LEADER_ATTENDED) == 3
    assert county.count(IndicatorCode.MEMBER_TIMES) == 3 + 4 + 5 + 6 + 7
    assert county.count(IndicatorCode.PUBLIC_TIMES) == 50
    assert county.count(IndicatorCode.SUGGESTIONS) == 10


def test_drafts_and_cancelled_activities_never_count(county: County) -> None:
    draft = Draft("议事", ActivityKind.HALL_SESSION, places.SPRING, "惠通村")
    with county.units.write() as unit:
        made = activities.draft(unit, county.clerk, county.directory, draft, [])
        activities.submit(unit, county.clerk, made.id)
        activities.sign_off(unit, county.secretary, made.id, unclassified=True)
        activities.cancel(unit, county.clerk, made.id, "台风")
        activities.draft(unit, county.clerk, county.directory, draft, [])
    assert county.count(IndicatorCode.ACTIVITIES_HELD) == 0


def test_a_session_counts_on_the_day_it_began_in_shanghai(county: County) -> None:
    """23:30 of 31 March in UTC is 1 April in Shanghai."""
    county.units.clock.on(days=1)  # type: ignore[attr-defined]
    draft = Draft("夜间议事", ActivityKind.HALL_SESSION, dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC), "惠通村")
    with county.units.write() as unit:
        activities.backfill(unit, county.clerk, county.directory, draft, Report(1, leader_present=False), "补录", [])
        [value] = queries.counted(unit, [IndicatorCode.ACTIVITIES_HELD], TODAY, TODAY)
    assert (value.month, value.days["HALL_SESSION"][0]) == ("2026-04", 1)


def test_a_joint_session_counts_once_at_each_host_and_says_so(county: County) -> None:
    own = county.held(20, hosts=(places.QINGPU,))
    others = f"{places.WUJIANG}.activity.{'7' * 32}"
    with county.units.write() as unit:
        mine = activity_queries.known(unit.session, own)
        shown = vars(mine.record()) | {
            "id": others, "committee_id": places.WUJIANG, "host_ids": [places.WUJIANG, places.JIASHAN],
            "state": ActivityState.HELD,
        }  # fmt: skip
        unit.session.add(SeenActivityRow(**shown, channels=["m_x"], as_of=unit.now))
    found = [value for value in county.values() if value.indicator is IndicatorCode.ACTIVITIES_HELD]
    assert sum(sum(numbers) for value in found for numbers in value.days.values()) == 2
    assert sorted(id for value in found for id in value.joint_ids or []) == sorted([own, others])
    assert county.count(IndicatorCode.MEMBER_TIMES) == 4, "people are counted by the owner alone"


def test_a_town_is_covered_while_it_has_all_three(county: County) -> None:
    """191/191; remove one studio and it is 190 (seed fact 26)."""
    since = dt.date(2025, 1, 1)
    with county.units.write() as unit:
        towns = [
            unit_service.add_unit(unit, county.clerk, county.directory, UnitDraft(name, UnitKind.TOWN, since=since), [])
            for name in ("魏塘街道", "罗星街道")
        ]
        studio = ""
        for town in towns:
            for kind in (VenueKind.HALL, VenueKind.STUDIO, VenueKind.CONTACT_POINT):
                draft = venues.Draft(f"{town.name}{kind.label}", kind, "一号", area_id=town.id, opened_on=since)
                made = venues.add(unit, county.clerk, county.directory, draft, [])
                studio = made.id if kind is VenueKind.STUDIO else studio
    today = TODAY, TODAY

    def now(code: IndicatorCode) -> int:
        with county.units.read() as unit:
            [value] = queries.counted(unit, [code], *today)
        return sum(numbers[TODAY.day - 1] for numbers in value.days.values())

    assert (now(IndicatorCode.AREAS), now(IndicatorCode.AREAS_COVERED), now(IndicatorCode.VENUES_OPEN)) == (2, 2, 6)
    with county.units.write() as unit:
        venues.move(unit, county.clerk, studio, VenueState.CLOSED, TODAY)
    assert (now(IndicatorCode.AREAS), now(IndicatorCode.AREAS_COVERED), now(IndicatorCode.VENUES_OPEN)) == (2, 1, 5)


def test_values_are_told_once_and_again_only_when_they_change(county: County) -> None:
    county.held(10)
    county.held(60)
    assert county.publish() > 0
    before = told(county.units)
    assert county.publish() == 0
    assert told(county.units) == before
    county.held(10)
    county.publish()
    fresh = [event.data for event in told(county.units)[len(before) :]]
    assert {(value["indicator"], value["month"]) for value in fresh} == {
        (code, "2026-03") for code in ("ACTIVITIES_HELD", "MEMBER_TIMES", "PUBLIC_TIMES", "SUGGESTIONS")
    }
    assert len({event.record for event in told(county.units)}) == len(before), "a new figure is a new version"


def test_a_month_that_has_nothing_left_is_told_as_nothing(county: County) -> None:
    id = county.held(10)
    county.publish()
    with county.units.write() as unit:
        row = activity_queries.own(unit.session, id)
        row.state = ActivityState.CANCELLED
        row.held_on = row.held_on.replace(day=1)
    county.publish()
    last = {event.record: event.data for event in told(county.units)}
    assert all(not value["days"] for value in last.values() if value["indicator"] == "ACTIVITIES_HELD")
