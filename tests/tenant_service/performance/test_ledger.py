"""One line for each deed, in the year in which it was done; what no longer holds is taken back by another line."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityPart, ActivityRecord, ActivityState
from sync.contract.shapes.participations import ParticipationRecord, ParticipationRole, ParticipationState
from tenant_service.activities.models import ActivityRow
from tenant_service.attendance import crediting
from tenant_service.attendance import queries as attendance_queries
from tenant_service.attendance import service as attendance
from tenant_service.exchange.copies import Seen
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import service
from tenant_service.performance.ledger_service import Credit
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.performance.service import Draft
from tenant_service.rooms import PEOPLE, projections
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.performance.ledger import LONG_AGO, Office

DAY = dt.date(2026, 4, 2)
ABROAD = f"{places.QINGPU}.participation.{'7' * 32}"
PROJECTIONS = projections(places.directory)
THERE = f"{places.QINGPU}.activity.{'8' * 32}"


def told(office: Office, person: str, state: ParticipationState, revision: int) -> None:
    """Qingpu tells us where one of ours stands on its list."""
    record = ParticipationRecord(
        id=ABROAD, committee_id=places.QINGPU, activity_id=THERE, person_id=person, home_id=places.JIASHAN,  # type: ignore[arg-type]
        role=ParticipationRole.SPEAKER, state=state, checked_in_at=places.SPRING, checked_out_at=None, reason=None,
        revision=revision,
    )  # fmt: skip
    heard = Seen(places.QINGPU, ABROAD, "participation", record, revision, places.SPRING, frozenset({"p"}))
    office.do(lambda unit: attendance.project(unit.session, heard))


def correct(office: Office, activity: str, person: str, to: ParticipationState) -> None:
    def act(unit: Unit) -> object:
        row = attendance_queries.row_for(unit.session, activity, person)
        assert row
        return attendance.correct(unit, office.clerk, row.id, to, "签到表有误")

    office.do(act)


def kept(office: Office) -> list[tuple[Deed, dt.date, bool]]:
    """Deed, day and whether it takes another one back, line by line."""
    return [(row.deed, row.day, row.counters_id is not None) for row in office.lines()]


def test_whoever_was_present_has_one_line_however_often_it_is_said(office: Office) -> None:
    person = office.person("郑四")
    activity = office.activity(ActivityKind.INVITED_CONSULTATION, "请你来协商·停车")
    office.later()
    office.attend(activity, person)
    office.attend(activity, person)
    row = office.do(lambda unit: attendance_queries.row_for(unit.session, activity, person))
    assert row
    office.do(lambda unit: attendance.check_out(unit, office.clerk, row.id))
    [line] = office.lines()
    assert (line.person_id, line.subject, line.deed, line.day) == (person, row.id, Deed.INVITED_CONSULTATION, DAY)
    assert (line.title, line.source, line.is_late, line.version) == ("请你来协商·停车", LedgerSource.HERE, False, 1)


def test_a_correction_is_a_counter_line_and_what_was_written_stays(office: Office) -> None:
    person, activity = office.person("郑四"), office.activity(ActivityKind.RESEARCH, "调研")
    office.later()
    office.attend(activity, person)
    [first] = office.lines()
    correct(office, activity, person, ParticipationState.ABSENT)
    assert kept(office) == [(Deed.RESEARCH, DAY, False), (Deed.RESEARCH, DAY, True)]
    assert office.lines()[1].counters_id == first.id
    assert not office.deeds(person)
    correct(office, activity, person, ParticipationState.PRESENT)
    assert [each.seq for each in office.lines()] == [1, 2, 3]
    assert office.deeds(person) == {Deed.RESEARCH: 1}


def test_attendance_abroad_is_credited_at_home_and_follows_what_is_told_of_the_activity(office: Office) -> None:
    person = office.person("郑四")
    told(office, person, ParticipationState.REGISTERED, 1)
    assert office.lines() == []
    told(office, person, ParticipationState.PRESENT, 2)
    told(office, person, ParticipationState.PRESENT, 2)
    [line] = office.lines()
    assert (line.deed, line.source, line.role) == (Deed.OTHER_ACTIVITY, LedgerSource.ABROAD, "SPEAKER")
    told(office, person, ParticipationState.ABSENT, 3)
    assert not office.deeds(person)
    assert len(office.lines()) == 2


MEETING, PARTS = f"{places.QINGPU}.activity.{'a' * 32}", [f"{places.QINGPU}.activity.{each * 32}" for each in "bc"]


def heard(office: Office, record: ActivityRecord | ParticipationRecord) -> None:
    """As a record of Qingpu's comes in, with whatever follows it."""
    kind = record.id.split(".")[1]
    seen = Seen(places.QINGPU, record.id, kind, record, record.revision, places.SPRING, frozenset({"x_1"}))
    office.do(lambda unit: PROJECTIONS[kind](unit.session, seen))


