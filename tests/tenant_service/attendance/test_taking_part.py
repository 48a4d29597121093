"""Taking part: places and the waiting list, leave, check-in by code, digits and list; and what homes are told."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import BodyKind
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind, RequestRecord
from sync.contract.trust import codes
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries as activities
from tenant_service.activities import service as activity_service
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import Draft
from tenant_service.attendance import asking_service, queries, rules, service
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor
from tenant_service.members.models import BodyRow, PersonRow
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.told import told

STARTS = places.SPRING + dt.timedelta(days=7)


def person(n: int, home: str = places.JIASHAN) -> str:
    return f"{home}.person.{n:032x}"


BODY = f"{places.JIASHAN}.body.{'5' * 32}"


def _on_the_roster(unit: Unit) -> None:
    """Six people and a department of ours."""
    seen = {"committee_id": places.JIASHAN, "revision": 1, "changed_at": unit.now}
    blank = dict.fromkeys(("gender", "birth_month", "work_phone", "employer", "roster_no", "left_on"))
    for n in range(1, 7):
        unit.session.add(PersonRow(id=person(n), name=f"委员{n}", sort_key=f"{n}", tags=[], **seen, **blank))
    unit.session.add(BodyRow(id=BODY, kind=BodyKind.DEPARTMENT, name="住建局", sort_key="z", until=None, **seen))


class Desk:
    """One published activity of Jiashan with two places, shared with the Delta."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> None:
        self.units, self.directory, self.clerk, self.secretary = units, directory, clerk, secretary
        self.handlers = asking_service.HANDLERS
        draft = Draft("联席会议", ActivityKind.JOINT_SESSION, STARTS, "嘉善", capacity=2, sign_up_until=STARTS)
        with units.write() as unit:
            made = activity_service.draft(unit, clerk, directory, draft, [Share(Scope.MECHANISM, places.DELTA)])
            activity_service.submit(unit, clerk, made.id)
            activity_service.sign_off(unit, secretary, made.id, unclassified=True)
        self.activity = made.id
        self.do(_on_the_roster)

    def asks(self, kind: RequestKind, who: str, text: str | None = None, detail: str | None = None) -> object:
        """What the handler answers to the person's home."""
        home = who.partition(".")[0]
        with self.units.write() as unit:
            asked = RequestRecord(
                id=unit.new_id("request"), committee_id=home, to_id=places.JIASHAN, kind=kind,  # type: ignore[arg-type]
                subject_id=self.activity, person_id=who, person_name=f"委员{who[-2:]}", text=text, detail=detail,  # type: ignore[arg-type]
                asked_at=unit.now,
            )  # fmt: skip
            return self.handlers[kind](unit, asked)

    def do(self, act: Callable[[Unit], object]) -> object:
        with self.units.write() as unit:
            return act(unit)

    def refused(self, code: Code, act: Callable[[], object]) -> None:
        before = self.states(), told(self.units)
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code is code
        assert (self.states(), told(self.units)) == before

    def states(self) -> dict[str, At]:
        with self.units.read() as unit:
            rows = queries.of_activity(unit.session, self.clerk, self.activity)
            return {row.participant: row.state for row in rows}

    def row(self, who: str) -> str:
        with self.units.read() as unit:
            row = queries.row_for(unit.session, self.activity, who)
            assert row is not None
            return row.id

    def present(self) -> int | None:
        """As the office knows it."""
        with self.units.read() as unit:
            return activities.ours(unit.session, self.activity).checked_in

    def row_now(self) -> ActivityRow:
        with self.units.read() as unit:
            return activities.ours(unit.session, self.activity)


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


def test_places_go_in_order_and_the_next_waits(desk: Desk) -> None:
    a, b, c = person(1), person(2, places.QINGPU), person(3, places.WUJIANG)
    for who in (a, b, c):
        desk.asks(RequestKind.SIGN_UP, who)
    assert desk.states() == {a: At.REGISTERED, b: At.REGISTERED, c: At.WAITLISTED}


def test_nobody_signs_up_twice(desk: Desk) -> None:
    desk.asks(RequestKind.SIGN_UP, person(1))
    desk.refused(Code.ALREADY_SIGNED_UP, lambda: desk.asks(RequestKind.SIGN_UP, person(1)))


