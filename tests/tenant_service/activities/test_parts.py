"""A plenary has parts with lists of their own; figures count the meeting once, and everybody once who was at a part."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select

from sync.contract.errors import Code
from sync.contract.shapes.activities import ActivityKind, ActivityPart, ActivityState
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Directory
from tenant_service.activities import figures_queries, queries, rules, service
from tenant_service.activities.rules import HalfDay
from tenant_service.activities.service import Draft, Report
from tenant_service.attendance import crediting, personal
from tenant_service.attendance import queries as lists
from tenant_service.attendance import seating_service as seating
from tenant_service.attendance import service as attendance
from tenant_service.attendance.models import ParticipationRow
from tenant_service.attendance.service import Invited
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.files.queries import may_open
from tenant_service.files.rules import FileKind
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as queries_of_ledger
from tenant_service.performance.ledger_service import Credit
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.rooms import OPENS
from tenant_service.storage.personal import Whom, declared
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import act, new_person, refused

FIRST = dt.datetime(2026, 4, 7, 1, tzinfo=dt.UTC)  # 9:00 in Shanghai
PARTS = (
    (ActivityPart.REGISTRATION, 0), (ActivityPart.OPENING, 5), (ActivityPart.GROUP, 24), (ActivityPart.CLOSING, 53)
)  # fmt: skip
"""Hours behind the begin: the first morning and afternoon, the second morning, the third afternoon."""


class Plenary:
    """A plenary of three days with four parts and three members, signed and to come."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> None:
        self.units, self.directory, self.clerk, self.secretary = units, directory, clerk, secretary
        self.id = self.signed(FIRST, ends_at=FIRST + dt.timedelta(days=2, hours=8))
        self.parts = [self.signed(FIRST + dt.timedelta(hours=h), parent_id=self.id, part=part) for part, h in PARTS]
        self.people = [new_person(units, clerk, name) for name in ("赵一", "钱二", "孙三")]
        for who in self.people:
            self.do(lambda unit, who=who: attendance.invite(unit, clerk, self.id, Invited(who, "委员")))

    def do(self, what: Any) -> Any:
        return act(self.units, what)

    def draft(self, at: dt.datetime, **more: Any) -> Draft:
        return Draft("十届二次全体会议", ActivityKind.PLENARY, at, "县会展中心", **more)

    def signed(self, at: dt.datetime, **more: Any) -> str:
        def made(unit: Unit) -> str:
            id = service.draft(unit, self.clerk, self.directory, self.draft(at, **more), []).id
            service.submit(unit, self.clerk, id)
            service.sign_off(unit, self.secretary, id, unclassified=True)
            return id

        return str(self.do(made))

    def comes(self, who: int, part: int) -> None:
        guest = Invited(self.people[who], "委员")
        self.do(lambda unit: attendance.check_in_by_list(unit, self.clerk, self.parts[part], guest))

    def figure(self, code: IndicatorCode) -> int:
        with self.units.read() as unit:
            since, until = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
            return sum(each.number for each in figures_queries.daily(unit.session, code, since, until))

    def states(self, id: str) -> dict[str, At]:
        with self.units.read() as unit:
            return {row.participant: row.state for row in lists.of_activity(unit.session, self.clerk, id)}