def meeting(id: str, parent: str | None = None, **more: Any) -> ActivityRecord:
    told_of = ActivityRecord(
        id=id, committee_id=places.QINGPU, title="三地联席会议", kind=ActivityKind.JOINT_SESSION,  # type: ignore[arg-type]
        format=ActivityFormat.ONSITE, state=ActivityState.PUBLISHED, starts_at=LONG_AGO, ends_at=None, place="青浦",
        venue_id=None, host_ids=[places.QINGPU], mechanism_id=None, series=None, issue_no=None, ordinal=None,  # type: ignore[list-item]
        organizer="", capacity=None, sign_up_until=None, leader_present=None, members_present=None, headcount=None,
        suggestions=None, report=None, backfilled=False, change_note=None, revision=1, changed_at=places.SPRING,
        parent_id=parent, part=ActivityPart.SESSION if parent else None,  # type: ignore[arg-type]
    )  # fmt: skip
    return dataclasses.replace(told_of, **more)


def came(person: str, part: int) -> ParticipationRecord:
    return ParticipationRecord(
        id=f"{places.QINGPU}.participation.{part:032x}", committee_id=places.QINGPU, activity_id=PARTS[part],  # type: ignore[arg-type]
        person_id=person, home_id=places.JIASHAN, role=ParticipationRole.ATTENDEE, state=ParticipationState.PRESENT,  # type: ignore[arg-type]
        checked_in_at=places.SPRING, checked_out_at=None, reason=None, revision=1,
    )  # fmt: skip


@pytest.mark.parametrize("order", range(3))
def test_a_meeting_abroad_is_one_deed_whatever_is_told_of_it_first(office: Office, order: int) -> None:
    person = office.person("郑四")
    lists = [came(person, part) for part in range(2)]
    parts, whole = [meeting(each, MEETING) for each in PARTS], [meeting(MEETING)]
    orders: list[list[Any]] = [[*lists, *parts, *whole], [*whole, *lists, *parts], [*parts, *whole, *lists]]
    for each in orders[order]:
        heard(office, each)
    assert office.deeds(person) == {Deed.MEETING: 1}
    gone = {row.counters_id for row in office.lines()}
    [line] = [row for row in office.lines() if row.id not in gone and not row.counters_id]
    assert (line.subject, line.source) == (MEETING, LedgerSource.ABROAD)
    assert office.do(crediting.catch_up) == 0
    heard(office, meeting(MEETING, state=ActivityState.CANCELLED, revision=2))
    assert office.deeds(person) == {}


def test_what_another_host_withdraws_from_us_stays_credited(office: Office) -> None:
    person = office.person("郑四")
    told(office, person, ParticipationState.PRESENT, 2)
    gone = Seen(places.QINGPU, ABROAD, "participation", None, 3, places.SPRING, frozenset())
    office.do(lambda unit: attendance.project(unit.session, gone))
    assert office.deeds(person) == {Deed.OTHER_ACTIVITY: 1}


def test_people_of_other_committees_are_left_to_their_home(office: Office) -> None:
    guest = f"{places.QINGPU}.person.{'1' * 32}"
    credit = Credit(Deed.MEETING, DAY, "联席会议")
    assert office.do(lambda unit: ledger.append(unit, guest, ABROAD, 1, credit)) is False
    assert office.do(lambda unit: ledger.settle(unit, guest, ABROAD, 1, [credit])) == 0
    assert office.lines() == []