def test_a_free_place_goes_to_who_has_waited_longest(desk: Desk) -> None:
    for n in (1, 2, 3, 4):
        desk.asks(RequestKind.SIGN_UP, person(n))
        desk.units.clock.on(minutes=1)  # type: ignore[attr-defined]
    desk.asks(RequestKind.WITHDRAW, person(1))
    assert desk.states() == {
        person(1): At.WITHDRAWN, person(2): At.REGISTERED, person(3): At.REGISTERED, person(4): At.WAITLISTED,
    }  # fmt: skip


def test_leave_waits_for_the_host_and_frees_the_place_when_granted(desk: Desk) -> None:
    for n in (1, 2, 3):
        desk.asks(RequestKind.SIGN_UP, person(n))
    desk.refused(Code.BAD_VALUE, lambda: desk.asks(RequestKind.LEAVE, person(1), "出差", "HOLIDAY"))
    desk.refused(Code.NEEDS_REASON, lambda: desk.asks(RequestKind.LEAVE, person(1), None, "OFFICIAL"))
    desk.asks(RequestKind.LEAVE, person(1), "出差", "OFFICIAL")
    assert desk.states()[person(3)] is At.WAITLISTED, "a place that is asked leave for is still taken"
    row = desk.row(person(1))
    desk.refused(
        Code.NEEDS_REASON,
        lambda: desk.do(lambda u: service.decide_leave(u, desk.clerk, row, granted=False, reason="")),
    )
    desk.do(lambda u: service.decide_leave(u, desk.clerk, row, granted=True, reason=None))
    assert (desk.states()[person(1)], desk.states()[person(3)]) == (At.ON_LEAVE, At.REGISTERED)


def test_signing_up_closes_and_a_cancelled_activity_takes_nobody(desk: Desk) -> None:
    desk.units.clock.on(days=7, minutes=1)  # type: ignore[attr-defined]
    desk.refused(Code.SIGN_UP_CLOSED, lambda: desk.asks(RequestKind.SIGN_UP, person(1)))
    desk.do(lambda unit: activity_service.cancel(unit, desk.clerk, desk.activity, "台风"))
    desk.refused(Code.OUT_OF_TURN, lambda: desk.asks(RequestKind.SIGN_UP, person(1)))


def test_whoever_may_not_know_of_it_is_told_that_there_is_no_such_thing(desk: Desk) -> None:
    desk.refused(Code.NOT_FOUND, lambda: desk.asks(RequestKind.SIGN_UP, person(1, places.YUHANG)))


def test_a_members_home_is_told_and_nobody_else(desk: Desk) -> None:
    before = len(told(desk.units))
    desk.asks(RequestKind.SIGN_UP, person(2, places.QINGPU))
    desk.asks(RequestKind.SIGN_UP, person(1))
    fresh = [event for event in told(desk.units) if ".participation." in event.record]
    assert [event.channel for event in fresh] == [f"x_{places.QINGPU}"]
    assert "ciphertext" in fresh[0].data, "a partner's body is sealed"
    assert person(2, places.QINGPU) not in repr(fresh)
    assert len(told(desk.units)) == before + 1


def code_of(who: str, activity: str, at: dt.datetime, life: int = 3600, jti: str = "one", use: str = "code") -> str:
    home = who.partition(".")[0]
    made = codes.CheckInCode(
        person=who, name="委员", activity=activity, jti=jti, iat=int(at.timestamp()), exp=int(at.timestamp()) + life
    )
    return codes.issued(made, places.key(home, use))


@pytest.mark.practice(10)
def test_a_code_checks_in_once_and_counts_one_member(desk: Desk) -> None:
    who = person(2, places.QINGPU)
    desk.asks(RequestKind.SIGN_UP, who)
    desk.units.clock.on(days=7)  # type: ignore[attr-defined]
    code = code_of(who, desk.activity, STARTS)

    def check(unit: Unit) -> object:
        return service.check_in_by_code(unit, desk.clerk, desk.activity, code)

    desk.do(check)
    assert (desk.states()[who], desk.present()) == (At.PRESENT, 1)
    desk.refused(Code.CODE_USED, lambda: desk.do(check))
    again = code_of(who, desk.activity, STARTS, jti="two")
    desk.refused(
        Code.ALREADY_DONE,
        lambda: desk.do(lambda u: service.check_in_by_code(u, desk.clerk, desk.activity, again)),
    )
    assert desk.present() == 1


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"activity": f"{places.JIASHAN}.activity.{'9' * 32}"}, Code.CODE_INVALID),  # for another session
        ({"activity": "", "life": 3600}, Code.CODE_INVALID),  # a walk-in's code lives a minute
        ({"use": "token"}, Code.CODE_INVALID),  # signed with a key that is for something else
        ({"at": STARTS - dt.timedelta(hours=2)}, Code.CODE_EXPIRED),
        ({"at": STARTS + dt.timedelta(hours=2)}, Code.CODE_EXPIRED),  # not yet
    ],
)
def test_a_code_that_is_not_for_here_and_now_is_refused(desk: Desk, about: dict[str, object], code: Code) -> None:
    desk.units.clock.on(days=7)  # type: ignore[attr-defined]
    made = code_of(**({"who": person(1), "activity": desk.activity, "at": STARTS} | about))  # type: ignore[arg-type]
    desk.refused(code, lambda: desk.do(lambda u: service.check_in_by_code(u, desk.clerk, desk.activity, made)))
    desk.refused(
        Code.CODE_INVALID,
        lambda: desk.do(lambda u: service.check_in_by_code(u, desk.clerk, desk.activity, "x.y.z")),
    )


