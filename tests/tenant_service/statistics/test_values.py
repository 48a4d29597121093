"""What a committee counts, and what it tells of it."""

import datetime as dt
import random

import pytest

from sync.contract.shapes.activities import ActivityKind, ActivityState
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.shapes.venues import VenueKind, VenueState
from tenant_service.activities import backfill_service
from tenant_service.activities import queries as activity_queries
from tenant_service.activities import service as activities
from tenant_service.activities.models import SeenActivityRow
from tenant_service.activities.service import Draft, Report
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.rooms import COUNTING
from tenant_service.statistics import queries, rules
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.statistics.county import TODAY, County
from tests.tenant_service.told import told


def test_sessions_leaders_people_and_suggestions_are_counted_from_rows(county: County) -> None:
    for n in range(5):
        county.held(10 + 40 * n, leader=n % 2 == 0, members=3 + n)
    assert county.count(IndicatorCode.ACTIVITIES_HELD) == 5
    assert county.count(IndicatorCode.LEADER_ATTENDED) == 3
    assert county.count(IndicatorCode.MEMBER_TIMES) == 3 + 4 + 5 + 6 + 7
    assert county.count(IndicatorCode.PUBLIC_TIMES) == 50
    assert county.count(IndicatorCode.SUGGESTIONS) == 10


@pytest.mark.seed(27)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_of_379_hall_sessions_of_a_year_a_leader_attended_184(county: County) -> None:
    for n in range(379):
        county.held(1 + n % 360, leader=n < 184)
    held, led = county.count(IndicatorCode.ACTIVITIES_HELD), county.count(IndicatorCode.LEADER_ATTENDED)
    assert (held, led, f"{led / held:.1%}") == (379, 184, "48.5%")


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
        made = backfill_service.backfill(
            unit, county.clerk, county.directory, draft, Report(1, leader_present=False), "补录", []
        )
        activities.sign_off(unit, county.secretary, made.id, unclassified=True)
        [value] = queries.counted(unit, COUNTING, [IndicatorCode.ACTIVITIES_HELD], TODAY, TODAY)
    assert (value.month, value.days["HALL_SESSION"][0]) == ("2026-04", 1)


def test_a_joint_session_counts_once_at_each_host_and_says_so(county: County) -> None:
    own = county.held(20, hosts=(places.QINGPU,))
    others = f"{places.WUJIANG}.activity.{'7' * 32}"
    with county.units.write() as unit:
        mine = activity_queries.known(unit.session, own)
        shown = vars(mine.record()) | {
            "id": others, "committee_id": places.WUJIANG, "host_ids": [places.WUJIANG, places.JIASHAN],
            "state": ActivityState.HELD, "mechanism_id": places.DELTA,
        }  # fmt: skip
        unit.session.add(SeenActivityRow(**shown, channels=[f"m_{places.DELTA.rpartition('.')[2]}"], as_of=unit.now))
    found = [value for value in county.values() if value.indicator is IndicatorCode.ACTIVITIES_HELD]
    assert sum(sum(numbers) for value in found for numbers in value.days.values()) == 2
    assert sorted(id for value in found for id in value.joint_ids or []) == sorted([own, others])
    assert county.count(IndicatorCode.MEMBER_TIMES) == 4, "people are counted by the owner alone"


def test_what_was_done_under_a_mechanism_is_told_apart(county: County) -> None:
    alone = county.held(20)
    joint = county.held(20, hosts=(places.QINGPU,), mechanism=places.DELTA, members=5)
    told = {value.indicator: value for value in county.values() if value.month == "2026-03"}
    held = told[IndicatorCode.ACTIVITIES_HELD]
    assert held.mechanism_days is not None
    assert [sum(days["HALL_SESSION"]) for days in (held.days, held.mechanism_days[places.DELTA])] == [2, 1]
    assert (held.joint_ids, held.mechanism_joint_ids) == ([joint], {places.DELTA: [joint]})
    assert alone not in str(held.mechanism_joint_ids)
    people = told[IndicatorCode.MEMBER_TIMES].mechanism_days
    assert people is not None
    assert sum(people[places.DELTA]["HALL_SESSION"]) == 5, "people are counted by the owner alone, here too"
    assert told[IndicatorCode.LEADER_ATTENDED].mechanism_days == {}


def test_another_hosts_session_counts_under_the_mechanism_that_stands_behind_it(county: County) -> None:
    own = county.held(20, hosts=(places.QINGPU,))
    others = f"{places.WUJIANG}.activity.{'7' * 32}"
    with county.units.write() as unit:
        shown = vars(activity_queries.known(unit.session, own).record()) | {
            "id": others, "committee_id": places.WUJIANG, "host_ids": [places.WUJIANG, places.JIASHAN],
            "state": ActivityState.HELD, "mechanism_id": places.DELTA,
        }  # fmt: skip
        unit.session.add(SeenActivityRow(**shown, channels=[f"m_{places.DELTA.rpartition('.')[2]}"], as_of=unit.now))
    [value] = [each for each in county.values() if each.indicator is IndicatorCode.ACTIVITIES_HELD]
    assert value.mechanism_joint_ids == {places.DELTA: [others]}
    assert value.joint_ids == sorted([own, others])


def test_a_session_that_comes_under_a_mechanism_later_is_told_anew(county: County) -> None:
    """The figure is the same; whose it is has changed."""
    id = county.held(20)
    county.publish()
    assert county.publish() == 0
    with county.units.write() as unit:
        activity_queries.locked(unit.session, id).mechanism_id = places.DELTA
    assert county.publish() == 4, "sessions, members, public and suggestions of one month"
    for value in county.copies().values():
        assert value.mechanism_days == ({places.DELTA: value.days} if value.days else {})


