"""Programmes of which committees have published figures: each is counted from rows, and comes to exactly that."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.programmes import ProgrammeKind, TargetMeasure
from tenant_service.programmes import progress_queries, progress_service, queries, rules
from tenant_service.programmes.descriptions import Draft, TaskDraft
from tenant_service.programmes.progress_service import Deed
from tenant_service.rooms import COUNTING
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.programmes.office import DAY, DOWN, FIVE, FIVE_ONES, KINDS, NANBU, SIX, Office, target
from tests.tenant_service.supervision.office import WORKS
from tests.tenant_service.supervision.office import Office as Supervision

# Counting is asked of both databases in test_progress; these are about what comes to how much.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


@pytest.mark.seed(107)
def test_hundreds_thousands_and_ten_thousands_are_counted_from_rows_beside_their_targets(office: Office) -> None:
    id = office.running(NANBU)
    visits = [Deed(1, DAY, f"企业{number}") for number in range(82)] + [Deed(1, DAY, "企业0")]
    farms = [Deed(2, DAY, f"农场{number}") for number in range(100)]
    contacts = [Deed(4, DAY) for _ in range(250)]
    office.enter(id, *visits, *farms, *contacts, Deed(6, DAY, "读书会", people=7_400), Deed(6, DAY, people=3_100))
    inspected = office.held(4, ActivityKind.INSPECTION, members_present=60, headcount=500)
    consulted = office.held(30, ActivityKind.HALL_SESSION, members_present=20, headcount=180)
    office.attach(id, *inspected, *consulted)
    assert office.progress(id) == {
        "走访企业": 82, "走访农场": 100, "视察": 240, "联系群众": 250, "小微协商": 6_000, "读者": 10_500,
    }  # fmt: skip
    with office.units.read() as unit:
        found = progress_queries.progress(unit, COUNTING, queries.ours(unit.session, id))
    assert [each.goal for each in found] == [100, 100, 1_000, 1_000, 10_000, 10_000]
    assert [each.share for each in found] == [0.82, 1.0, 0.24, 0.25, 0.6, 1.05]


@pytest.mark.seed(97)
def test_each_member_has_so_many_of_five(office: Office) -> None:
    id = office.running(FIVE_ONES)
    whole, some, none = (office.member(name) for name in ("张三丰", "李四光", "王五常"))
    for number in range(1, 6):
        with office.units.write() as unit:
            progress_service.enter(unit, whole, id, Deed(number, DAY, person_id=whole.person))
    office.enter(id, Deed(1, DAY, person_id=some.person), Deed(2, DAY, person_id=some.person))
    office.enter(id, Deed(2, DAY, person_id=some.person))
    with office.units.read() as unit:
        found = progress_queries.of_each_member(unit.session, queries.ours(unit.session, id), DAY)
    assert {each.person_id: (each.done, tuple(each.counts)) for each in found} == {
        whole.person: (5, (1, 1, 1, 1, 1)), some.person: (2, (1, 2, 0, 0, 0)), none.person: (0, (0, 0, 0, 0, 0)),
    }  # fmt: skip
    assert office.progress(id) == dict(zip(FIVE, (2, 2, 1, 1, 1), strict=True))


@pytest.mark.seed(64)
def test_six_measures_have_their_bodies_and_days_and_are_ticked_when_done(office: Office) -> None:
    id = office.running(SIX)
    for number in (1, 2, 3, 4):
        office.do(lambda unit, number=number: progress_service.tick(unit, office.clerk, id, number, DAY))  # type: ignore[misc]
    tasks = rules.tasks_of(office.row(id).record())
    assert [(each.unit, each.due) for each in tasks] == [
        (f"第{number}专委会", dt.date(2026, 6, number)) for number in range(1, 7)
    ]
    assert [each.number for each in tasks if each.done] == [1, 2, 3, 4]
    assert [each.number for each in tasks if each.is_open_after(dt.date(2026, 6, 6))] == [5]


@pytest.mark.seed(65)
def test_a_key_task_says_how_many_groups_departments_districts_towns_and_villages_it_reached(office: Office) -> None:
    targets = tuple(target(name, "个", goal, TargetMeasure.ENTRY_SUBJECTS) for name, goal in KINDS.items())
    id = office.running(Draft("低收入群体共同富裕", ProgrammeKind.SPECIAL, 2026, targets=targets))
    came = {"调研组": 14, "市直部门": 12, "区县": 13, "镇街": 23, "村": 54}
    for number, (name, many) in enumerate(came.items(), 1):
        office.enter(id, *(Deed(number, DAY, f"{name}{each}") for each in range(many)), Deed(number, DAY, f"{name}0"))
    assert office.progress(id) == came


@pytest.mark.seed(51)
def test_what_a_city_issues_a_district_joins_with_a_programme_of_its_own(office: Office) -> None:
    """The home part: one below another; how it travels is told in test_joining."""
    city = Draft("委员进社区", ProgrammeKind.SPECIAL, 2026, tasks=(TaskDraft("常委在行动"),))
    above = office.running(city, DOWN)
    below = office.running(replace(city, title="委员进社区（魏塘街道）", parent_id=above))
    with office.units.read() as unit:
        assert [each.id for each in queries.children(unit.session, office.clerk, above)] == [below]
    with pytest.raises(Refusal) as refusal:
        office.planned(replace(city, parent_id="330421.programme.0192f0c1d2e34567890abcdef0000001"))
    assert refusal.value.code is Code.NOT_FOUND


@pytest.mark.seed(90)
def test_supervision_of_a_citys_action_is_a_part_of_it(office: Office) -> None:
    supervising = target("民主监督", "项", 1, TargetMeasure.CAMPAIGNS)
    id = office.running(Draft("城市三大提升行动", ProgrammeKind.SPECIAL, 2026, targets=(supervising,)))
    supervision = Supervision.at(office.units)
    office.attach(id, supervision.running(WORKS), supervision.signed(WORKS))
    assert office.progress(id) == {"民主监督": 1}, "what did not begin does not count"


@pytest.mark.seed(99)
def test_services_for_founders_are_sessions_of_one_programme(office: Office) -> None:
    services = ("双创服务陪跑团", "青年企业家面对面", "委员结对园区送政策")
    id = office.running(Draft(
        "双创服务", ProgrammeKind.SPECIAL, 2026, tasks=tuple(map(TaskDraft, services)),
        targets=(target("服务", "场", 12, TargetMeasure.ACTIVITIES, "SERVICE_DAY"),),
    ))  # fmt: skip
    office.attach(id, *office.held(3, ActivityKind.SERVICE_DAY), *office.held(2, ActivityKind.SALON))
    assert office.progress(id) == {"服务": 3}


@pytest.mark.seed(100)
def test_a_pairing_with_a_township_says_who_went_to_whom_on_which_day(office: Office) -> None:
    pairing = Draft(
        "市联乡结村第四帮扶集团", ProgrammeKind.PAIRING, 2026,
        targets=(
            target("帮扶", "次", 20, TargetMeasure.ENTRIES), target("结对村", "个", 6, TargetMeasure.ENTRY_SUBJECTS),
        ),
    )  # fmt: skip
    id, member = office.running(pairing), office.member("赵六")
    office.enter(id, *(Deed(1, DAY, "威坪镇", member.person) for _ in range(3)))
    office.enter(id, *(Deed(2, DAY, village) for village in ("一村", "二村", "一村")))
    assert office.progress(id) == {"帮扶": 3, "结对村": 2}
    with office.units.read() as unit:
        gone = queries.entries(unit.session, id, person=member.person)
    assert [(each.day, each.subject) for each in gone] == [(DAY, "威坪镇")] * 3


@pytest.mark.seed(108)
def test_more_than_eighty_activities_serve_the_games(office: Office) -> None:
    id = office.running(Draft(
        "委员作贡献 服务亚运会", ProgrammeKind.SPECIAL, 2026,
        targets=(target("活动", "场", 80, TargetMeasure.ACTIVITIES),),
    ))  # fmt: skip
    ids = office.held(84)
    office.attach(id, *ids)
    assert office.progress(id) == {"活动": 84}
    office.do(lambda unit: progress_service.detach(unit, office.clerk, id, ids[0]))
    assert office.progress(id) == {"活动": 83}
