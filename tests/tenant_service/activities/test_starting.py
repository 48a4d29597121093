"""A member starts a meeting online, which somebody signs; what recurs is drafted ahead, each with its number."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI, day_of
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityState
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Directory
from tenant_service.activities import figures_queries, queries, rules, service, starting_service
from tenant_service.activities.service import Draft, Report
from tenant_service.attendance import service as attendance
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, new_person, refused
from tests.tenant_service.notifications.office import Office
from tests.tenant_service.told import told

SALON = Draft(
    "数字经济云沙龙", ActivityKind.SALON, places.SPRING + dt.timedelta(days=3), "会议号 123-456",
    format=ActivityFormat.HYBRID,
)  # fmt: skip


@pytest.fixture
def member(units: Units, clerk: Actor) -> Actor:
    office = Office(units, clerk)
    return office.account("zhengsi", Role.MEMBER, person=office.person("郑四"))


@pytest.mark.seed(9)
def test_a_member_starts_a_cloud_meeting_that_is_online_and_onsite_in_parallel(
    units: Units, directory: Directory, secretary: Actor, member: Actor
) -> None:
    made = act(units, lambda unit: starting_service.start(unit, member, directory, SALON))
    assert (made.is_by_member, made.format, made.state) == (True, ActivityFormat.HYBRID, ActivityState.DRAFT)
    other = places.staff(places.JIASHAN, Role.MEMBER, person=f"{places.JIASHAN}.person.{'9' * 32}")
    with units.read() as unit:
        seen = [queries.one(unit.session, who, made.id) for who in (member, other, nobody(places.JIASHAN))]
    assert [each is not None for each in seen] == [True, False, False], "nobody else before it is signed"
    act(units, lambda unit: service.sign_off(unit, secretary, made.id, unclassified=True))
    with units.read() as unit:
        row = queries.one(unit.session, other, made.id)
    assert row
    assert (row.state, row.is_by_member) == (ActivityState.PUBLISHED, True)
    assert Office(units, secretary).inbox(member) == ["您发起的会议已签发：数字经济云沙龙"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"format": ActivityFormat.ONSITE}, Code.BAD_VALUE), ({"kind": ActivityKind.PLENARY}, Code.BAD_VALUE),
        ({"title": "【机密】"}, Code.CLASSIFIED),
    ],
)  # fmt: skip
def test_what_a_member_may_not_start_is_refused(
    units: Units, directory: Directory, member: Actor, changed: Any, code: Code
) -> None:
    refused(units, code, lambda unit: starting_service.start(unit, member, directory, replace(SALON, **changed)))
    clerk = places.staff(places.JIASHAN, Role.CLERK)
    refused(units, Code.FORBIDDEN, lambda unit: starting_service.start(unit, clerk, directory, SALON))
    assert not [event for event in told(units) if "activity" in event.record]


# ── what recurs ──

REPORT = Report(0, leader_present=False)
GRID_DAY = Draft(
    "网格服务日", ActivityKind.SERVICE_DAY, dt.datetime(2026, 1, 25, 9, tzinfo=SHANGHAI), "各网格",
    series="网格服务日", issue_no=1, recurrence="FREQ=MONTHLY;BYMONTHDAY=25",
)  # fmt: skip


@pytest.mark.seed(98)
def test_the_grid_service_day_is_the_25th_of_each_month_and_participation_is_counted_by_month(
    units: Units, directory: Directory, clerk: Actor, secretary: Actor, clock: places.Clock
) -> None:
    first = act(units, lambda unit: service.draft(unit, clerk, directory, GRID_DAY, []))
    until = dt.date(2026, 12, 31)
    more = act(units, lambda unit: starting_service.repeat(unit, clerk, directory, first.id, until))
    every = [first, *more]
    assert [day_of(each.starts_at) for each in every] == [dt.date(2026, month, 25) for month in range(1, 13)]
    assert [each.issue_no for each in every] == list(range(1, 13))
    people = [new_person(units, clerk, f"委员{n}") for n in "甲乙丙"]
    for month, each in enumerate(every[:3], 1):
        act(units, lambda unit, id=each.id: service.submit(unit, clerk, id))  # type: ignore[misc]
        act(units, lambda unit, id=each.id: service.sign_off(unit, secretary, id, unclassified=True))  # type: ignore[misc]
        clock.now = each.starts_at + dt.timedelta(hours=3)
        guests = [Invited(who, "委员") for who in people[:month]]
        act(units, lambda unit, id=each.id, of=guests: attendance.enter_list(unit, clerk, id, of))  # type: ignore[misc]
        act(units, lambda unit, id=each.id: attendance.close(unit, clerk, id, REPORT))  # type: ignore[misc]
    with units.read() as unit:
        found = figures_queries.daily(unit.session, IndicatorCode.MEMBER_TIMES, dt.date(2026, 1, 1), until)
    assert {(each.day.month, each.number) for each in found} == {(1, 1), (2, 2), (3, 3)}


def test_the_same_months_are_not_drafted_twice(units: Units, directory: Directory, clerk: Actor) -> None:
    first = act(units, lambda unit: service.draft(unit, clerk, directory, GRID_DAY, []))
    until = dt.date(2026, 3, 31)
    repeat = starting_service.repeat
    made = act(units, lambda unit: repeat(unit, clerk, directory, first.id, until))
    refused(units, Code.BAD_TIME, lambda unit: repeat(unit, clerk, directory, made[-1].id, until))
    refused(units, Code.BAD_TIME, lambda unit: repeat(unit, clerk, directory, first.id, dt.date(2030, 1, 1)))
    plain = act(units, lambda unit: service.draft(unit, clerk, directory, replace(GRID_DAY, recurrence=None), []))
    refused(units, Code.BAD_VALUE, lambda unit: repeat(unit, clerk, directory, plain.id, until))


def test_a_month_without_that_day_is_left_out() -> None:
    days = rules.again(rules.monthly(dt.date(2026, 1, 31)), dt.date(2026, 1, 31), dt.date(2026, 6, 30))
    assert [day.month for day in days] == [3, 5]


def test_a_weekly_one_is_on_its_weekday() -> None:
    friday = dt.date(2026, 4, 3)
    assert rules.again(rules.weekly(friday), friday, dt.date(2026, 4, 20)) == [
        dt.date(2026, 4, 10), dt.date(2026, 4, 17)
    ]  # fmt: skip


@pytest.mark.parametrize("told_as", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYDAY=XX", "每月25日"])
def test_a_rule_that_no_committee_has_is_refused(told_as: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.recurrence(told_as)
    assert refusal.value.code is Code.BAD_VALUE