def test_the_desks_digits_change_and_check_in_the_signed_in_member(desk: Desk, member: Actor) -> None:
    desk.units.clock.on(days=7)  # type: ignore[attr-defined]
    with desk.units.read() as unit:
        secret = activities.ours(unit.session, desk.activity).desk_secret
    now = desk.units.clock()
    old = rules.desk_code(secret, now - dt.timedelta(minutes=5))

    def act(digits: str) -> object:
        return desk.do(lambda u: service.check_in_at_desk(u, member, desk.activity, digits))

    desk.refused(Code.CODE_INVALID, lambda: act(old))
    act(rules.desk_code(secret, now))
    assert list(desk.states().values()) == [At.PRESENT]


def test_check_in_opens_two_hours_before(desk: Desk) -> None:
    desk.units.clock.on(days=6, hours=21)  # type: ignore[attr-defined]
    code = code_of(person(1), desk.activity, desk.units.clock(), life=86_400)
    desk.refused(
        Code.BAD_TIME,
        lambda: desk.do(lambda u: service.check_in_by_code(u, desk.clerk, desk.activity, code)),
    )


def test_a_correction_needs_a_reason_and_changes_the_count_after_closing(desk: Desk) -> None:
    desk.units.clock.on(days=7)  # type: ignore[attr-defined]
    for n in (1, 2):
        guest = Invited(person(n), f"委员{n}")
        with desk.units.write() as unit:
            service.check_in_by_list(unit, desk.clerk, desk.activity, guest)
    report = activity_service.Report(headcount=9, leader_present=False, members_present=77)
    desk.do(lambda u: activity_service.enter_closing(u, desk.clerk, desk.activity, report))
    assert desk.present() == 2, "the list counts, not what somebody typed"
    row = desk.row(person(2))

    def wrong(reason: str) -> object:
        return desk.do(lambda u: service.correct(u, desk.clerk, row, At.ABSENT, reason))

    desk.refused(Code.NEEDS_REASON, lambda: wrong(" "))
    wrong("同名误录")
    assert desk.present() == 1


@pytest.mark.seed(49)
def test_a_department_that_was_called_has_to_answer(desk: Desk) -> None:
    """街道吹哨、部门报到 (seed fact 49)."""
    body, guest = BODY, Invited(BODY, "住建局", must_answer=True)
    desk.do(lambda u: service.invite(u, desk.clerk, desk.activity, guest))
    with desk.units.read() as unit:
        assert [row.name for row in queries.unanswered(unit.session, desk.activity)] == ["住建局"]
    row = desk.row(body)

    def answer(comes: bool, reason: str | None) -> object:
        return desk.do(lambda u: service.answer_invitation(u, desk.clerk, row, comes=comes, reason=reason))

    desk.refused(Code.NEEDS_REASON, lambda: answer(False, None))
    answer(True, None)
    assert desk.states()[body] is At.REGISTERED
    with desk.units.read() as unit:
        assert queries.unanswered(unit.session, desk.activity) == []
        assert queries.taken(unit.session, desk.activity) == 0, "a body takes no member's place"


def test_a_member_sees_the_own_row_only(desk: Desk, member: Actor) -> None:
    assert member.person is not None
    desk.asks(RequestKind.SIGN_UP, member.person)
    desk.asks(RequestKind.SIGN_UP, person(2))
    with desk.units.read() as unit:
        assert [r.participant for r in queries.of_activity(unit.session, member, desk.activity)] == [member.person]
        stranger = places.stranger(places.JIASHAN, places.QINGPU)
        assert queries.of_activity(unit.session, stranger, desk.activity) == []