def test_a_closed_year_takes_what_comes_late_and_marks_it(office: Office) -> None:
    person = office.person("郑四")
    december = Draft(person, Deed.SERVICE, dt.date(2025, 12, 30), "走访困难户")
    office.do(lambda unit: service.enter(unit, office.clerk, PEOPLE, december))
    office.do(lambda unit: service.close_year(unit, office.clerk, 2025))
    office.do(lambda unit: service.enter(unit, office.clerk, PEOPLE, december))
    assert [(row.day.year, row.is_late) for row in office.lines()] == [(2025, False), (2025, True)]
    assert office.deeds(person, 2025) == {Deed.SERVICE: 2}
    for year, code in ((2025, Code.ALREADY_DONE), (2026, Code.BAD_VALUE)):
        with pytest.raises(Refusal) as refusal, office.units.write() as unit:
            service.close_year(unit, office.clerk, year)
        assert refusal.value.code is code


def test_what_the_office_entered_it_takes_back_once_and_nothing_else(office: Office) -> None:
    person, activity = office.person("郑四"), office.activity(ActivityKind.STUDY, "学习")
    praise = Draft(person, Deed.AWARD, DAY.replace(day=1), "表扬")
    made = office.do(lambda unit: service.enter(unit, office.clerk, PEOPLE, praise))
    office.later()
    office.attend(activity, person)
    studied = office.lines()[-1]
    office.do(lambda unit: service.take_back(unit, office.clerk, made.id, "登记有误"))
    before = kept(office)
    for id, reason, code in (
        (made.id, "再次", Code.ALREADY_DONE), (studied.id, "有误", Code.OUT_OF_TURN), (made.id, " ", Code.ALREADY_DONE),
        ("nothing", "有误", Code.NOT_FOUND),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal, office.units.write() as unit:
            service.take_back(unit, office.clerk, id, reason)
        assert refusal.value.code is code
    assert kept(office) == before
    assert office.deeds(person) == {Deed.STUDY: 1}


@pytest.mark.parametrize(
    ("person", "day", "title", "code"),
    [
        (f"{places.JIASHAN}.person.{'9' * 32}", DAY, "值班", Code.NOT_FOUND),
        (None, dt.date(2027, 1, 1), "值班", Code.BAD_VALUE),
        (None, dt.date(2026, 3, 1), "", Code.BAD_VALUE),
        (None, dt.date(2026, 3, 1), "【机密】值班", Code.CLASSIFIED),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_line(
    office: Office, person: str | None, day: dt.date, title: str, code: Code
) -> None:
    who = person or office.person("郑四")
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: service.enter(unit, office.clerk, PEOPLE, Draft(who, Deed.DUTY, day, title)))
    assert refusal.value.code is code
    assert office.lines() == []


def test_what_was_there_before_the_ledger_is_caught_up_once(office: Office) -> None:
    persons = [office.person(name) for name in ("郑四", "王五")]
    activity = office.activity(ActivityKind.INSPECTION, "视察")
    office.later()
    office.attend(activity, *persons)

    def forget(unit: Unit) -> None:
        for row in unit.session.scalars(select(LedgerRow)):
            unit.session.delete(row)

    office.do(forget)
    assert office.do(crediting.catch_up) == 2
    assert office.do(crediting.catch_up) == 0
    assert [office.deeds(each) for each in persons] == [{Deed.INSPECTION: 1}] * 2


def test_nobody_is_credited_with_what_was_cancelled_after_all(office: Office) -> None:
    person, activity = office.person("郑四"), office.activity(ActivityKind.INSPECTION, "视察")
    office.later()
    office.attend(activity, person)

    def cancel(unit: Unit) -> None:
        unit.session.get_one(ActivityRow, activity).state = ActivityState.CANCELLED

    office.do(cancel)
    assert office.do(crediting.catch_up) == 1
    assert office.do(crediting.catch_up) == 0
    assert not office.deeds(person)