def test_a_value_that_was_told_before_it_was_told_apart_is_told_once_more(county: County) -> None:
    county.held(20)
    values = county.publish()
    with county.units.write() as unit:
        for row in queries.published(unit.session).values():
            row.mechanism_days = row.mechanism_joint_ids = None
    assert county.publish() == values
    assert county.publish() == 0


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
            [value] = queries.counted(unit, COUNTING, [code], *today)
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
        row = activity_queries.locked(unit.session, id)
        row.state = ActivityState.CANCELLED
        row.held_on = row.held_on.replace(day=1)
    county.publish()
    last = {event.record: event.data for event in told(county.units)}
    assert all(not value["days"] for value in last.values() if value["indicator"] == "ACTIVITIES_HELD")


def test_who_is_entitled_now_has_all_figures_and_who_is_not_has_none(county: County) -> None:
    county.held(10)
    county.held(60)
    county.publish("c")
    whole = county.copies("c")
    assert whole
    assert not county.copies("o")
    assert county.publish("c", "o") == len(whole)
    assert {id: each.days for id, each in county.copies("o").items()} == {id: each.days for id, each in whole.items()}
    assert county.publish("c", "o") == 0
    assert county.publish("o") == len(whole)
    assert not county.copies("c"), "retracted from those who may not read it any more"
    assert county.stop_sharing() == len(whole)
    assert not county.copies("o")
    assert county.stop_sharing() == 0


def test_a_month_that_has_nothing_left_is_retracted_like_any_other(county: County) -> None:
    id = county.held(10)
    county.publish()
    with county.units.write() as unit:
        activity_queries.locked(unit.session, id).state = ActivityState.CANCELLED
    county.publish()
    assert county.copies()
    county.stop_sharing()
    assert not county.copies()


def test_a_committee_without_a_session_tells_its_stock_from_the_first_day(county: County) -> None:
    town = county.town("魏塘街道", dt.date(2025, 1, 1))
    county.venue(VenueKind.HALL, dt.date(2025, 6, 15), None, town)
    county.publish()
    months = {(each.indicator, each.month) for each in county.copies().values()}
    assert (IndicatorCode.AREAS, "2025-01") in months
    assert {month for code, month in months if code is IndicatorCode.VENUES_OPEN} == set(
        rules.months(dt.date(2025, 6, 15), TODAY)
    )


def figures(values: list[ValueRecord], wanted: tuple[dt.date, dt.date]) -> dict[tuple[str, str], object]:
    """What the values say of the months of a window; that there was nothing is the same as no value."""
    first, last = rules.month_of(wanted[0]), rules.month_of(wanted[1])
    return {
        (each.indicator.value, each.month): (each.days, each.joint_ids)
        for each in values if each.days and first <= each.month <= last
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_same_is_answered_live_and_from_copies_whatever_the_window(county: County, seed: int) -> None:
    draw = random.Random(seed)

    def day(back: int = 1_200) -> dt.date:
        return TODAY - dt.timedelta(days=draw.randrange(back))

    kinds = (VenueKind.HALL, VenueKind.STUDIO, VenueKind.CONTACT_POINT)
    towns = [county.town(f"街道{n}", draw.choice([None, day()])) for n in range(draw.randrange(3))]
    for _ in range(draw.randrange(12)):
        opened = day()
        closed = draw.choice([None, opened + (TODAY - opened) * draw.random()])
        county.venue(draw.choice(kinds), opened, closed, draw.choice([None, *towns]))
    for _ in range(draw.randrange(1 + seed * 4)):
        hosts = draw.choice([(), (places.QINGPU,)])
        county.held(draw.randrange(1_200), leader=draw.random() < 0.5, members=draw.randrange(9), hosts=hosts)
    for pause in (0, 40, 900):  # days; in the last round most months are counted no more
        county.units.clock.on(days=pause)  # type: ignore[attr-defined]
        county.publish()
        copies = list(county.copies().values())
        for _ in range(8):
            since, until = sorted((day(), TODAY + dt.timedelta(days=draw.randrange(1_000) - 500)))
            with county.units.read() as unit:
                live = queries.counted(unit, COUNTING, list(IndicatorCode), since, until)
            assert figures(live, (since, until)) == figures(copies, (since, until))


def test_nobody_alone_moves_a_figure(county: County) -> None:
    """Not one who enters without a signature, and not a neighbour who says that we were a host."""
    starts = places.SPRING - dt.timedelta(days=3)
    draft = Draft("议事", ActivityKind.HALL_SESSION, starts, "惠通村")
    with county.units.write() as unit:
        made = backfill_service.backfill(
            unit, county.clerk, county.directory, draft, Report(999, leader_present=True), "补录", []
        )
        shown = vars(made) | {
            "id": f"{places.QINGPU}.activity.{'8' * 32}", "committee_id": places.QINGPU,
            "host_ids": [places.QINGPU, places.JIASHAN],
        }  # fmt: skip
        unit.session.add(SeenActivityRow(**shown, channels=[f"x_{places.JIASHAN}"], as_of=unit.now))
    assert county.count(IndicatorCode.ACTIVITIES_HELD) == county.count(IndicatorCode.PUBLIC_TIMES) == 0
    with county.units.write() as unit:
        activities.send_back(unit, county.secretary, made.id, "人数不实")
    assert county.count(IndicatorCode.PUBLIC_TIMES) == 0
