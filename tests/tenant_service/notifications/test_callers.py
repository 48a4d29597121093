"""Who is told of what the rooms do: the members of an activity, the contacts of a body, whoever signs or asked."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from sync.contract.errors import Code
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityRecord, ActivityState
from sync.contract.shapes.participations import LeaveKind, ParticipationRecord, ParticipationRole, ParticipationState
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestState
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.assignments import call_service as calls
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import reminder_service as reminders
from tenant_service.attendance import service
from tenant_service.exchange.copies import Seen
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.notifications.rules import NotificationKind, Way
from tenant_service.notifications.sms import Sms
from tenant_service.requests import service as requests
from tenant_service.requests.models import RequestRow
from tenant_service.storage.unit_of_work import Units
from tenant_service.topics import queries as topic_queries
from tenant_service.topics import screening_service as screening
from tests.tenant_service import places
from tests.tenant_service.assignments.office import TERMS
from tests.tenant_service.assignments.office import Office as Lists
from tests.tenant_service.attendance.test_taking_part import Desk, person
from tests.tenant_service.notifications.office import Office
from tests.tenant_service.notifications.servers import gateway
from tests.tenant_service.topics.office import LIFTS
from tests.tenant_service.topics.office import Office as Topics
from tests.tenant_service.topics.test_reporting import answered, handled
from tests.tenant_service.topics.test_reporting import sent as reported

_ABROAD = f"{places.QINGPU}.activity.{'7' * 32}"
K = NotificationKind


def told(office: Office) -> list[tuple[str, NotificationKind, str]]:
    return [(row.recipient, row.kind, row.title) for row in office.told()]


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


@pytest.mark.practice(9)
def test_who_is_invited_has_the_notice_with_time_and_place(office: Office, desk: Desk, clerk: Actor) -> None:
    desk.do(lambda unit: service.invite(unit, clerk, desk.activity, service.Invited(person(1), "委员1")))
    [row] = office.told()
    assert (row.recipient, row.kind, row.subject) == (person(1), K.ACTIVITY_NOTICE, desk.activity)
    assert (row.title, row.text) == ("活动通知：联席会议", "4月8日 10:00，嘉善。请回复是否参加。")


@pytest.mark.practice(9)
def test_everybody_on_the_list_hears_of_a_change_and_who_declined_does_not(
    office: Office, desk: Desk, clerk: Actor
) -> None:
    for n in (1, 2, 3):
        desk.do(lambda unit, n=n: service.invite(unit, clerk, desk.activity, service.Invited(person(n), "委员")))  # type: ignore[misc]
    desk.asks(RequestKind.SIGN_UP, person(1))
    desk.asks(RequestKind.WITHDRAW, person(3))
    desk.asks(RequestKind.SIGN_UP, person(4, places.QINGPU))
    later = places.SPRING + dt.timedelta(days=8)
    desk.do(lambda unit: activities.change(unit, clerk, desk.activity, "会场停电", starts_at=later, place="县政府"))
    changed = [row for row in office.told() if row.kind is K.ACTIVITY_CHANGED]
    assert {row.recipient for row in changed} == {person(1), person(2)}, "people of Qingpu are their home's to tell"
    assert {row.text for row in changed} == {"现为4月9日 10:00，县政府。会场停电"}
    desk.do(lambda unit: activities.cancel(unit, clerk, desk.activity, "改为线上"))
    assert {row.recipient for row in office.told() if row.kind is K.ACTIVITY_CANCELLED} == {person(1), person(2)}


def test_a_refused_change_tells_nobody(office: Office, desk: Desk, clerk: Actor) -> None:
    desk.do(lambda unit: service.invite(unit, clerk, desk.activity, service.Invited(person(1), "委员1")))
    before, change = told(office), activities.change
    desk.refused(
        Code.NEEDS_REASON,
        lambda: desk.do(lambda unit: change(unit, clerk, desk.activity, " ", place="别处")),
    )
    assert told(office) == before


@pytest.mark.practice(9)
def test_leave_waits_for_whoever_grants_it_and_is_told_to_who_asked(office: Office, desk: Desk, clerk: Actor) -> None:
    approver = office.account("wangyi", Role.CLERK)
    desk.asks(RequestKind.SIGN_UP, person(1))
    desk.asks(RequestKind.LEAVE, person(1), "住院", LeaveKind.SICK)
    row = desk.row(person(1))
    desk.do(lambda unit: service.decide_leave(unit, clerk, row, granted=True, reason=None))
    assert told(office) == [
        (approver.sub, K.LEAVE, "请假待批：委员01（病假），联席会议"), (person(1), K.LEAVE, "已准假：联席会议"),
    ]  # fmt: skip


def test_whoever_moves_up_from_the_waiting_list_hears_of_it(office: Office, desk: Desk) -> None:
    for n in (1, 2, 3):
        desk.asks(RequestKind.SIGN_UP, person(n))
    desk.asks(RequestKind.WITHDRAW, person(1))
    assert told(office) == [(person(3), K.ACTIVITY_NOTICE, "候补已递补，您已报名成功：联席会议")]


def test_what_is_submitted_waits_for_whoever_signs_and_what_is_sent_back_for_whoever_drafted(
    office: Office, units: Units, directory: Directory
) -> None:
    drafter, signer = office.account("wangyi", Role.CLERK), office.account("mishu", Role.SECRETARY)
    told_of = activities.Draft("视察", ActivityKind.INSPECTION, places.SPRING, "罗星")
    with units.write() as unit:
        id = activities.draft(unit, drafter, directory, told_of, []).id
        activities.submit(unit, drafter, id)
    with units.write() as unit:
        activities.send_back(unit, signer, id, "时间未定")
    assert told(office) == [
        (signer.sub, K.TO_SIGN, "活动待审签：视察"), (drafter.sub, K.SENT_BACK, "活动已退回：视察")
    ]  # fmt: skip


def test_bodies_hear_of_what_they_have_and_that_it_is_due(units: Units, clock: places.Clock) -> None:
    lists = Lists.at(units)
    office = Office(units, lists.clerk)
    contact, desk = (_at_a_body(office, body, role) for body, role in (
        (lists.bureau, Role.DEPARTMENT), (lists.desk, Role.COORDINATOR)
    ))  # fmt: skip
    [id] = lists.in_progress(lists.agreed(lists.campaign()))
    lists.do(lambda unit: reminders.urge(unit, lists.clerk, [id], "请抓紧。"))
    clock.on(days=90)
    lists.do(lambda unit: reminders.remind(unit, TERMS))
    lists.replied(id)
    lists.do(lambda unit: handling.send_back(unit, lists.clerk, id, "未附照片"))
    found = [(who, kind) for who, kind, _ in told(office) if who in (contact.sub, desk.sub)]
    assert found == [
        (desk.sub, K.ASSIGNED), (contact.sub, K.ASSIGNED), (contact.sub, K.URGED), (contact.sub, K.DUE),
        (contact.sub, K.SENT_BACK),
    ]  # fmt: skip


def test_who_had_it_and_who_has_it_now_both_hear_of_a_reassignment(units: Units) -> None:
    lists = Lists.at(units)
    office = Office(units, lists.clerk)
    before, now = (_at_a_body(office, body, Role.DEPARTMENT) for body in (lists.bureau, lists.roads))
    [id] = lists.assigned(lists.agreed(lists.campaign()))
    lists.do(lambda unit: handling.ask_to_return(unit, lists.contact, TERMS, id, "不属我局"))
    lists.do(lambda unit: over.reassign(unit, lists.coordinator, TERMS, id, lists.roads))
    assert [who for who, _, _ in told(office) if who in (before.sub, now.sub)] == [before.sub, before.sub, now.sub]
    assert office.told()[-2].text == "改派：交通局"


def test_a_called_body_hears_where_to_come(units: Units, directory: Directory) -> None:
    lists = Lists.at(units)
    office = Office(units, lists.clerk)
    contact = _at_a_body(office, lists.bureau, Role.DEPARTMENT)
    told_of = calls.Draft("罗星街道", "路灯", "村口，9时", places.SPRING + dt.timedelta(days=2), (lists.bureau,))
    lists.do(lambda unit: calls.call(unit, lists.clerk, directory, told_of, []))
    assert (office.inbox(contact), office.told()[-1].text) == (["吹哨报到：路灯"], "村口，9时")


def _at_a_body(office: Office, body: str, role: Role) -> Actor:
    return office.account(f"{role.value}-{body[-4:]}", role, body=body)


# ── what other committees say ──


def heard(units: Units, project: Any, record: Any, at: dt.datetime = places.SPRING) -> None:
    seen = Seen(places.QINGPU, record.id, record.id.split(".")[1], record, 1, at, frozenset(["x_1"]))
    with Session(units.engine) as session:
        project(session, seen)
        session.commit()


def abroad(**changed: Any) -> ActivityRecord:
    told_of = ActivityRecord(
        id=_ABROAD, committee_id=places.QINGPU, title="长三角协商", kind=ActivityKind.JOINT_SESSION,  # type: ignore[arg-type]
        format=ActivityFormat.ONSITE, state=ActivityState.PUBLISHED, starts_at=places.SPRING, ends_at=None,
        place="青浦", venue_id=None, host_ids=[places.QINGPU], mechanism_id=None, series=None, issue_no=None,  # type: ignore[list-item]
        ordinal=None, organizer="", capacity=None, sign_up_until=None, leader_present=None, members_present=None,
        headcount=None, suggestions=None, report=None, backfilled=False, change_note=None, revision=1,
        changed_at=places.SPRING,
    )  # fmt: skip
    return replace(told_of, **changed)


def listed(state: ParticipationState) -> ParticipationRecord:
    return ParticipationRecord(
        id=f"{places.QINGPU}.participation.{'8' * 32}", committee_id=places.QINGPU, activity_id=_ABROAD,  # type: ignore[arg-type]
        person_id=person(1), home_id=places.JIASHAN, role=ParticipationRole.ATTENDEE, state=state,  # type: ignore[arg-type]
        checked_in_at=None, checked_out_at=None, reason=None, revision=1,
    )  # fmt: skip


def test_a_member_hears_from_home_of_an_activity_abroad_and_of_the_same_news_once(office: Office, units: Units) -> None:
    heard(units, activities.project, abroad())
    heard(units, service.project, listed(ParticipationState.INVITED))
    heard(units, service.project, listed(ParticipationState.REGISTERED))
    heard(units, service.project, listed(ParticipationState.REGISTERED))
    heard(units, activities.project, abroad(place="青浦区政府", revision=2, change_note="会场改造"))
    for _ in range(2):
        heard(units, activities.project, abroad(state=ActivityState.CANCELLED, revision=3, change_note="台风"))
    assert told(office) == [
        (person(1), K.ACTIVITY_NOTICE, "外地政协邀请您参加活动：长三角协商"),
        (person(1), K.ACTIVITY_CHANGED, "活动变更：长三角协商"),
        (person(1), K.ACTIVITY_CANCELLED, "活动取消：长三角协商"),
    ]


@pytest.mark.parametrize(
    ("state", "said"), [(RequestState.REFUSED, ["对方未同意：报名"]), (RequestState.DELIVERED, [])]
)
def test_who_asked_another_committee_hears_that_it_refused_and_why(
    office: Office, units: Units, state: RequestState, said: list[str]
) -> None:
    member = office.account("zhengsi", Role.MEMBER)
    id = f"{places.JIASHAN}.request.{'3' * 32}"
    blank = dict.fromkeys((each.name for each in RequestRow.__table__.columns), None)
    row: dict[str, Any] = blank | {
        "id": id, "committee_id": places.JIASHAN, "to_id": places.QINGPU, "kind": RequestKind.SIGN_UP,
        "subject_id": _ABROAD, "asked_at": places.SPRING, "asked_by": member.sub, "state": RequestState.QUEUED,
    }  # fmt: skip
    with units.write() as unit:
        unit.session.add(RequestRow(**row))
    answer = AnswerRecord(
        id=f"{places.QINGPU}.answer.{'4' * 32}", committee_id=places.QINGPU, request_id=id, state=state, code=None,  # type: ignore[arg-type]
        reason_zh="名额已满", reason_en="full", result_id=None, answered_at=places.SPRING,
    )  # fmt: skip
    for _ in range(2):
        heard(units, requests.project_answer, answer)
    assert office.inbox(member) == said
    assert [row.text for row in office.told()] == ["名额已满"] * len(said)


@pytest.mark.practice(9)
def test_everybody_who_reported_hears_by_sms_that_there_is_an_answer_once(units: Units) -> None:
    """Of merged reports all; each number once; and the SMS leads to the code, not to the matter."""
    topics = Topics.at(units)
    kept, other = reported(topics, "AAAA"), reported(topics, "BBBB")
    handled(topics, kept)
    topics.do(lambda unit: screening.accept(unit, topics.clerk, other, LIFTS))
    topics.do(lambda unit: screening.merge(unit, topics.clerk, other, kept, "同一件事"))
    answered(topics, kept, "电梯年底装好。")
    office = Office(units, topics.clerk)
    rows = [row for row in office.told() if row.kind is K.ANSWERED]
    assert [(row.title, row.text) for row in rows] == [("您反映的问题已答复", "请凭查询码查看。")]
    with units.read() as unit, gateway() as there:
        phones = topic_queries.phones(unit.session, [row.recipient for row in rows])
        office.send({Way.SMS: Sms(there.url, templates={"ANSWERED": "SMS_9"})}, phones)
    [(_, body)] = there.posts
    assert json.loads(body)["phone"] in phones.values()
