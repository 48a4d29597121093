"""What committees publish of their venues, counted from these: which kinds, types and brands stand where."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import pytest

from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueRecord, VenueState, VenueType
from tenant_service.identity.policy import Role
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.rooms import COUNTING
from tenant_service.statistics import queries as statistics
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import queries, service
from tenant_service.venues.models import SeenVenueRow
from tenant_service.venues.queries import Wanted
from tenant_service.venues.rules import EACH_TOWN_HAS
from tenant_service.venues.service import Draft
from tests.tenant_service import places

# Figures are the same on both databases; the rooms' other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SINCE, TODAY = dt.date(2025, 1, 1), dt.date(2026, 4, 1)
CLERK = places.staff(places.JIASHAN, Role.CLERK)
Told = tuple[str, VenueKind, str | None, VenueType | None, str | None]
"""A venue: its name, kind, area, type and brand."""


def areas(units: Units, kind: UnitKind, names: Sequence[str]) -> list[str]:
    with units.write() as unit:
        return [
            unit_service.add_unit(unit, CLERK, places.directory(), UnitDraft(name, kind, since=SINCE), []).id
            for name in names
        ]


def stand(units: Units, told: Sequence[Told]) -> list[str]:
    with units.write() as unit:
        return [
            service.add(
                unit, CLERK, places.directory(),
                Draft(name, kind, "一号", type=type, brand=brand, area_id=area, opened_on=SINCE), [],
            ).id
            for name, kind, area, type, brand in told
        ]  # fmt: skip


def covered(
    units: Units, towns: Sequence[str], kinds: Sequence[VenueKind], day: dt.date = TODAY
) -> dict[str, set[VenueKind]]:
    with units.read() as unit:
        return queries.covered_areas(unit.session, towns, day, kinds)


def found(units: Units, wanted: Wanted) -> list[VenueRecord]:
    with units.read() as unit:
        return queries.listed(unit.session, CLERK, wanted, VenueOrder.SORT_KEY_ASC, 200, None).rows


def figure(units: Units, code: IndicatorCode) -> Counter[str]:
    """What the indicator says of today, by kind."""
    with units.read() as unit:
        [value] = statistics.counted(unit, COUNTING, [code], TODAY, TODAY)
    return Counter({kind: numbers[TODAY.day - 1] for kind, numbers in value.days.items()})


@pytest.mark.seed(26)
def test_191_of_191_towns_have_all_three_and_without_one_studio_it_is_190_and_named(units: Units) -> None:
    towns = areas(units, UnitKind.TOWN, [f"镇街{n}" for n in range(191)])
    made = stand(
        units, [(f"{kind.label}{n}", kind, town, None, None) for n, town in enumerate(towns) for kind in EACH_TOWN_HAS]
    )
    three = covered(units, towns, EACH_TOWN_HAS)
    assert [sum(kind in has for has in three.values()) for kind in EACH_TOWN_HAS] == [191, 191, 191]
    assert figure(units, IndicatorCode.AREAS_COVERED).total() == figure(units, IndicatorCode.AREAS).total() == 191
    studio = made[7 * len(EACH_TOWN_HAS) + EACH_TOWN_HAS.index(VenueKind.STUDIO)]
    with units.write() as unit:
        service.move(unit, CLERK, studio, VenueState.CLOSED, TODAY)
    three = covered(units, towns, EACH_TOWN_HAS)
    assert [town for town, has in three.items() if VenueKind.STUDIO not in has] == [towns[7]]
    assert figure(units, IndicatorCode.AREAS_COVERED).total() == 190
    assert figure(units, IndicatorCode.AREAS).total() == 191
    yesterday = covered(units, towns, EACH_TOWN_HAS, TODAY - dt.timedelta(days=1))
    assert all(len(has) == 3 for has in yesterday.values()), "what it was is not changed by what it is"


@pytest.mark.seed(28, 43)
def test_7_streets_120_villages_and_22_towns_are_covered_each_by_its_own_kind(units: Units) -> None:
    streets = areas(units, UnitKind.TOWN, [f"街道{n}" for n in range(7)])
    villages = areas(units, UnitKind.COMMUNITY, [f"村{n}" for n in range(120)])
    towns = areas(units, UnitKind.TOWN, [f"镇{n}" for n in range(22)])
    for kind, where in ((VenueKind.HALL, streets), (VenueKind.POST, villages), (VenueKind.PARTY_PLACE, towns)):
        stand(units, [(f"{kind.label}{n}", kind, area, None, None) for n, area in enumerate(where)])
        assert covered(units, where, [kind]) == {area: {kind} for area in where}
    assert not any(covered(units, streets, [VenueKind.POST]).values()), "a hall is no post"
    open_now = figure(units, IndicatorCode.VENUES_OPEN)
    assert [open_now[kind] for kind in (VenueKind.HALL, VenueKind.POST, VenueKind.PARTY_PLACE)] == [7, 120, 22]


@pytest.mark.seed(29)
def test_platforms_are_told_by_the_seven_types(units: Units) -> None:
    stand(units, [
        (f"{type.label}{n}", VenueKind.POST, None, type, None) for n, type in enumerate(VenueType) for n in range(n + 1)
    ])  # fmt: skip
    told = {type: len(found(units, Wanted(types=[type]))) for type in VenueType}
    assert list(told.values()) == [1, 2, 3, 4, 5, 6, 7]
    assert len(VenueType) == 7


@pytest.mark.seed(30, 31, 33)
def test_a_brand_is_a_label_and_never_a_kind(units: Units) -> None:
    brands = ["樟树下议事", "红茶议事会", "请你来协商·有事好商量", "青春议事厅", "万市好商量"]
    stand(units, [(f"{brand}（驿站）", VenueKind.POST, None, None, brand) for brand in brands])
    industry = ["医·企议", "芯智造", "智立方"]
    stand(units, [(f"{brand}委员工作室", VenueKind.STUDIO, None, VenueType.PARK, brand) for brand in industry])
    stand(units, [("钱塘荟", VenueKind.PRACTICE_CENTRE, None, None, "钱塘荟")])
    for brand in (*brands, *industry, "钱塘荟"):
        assert [each.brand for each in found(units, Wanted(brand=brand))] == [brand]
    studios = found(units, Wanted(kinds=[VenueKind.STUDIO], types=[VenueType.PARK]))
    assert {each.brand for each in studios} == set(industry)
    open_now = figure(units, IndicatorCode.VENUES_OPEN)
    assert (open_now[VenueKind.POST], open_now[VenueKind.STUDIO], open_now[VenueKind.PRACTICE_CENTRE]) == (5, 3, 1)


@pytest.mark.seed(35, 39)
def test_242_stations_and_reading_places_are_counted_from_their_rows(units: Units) -> None:
    stand(units, [(f"委员工作站{n}", VenueKind.STUDIO, None, None, None) for n in range(242)])
    reading = {"读书中心": 4, "界别读书室": 5, "读书点": 21}
    stand(units, [
        (f"{brand}{n}", VenueKind.READING_ROOM, None, None, brand)
        for brand, number in reading.items() for n in range(number)
    ])  # fmt: skip
    assert figure(units, IndicatorCode.VENUES_OPEN) == {VenueKind.STUDIO: 242, VenueKind.READING_ROOM: 30}
    assert {brand: len(found(units, Wanted(brand=brand))) for brand in reading} == reading


@pytest.mark.seed(34)
def test_a_citys_studio_in_our_county_is_shown_as_the_citys_and_counted_there(units: Units) -> None:
    stand(units, [("企智创", VenueKind.STUDIO, None, None, "企智创")])
    with units.write() as unit:
        unit.session.add(SeenVenueRow(
            id=f"{places.JIAXING}.venue.{'7' * 32}", committee_id=places.JIAXING, name="市政协委员工作室（装备制造）",
            sort_key="shi", kind=VenueKind.STUDIO, type=VenueType.PARK, brand=None, state=VenueState.OPEN,
            area="嘉善县罗星街道", area_id=None, address="一号", seats=None, opened_on=SINCE, closed_on=None,
            parent_id=None, channels=["o"], as_of=unit.now,
        ))  # fmt: skip
    with units.read() as unit:
        theirs = queries.listed(
            unit.session, CLERK, Wanted(), VenueOrder.SORT_KEY_ASC, 50, None, [places.JIAXING]
        ).rows  # fmt: skip
    assert [(each.committee_id, each.area) for each in theirs] == [(places.JIAXING, "嘉善县罗星街道")]
    assert figure(units, IndicatorCode.VENUES_OPEN) == {VenueKind.STUDIO: 1}
