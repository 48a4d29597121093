"""What committees publish of their activities is entered, found and counted here as they count it."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from sync.contract.instants import SHANGHAI
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityOrder
from sync.contract.shapes.requests import RequestKind, RequestRecord
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service, figures_queries, queries, service
from tenant_service.activities.queries import Wanted
from tenant_service.activities.service import Draft, Report
from tenant_service.attendance import asking_service
from tenant_service.attendance import queries as lists
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, new_person

K = ActivityKind
SINCE, UNTIL = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


class Year:
    """Jiashan's year: what was held is entered with its report and signed."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> None:
        self.units, self.directory, self.clerk, self.secretary = units, directory, clerk, secretary
        self.day = dt.datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)

    def held(self, kind: ActivityKind, title: str = "活动", report: Report | None = None, **more: Any) -> str:
        """On the next day; its id."""
        self.day += dt.timedelta(hours=1)
        draft, what = Draft(title, kind, self.day, "嘉善", **more), report or Report(0, leader_present=False)

        def made(unit: Unit) -> str:
            id = backfill_service.backfill(unit, self.clerk, self.directory, draft, what, "汇总补录", []).id
            service.sign_off(unit, self.secretary, id, unclassified=True)
            return id

        return str(act(self.units, made))

    def by_kind(self) -> Counter[str]:
        with self.units.read() as unit:
            found = figures_queries.daily(unit.session, IndicatorCode.ACTIVITIES_HELD, SINCE, UNTIL)
        return sum((Counter({each.kind: each.number}) for each in found), Counter[str]())

    def listed(self, **wanted: Any) -> list[str]:
        with self.units.read() as unit:
            order = ActivityOrder.STARTS_AT_ASC
            page = queries.listed(unit.session, self.clerk, Wanted(**wanted), order, 200, None)
            return [row.title for row in page.rows]