@pytest.fixture
def plenary(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Plenary:
    return Plenary(units, directory, clerk, secretary)


def held(plenary: Plenary, clock: places.Clock) -> None:
    """The first was at all parts, the second at the opening alone, the third at none."""
    clock.now = FIRST + dt.timedelta(days=2, hours=7)
    for part in range(len(PARTS)):
        _at(plenary, clock, part)
        plenary.comes(0, part)
    _at(plenary, clock, 1)
    plenary.comes(1, 1)
    clock.now = FIRST + dt.timedelta(days=3)
    plenary.do(lambda unit: attendance.close(unit, plenary.clerk, plenary.id, Report(5, leader_present=True)))


def _at(plenary: Plenary, clock: places.Clock, part: int) -> None:
    clock.now = FIRST + dt.timedelta(hours=PARTS[part][1])


@pytest.mark.practice(9)
def test_a_plenary_counts_once_with_everybody_who_was_at_any_part(plenary: Plenary, clock: places.Clock) -> None:
    held(plenary, clock)
    assert plenary.figure(IndicatorCode.ACTIVITIES_HELD) == 1
    assert plenary.figure(IndicatorCode.LEADER_ATTENDED) == 1
    assert plenary.figure(IndicatorCode.MEMBER_TIMES) == 2
    assert plenary.figure(IndicatorCode.PUBLIC_TIMES) == 5


@pytest.mark.practice(9)
def test_presence_stands_at_each_half_day_and_at_the_whole(plenary: Plenary, clock: places.Clock) -> None:
    held(plenary, clock)
    first, second, third = plenary.people
    with plenary.units.read() as unit:
        parts = queries.parts(unit.session, plenary.id)
    assert [rules.half_day(part.starts_at) for part in parts] == [
        HalfDay.MORNING, HalfDay.AFTERNOON, HalfDay.MORNING, HalfDay.AFTERNOON,
    ]  # fmt: skip
    assert {part.state for part in parts} == {ActivityState.CLOSED}
    absent = {second: At.ABSENT, third: At.ABSENT}
    assert [plenary.states(id) for id in plenary.parts] == [
        {first: At.PRESENT} | absent, {first: At.PRESENT, second: At.PRESENT, third: At.ABSENT},
        {first: At.PRESENT} | absent, {first: At.PRESENT} | absent,
    ]  # fmt: skip
    assert plenary.states(plenary.id) == {first: At.PRESENT, second: At.PRESENT, third: At.ABSENT}


def credited(plenary: Plenary, who: int) -> list[tuple[Deed, str, dt.date, bool]]:
    """Deed, record and day of each line of somebody, and whether it takes another one back."""
    with plenary.units.read() as unit:
        rows = unit.session.scalars(select(LedgerRow).where(LedgerRow.person_id == plenary.people[who]))
        return [(row.deed, row.subject, row.day, row.counters_id is not None) for row in rows]


def test_whoever_came_to_any_half_day_is_credited_with_the_meeting_once(plenary: Plenary, clock: places.Clock) -> None:
    held(plenary, clock)
    line = (Deed.MEETING, plenary.id, FIRST.date(), False)
    assert [credited(plenary, who) for who in range(3)] == [[line], [line], []]
    assert plenary.do(crediting.catch_up) == 0


def test_lines_of_each_half_day_are_settled_into_one_of_the_meeting(plenary: Plenary, clock: places.Clock) -> None:
    """As a release wrote them that did not know parts."""
    held(plenary, clock)

    def as_before(unit: Unit) -> None:
        unit.session.execute(delete(LedgerRow))
        for id in (plenary.id, *plenary.parts):
            row = lists.row_for(unit.session, id, plenary.people[0])
            assert row
            ledger.append(unit, plenary.people[0], row.id, 1, Credit(Deed.MEETING, FIRST.date(), "全会"))

    plenary.do(as_before)
    assert plenary.do(crediting.catch_up) == 5 + 1 + 1
    assert plenary.do(crediting.catch_up) == 0
    with plenary.units.read() as unit:
        assert [queries_of_ledger.deeds(unit.session, who, 2026) for who in plenary.people] == [
            {Deed.MEETING: 1}, {Deed.MEETING: 1}, {},
        ]  # fmt: skip


def test_a_corrected_half_day_is_taken_back_only_when_it_was_the_last(plenary: Plenary, clock: places.Clock) -> None:
    held(plenary, clock)

    def absent(who: int, id: str) -> None:
        def act(unit: Unit) -> None:
            row = lists.row_for(unit.session, id, plenary.people[who])
            assert row
            attendance.correct(unit, plenary.clerk, row.id, At.ABSENT, "签到表有误")

        plenary.do(act)

    absent(0, plenary.parts[2])
    assert len(credited(plenary, 0)) == 1
    absent(1, plenary.parts[1])
    absent(1, plenary.id)
    assert [taken for *_, taken in credited(plenary, 1)] == [False, True]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_member_sees_the_own_half_days(
    plenary: Plenary, clock: places.Clock, anybody: Callable[..., Browser]
) -> None:
    held(plenary, clock)
    page = anybody(Role.MEMBER, name="qianer", person=plenary.people[1]).go(f"/activities/{plenary.id}").text
    half_days = page.split('id="my-half-days"')[1].split("</ul>")[0]
    assert re.findall(r"(上午|下午).*?tag\">(\w+)", half_days) == [
        ("上午", "缺席"), ("下午", "出席"), ("上午", "缺席"), ("下午", "缺席")
    ]  # fmt: skip


def test_where_an_erased_person_sat_is_told_before_and_gone_after(plenary: Plenary) -> None:
    who = plenary.people[0]
    plenary.do(lambda unit: seating.seat(unit, plenary.clerk, plenary.id, [f"{who}，第一组，3排5座"]))
    with plenary.units.read() as unit:
        told = [each.values for each in personal.about(unit.session, Whom(who, "赵一"))]
        assert [(each["group_name"], each["seat"]) for each in told if each.get("seat")] == [("第一组", "3排5座")]
    plenary.do(lambda unit: personal.erase(unit, Whom(who, "赵一")))
    with plenary.units.read() as unit:
        assert lists.seat_of(unit.session, plenary.id, who) == ""
    kept = {(table, column) for table, column, _ in declared(ParticipationRow.metadata)}
    assert {("participation", "group_name"), ("participation", "seat")} <= kept


def test_a_part_lies_within_its_meeting_and_has_no_parts(plenary: Plenary, directory: Directory) -> None:
    def adds(**more: Any) -> Any:
        at = more.pop("at", FIRST)
        return lambda unit: service.draft(unit, plenary.clerk, directory, plenary.draft(at, **more), [])

    part = ActivityPart.SESSION
    refused(plenary.units, Code.BAD_TIME, adds(at=FIRST + dt.timedelta(days=3), parent_id=plenary.id, part=part))
    refused(plenary.units, Code.BAD_VALUE, adds(parent_id=plenary.parts[0], part=part))
    refused(plenary.units, Code.NOT_FOUND, adds(parent_id=f"{places.JIASHAN}.activity.{'0' * 32}", part=part))


def test_a_meeting_is_not_closed_before_its_last_part_has_begun(plenary: Plenary, clock: places.Clock) -> None:
    clock.now = FIRST + dt.timedelta(hours=2)
    report = Report(0, leader_present=False)
    refused(plenary.units, Code.BAD_TIME, lambda unit: attendance.close(unit, plenary.clerk, plenary.id, report))


def test_a_cancelled_meeting_takes_its_parts_along(plenary: Plenary) -> None:
    plenary.do(lambda unit: service.cancel(unit, plenary.clerk, plenary.id, "台风"))
    with plenary.units.read() as unit:
        parts = queries.parts(unit.session, plenary.id)
    assert {(part.state, part.change_note) for part in parts} == {(ActivityState.CANCELLED, "台风")}


@pytest.mark.practice(9)
def test_groups_and_seats_are_said_for_who_is_on_the_list(plenary: Plenary) -> None:
    def seats(*lines: str) -> Any:
        return lambda unit: seating.seat(unit, plenary.clerk, plenary.id, lines)

    first, second, _ = plenary.people
    plenary.do(seats(f"{first}，第一组，3排5座", f"{second} - 3排6座"))
    with plenary.units.read() as unit:
        assert [lists.seat_of(unit.session, plenary.id, who) for who in (first, second)] == ["第一组 3排5座", "3排6座"]
    refused(plenary.units, Code.BAD_VALUE, seats("无此人 第一组 1座"))
    refused(plenary.units, Code.BAD_VALUE, seats())


@pytest.mark.practice(9)
def test_papers_are_opened_by_participants_alone_and_only_while_they_are_open(plenary: Plenary) -> None:
    def attach(unit: Unit) -> None:
        unit.session.add(FileBytesRow(digest="d", data=b"paper"))
        unit.session.flush()
        for subject in (plenary.id, plenary.parts[0]):
            unit.session.add(FileRow(
                id=unit.new_id("file"), subject=subject, name="工作报告.pdf", kind=next(iter(FileKind)), size=1,
                width=None, height=None, digest="d", by_reporter=False, sub="clerk", added_at=unit.now,
                added_on=unit.now.date(),
            ))  # fmt: skip

    guest = places.staff(places.JIASHAN, Role.MEMBER, person=plenary.people[0])
    other = places.staff(places.JIASHAN, Role.MEMBER, person=new_person(plenary.units, plenary.clerk, "李四"))
    plenary.do(attach)

    def opened(who: Actor) -> list[bool]:
        with plenary.units.read() as unit:
            return [may_open(unit.session, who, id, OPENS) for id in (plenary.id, plenary.parts[0])]

    assert [opened(who) for who in (plenary.clerk, guest, other)] == [[True] * 2, [False] * 2, [False] * 2]
    for id in (plenary.id, plenary.parts[0]):
        plenary.do(lambda unit, id=id: service.open_papers(unit, plenary.clerk, id, are_open=True))
    assert [opened(who) for who in (guest, other)] == [[True] * 2, [False] * 2]
    plenary.do(lambda unit: service.open_papers(unit, plenary.clerk, plenary.id, are_open=False))
    assert opened(guest) == [False, True]
    refused(plenary.units, Code.FORBIDDEN, lambda unit: service.open_papers(unit, guest, plenary.id, are_open=True))