@pytest.fixture
def year(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Year:
    return Year(units, directory, clerk, secretary)


@pytest.mark.seed(2)
def test_online_and_remote_sessions_are_counted_by_themselves(year: Year) -> None:
    for _ in range(3):
        year.held(K.ONLINE_DELIBERATION, format=ActivityFormat.ONLINE)
    for _ in range(2):
        year.held(K.REMOTE_CONSULTATION, format=ActivityFormat.HYBRID)
    year.held(K.THEMATIC_CONSULTATION)
    found = year.by_kind()
    assert (found["ONLINE_DELIBERATION"], found["REMOTE_CONSULTATION"], found.total()) == (3, 2, 6)


@pytest.mark.seed(4)
def test_party_building_is_a_kind_of_activity_with_its_brand(year: Year) -> None:
    year.held(K.PARTY, "党建联建", series="同心同杭", organizer="政协机关党总支、民盟、民建支部")
    year.held(K.STUDY, "读书班")
    assert year.listed(kinds=(K.PARTY,), series="同心同杭") == ["党建联建"]
    assert year.by_kind()["PARTY"] == 1


@pytest.mark.seed(8)
@pytest.mark.practice(9)
def test_any_member_chooses_any_activity_and_sign_ups_are_counted_for_each(
    units: Units, year: Year, clerk: Actor, secretary: Actor, directory: Directory
) -> None:
    """Those of committees and of sectors alike, published with sign-up."""
    starts = places.SPRING + dt.timedelta(days=7)

    def published(organizer: str) -> str:
        def made(unit: Unit) -> str:
            draft = Draft("活动", K.INSPECTION, starts, "罗星", organizer=organizer, sign_up_until=starts)
            id = service.draft(unit, clerk, directory, draft, []).id
            service.submit(unit, clerk, id)
            service.sign_off(unit, secretary, id, unclassified=True)
            return id

        return str(act(units, made))

    ids = [published(each) for each in ("经科委", "农业界", "教育界")]
    people = [new_person(units, clerk, f"委员{n}") for n in "甲乙丙丁戊"]
    for activity, count in zip(ids, (5, 2, 0), strict=True):
        for who in people[:count]:
            act(units, lambda unit, who=who, activity=activity: _signs_up(unit, who, activity))  # type: ignore[misc]
    with units.read() as unit:
        assert [lists.taken(unit.session, id) for id in ids] == [5, 2, 0]


def _signs_up(unit: Unit, who: str, activity: str) -> object:
    asked = RequestRecord(
        id=unit.new_id("request"), committee_id=places.JIASHAN, to_id=places.JIASHAN,  # type: ignore[arg-type]
        kind=RequestKind.SIGN_UP, subject_id=activity, person_id=who, person_name="委员", text=None,  # type: ignore[arg-type]
        detail=None, asked_at=unit.now,
    )  # fmt: skip
    return asking_service.HANDLERS[RequestKind.SIGN_UP](unit, asked)


@pytest.mark.seed(57)
@pytest.mark.practice(9)
def test_standing_committee_meetings_on_a_theme_are_found_in_a_row(year: Year) -> None:
    for title in ("专题议政：营商环境", "专题议政：共同富裕"):
        year.held(K.STANDING_COMMITTEE, title)
    year.held(K.CHAIRS_MEETING, "主席会议")
    assert year.listed(kinds=(K.STANDING_COMMITTEE,)) == ["专题议政：营商环境", "专题议政：共同富裕"]
    assert year.by_kind()["STANDING_COMMITTEE"] == 2


@pytest.mark.seed(60)
def test_a_format_joins_units_of_several_kinds_and_committees_as_hosts(year: Year) -> None:
    id = year.held(
        K.SECTOR_CONSULTATION, "界别进驿站联动协商", organizer="经济界、城东驿站、企业家委员工作室、民建支部",
        series="政企协商会", host_ids=(places.JIAXING,),
    )  # fmt: skip
    with year.units.read() as unit:
        row = queries.ours(unit.session, id).record()
    assert row.host_ids == [places.JIASHAN, places.JIAXING]
    assert row.organizer is not None
    assert len(row.organizer.split("、")) == 4
    assert year.by_kind()["SECTOR_CONSULTATION"] == 1, "each host counts it once"


@pytest.mark.seed(63)
def test_the_chair_records_what_came_of_a_session(year: Year) -> None:
    report = Report(
        32, leader_present=True, suggestions=("加装路灯", "增设公交站"), text="协商结果：两项建议转有关部门。"
    )
    id = year.held(K.HALL_SESSION, "基层协商", report)
    with year.units.read() as unit:
        row = queries.ours(unit.session, id).record()
    assert (row.suggestions, row.report) == (["加装路灯", "增设公交站"], "协商结果：两项建议转有关部门。")


@pytest.mark.seed(66)
def test_series_are_parts_of_the_128_sessions_of_the_practice_center(year: Year) -> None:
    series = {"学习二十大、委员进中心、履职为人民": 20, "求是讲堂": 12, "文艺大咖说": 8, "界别活动周": 30}
    for name, times in series.items():
        for number in range(1, times + 1):
            year.held(K.LECTURE, f"{name}第{number}期", series=name, issue_no=number)
    for _ in range(128 - sum(series.values())):
        year.held(K.HALL_SESSION)
    assert {name: len(year.listed(series=name)) for name in series} == series
    assert year.by_kind().total() == 128


@pytest.mark.seed(102)
@pytest.mark.practice(9)
def test_study_is_of_several_kinds(year: Year) -> None:
    year.held(K.READING, "主席暑期读书会")
    year.held(K.STUDY, "第一议题")
    year.held(K.PARTY, "专题党课")
    assert year.by_kind() == Counter({"READING": 1, "STUDY": 1, "PARTY": 1})


@pytest.mark.seed(103)
@pytest.mark.practice(9)
def test_visits_to_members_and_a_liaison_trip_of_a_week_are_activities(year: Year) -> None:
    year.held(K.VISIT, "谈心谈话")
    year.held(K.VISIT, "走访委员")
    begin = places.SPRING + dt.timedelta(days=7)  # 2–8 November, as published

    def trip(unit: Unit) -> str:
        draft = Draft("港澳团结联谊", K.VISIT, begin, "香港、澳门", ends_at=begin + dt.timedelta(days=6))
        return service.draft(unit, year.clerk, year.directory, draft, []).id

    id = act(year.units, trip)
    with year.units.read() as unit:
        row = queries.ours(unit.session, id)
    assert row.ends_at
    assert (row.ends_at - row.starts_at).days == 6
    assert year.by_kind() == Counter({"VISIT": 2}), "what is only planned counts nowhere"


@pytest.mark.practice(9)
def test_every_kind_of_meeting_that_committees_hold_is_on_the_list() -> None:
    meetings = {
        "全体会议", "常委会会议", "主席会议", "秘书长会议", "专委会会议", "专题协商", "双月协商", "对口协商",
        "界别协商", "提案办理协商", "远程协商", "网络议政",
    }  # fmt: skip
    beside = {"民生议事堂协商", "视察", "民主监督", "学习培训", "服务日", "沙龙", "走访联谊", "论坛"}
    assert meetings | beside <= {kind.label for kind in ActivityKind}
