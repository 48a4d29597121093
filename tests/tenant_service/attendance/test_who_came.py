"""Who may stand on a list, what an answer comes to when places are taken, and who was absent in the end."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Directory
from tenant_service.activities import figures_queries as figures
from tenant_service.activities import service as activity_service
from tenant_service.attendance import service
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.attendance.test_taking_part import BODY, Desk, person
from tests.tenant_service.told import Told, told

NOBODY = f"{places.JIASHAN}.person.{'9' * 32}"


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


def begin(desk: Desk) -> None:
    desk.units.clock.on(days=7)  # type: ignore[attr-defined]


def come(desk: Desk, *who: str) -> object:
    guests = [Invited(each, "到会者") for each in who]
    return desk.do(lambda unit: service.enter_list(unit, desk.clerk, desk.activity, guests))


def invite(desk: Desk, who: str) -> object:
    guest = Invited(who, "受邀者")
    return desk.do(lambda unit: service.invite(unit, desk.clerk, desk.activity, guest))


def answer(desk: Desk, who: str) -> object:
    row = desk.row(who)
    return desk.do(lambda unit: service.answer_invitation(unit, desk.clerk, row, comes=True, reason=None))


def close(desk: Desk) -> object:
    report = activity_service.Report(headcount=9, leader_present=False, members_present=77)
    return desk.do(lambda unit: service.close(unit, desk.clerk, desk.activity, report))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (NOBODY, Code.NOT_FOUND),
        (f"{places.JIASHAN}.body.{'9' * 32}", Code.NOT_FOUND),
        (f"{places.QINGPU}.body.{'5' * 32}", Code.NOT_FOUND),
        (f"{places.JIASHAN}.venue.{'1' * 32}", Code.BAD_VALUE),
        (places.QINGPU, Code.BAD_VALUE),
        ("somebody", Code.BAD_ID),
        (person(1, "999999"), Code.UNKNOWN_COMMITTEE),
        (person(1, places.YUHANG), Code.NO_CHANNEL),
    ],
)
def test_a_list_takes_only_people_who_exist_and_whose_home_can_be_told(desk: Desk, who: str, code: Code) -> None:
    begin(desk)
    guest = Invited(who, "某某")
    desk.refused(code, lambda: come(desk, person(1), who))
    desk.refused(code, lambda: invite(desk, who))
    desk.refused(
        code,
        lambda: desk.do(lambda u: service.check_in_by_list(u, desk.clerk, desk.activity, guest)),
    )
    assert desk.present() is None


def test_a_sheet_takes_our_people_bodies_and_those_of_partners(desk: Desk) -> None:
    begin(desk)
    come(desk, person(1), person(2, places.QINGPU), BODY)
    assert set(desk.states().values()) == {At.PRESENT}
    assert desk.present() == 2, "a body is no person"


def test_who_accepts_when_all_places_are_taken_waits(desk: Desk) -> None:
    invite(desk, person(3))
    for n in (1, 2):
        desk.asks(RequestKind.SIGN_UP, person(n))
    answer(desk, person(3))
    assert desk.states()[person(3)] is At.WAITLISTED
    desk.asks(RequestKind.WITHDRAW, person(1))
    assert desk.states()[person(3)] is At.REGISTERED


def test_nobody_answers_for_an_activity_that_was_cancelled(desk: Desk) -> None:
    invite(desk, person(3))
    desk.do(lambda unit: activity_service.cancel(unit, desk.clerk, desk.activity, "台风"))
    desk.refused(Code.OUT_OF_TURN, lambda: answer(desk, person(3)))


@pytest.mark.parametrize("ended", ["cancelled", "held"])
def test_nobody_moves_up_when_it_is_over(desk: Desk, ended: str) -> None:
    for n in (1, 2, 3):
        desk.asks(RequestKind.SIGN_UP, person(n))
    desk.asks(RequestKind.LEAVE, person(1), "出差", "OFFICIAL")
    begin(desk)
    if ended == "held":
        desk.do(lambda unit: activity_service.hold(unit, desk.clerk, desk.activity))
    else:
        desk.do(lambda unit: activity_service.cancel(unit, desk.clerk, desk.activity, "台风"))
    row = desk.row(person(1))
    desk.do(lambda u: service.decide_leave(u, desk.clerk, row, granted=True, reason=None))
    assert (desk.states()[person(1)], desk.states()[person(3)]) == (At.ON_LEAVE, At.WAITLISTED)


def test_who_had_a_place_and_did_not_come_was_absent_and_the_home_is_told(desk: Desk) -> None:
    away = person(2, places.QINGPU)
    desk.asks(RequestKind.SIGN_UP, person(1))
    desk.asks(RequestKind.SIGN_UP, away)
    desk.asks(RequestKind.SIGN_UP, person(4))
    invite(desk, person(3))
    invite(desk, BODY)
    begin(desk)
    come(desk, person(1))
    before = len(told_of_lists(desk))
    close(desk)
    assert desk.states() == {
        person(1): At.PRESENT, away: At.ABSENT, person(3): At.ABSENT, person(4): At.WAITLISTED, BODY: At.INVITED,
    }  # fmt: skip
    assert [each.channel for each in told_of_lists(desk)[before:]] == [f"x_{places.QINGPU}"]
    assert desk.row_now().members_present == 1


def test_where_no_list_was_kept_nobody_was_absent(desk: Desk) -> None:
    desk.asks(RequestKind.SIGN_UP, person(1))
    begin(desk)
    close(desk)
    assert desk.states() == {person(1): At.REGISTERED}
    assert desk.row_now().members_present == 77


def test_a_guest_of_a_partner_can_decline(desk: Desk) -> None:
    guest = person(2, places.QINGPU)
    invite(desk, guest)
    desk.asks(RequestKind.WITHDRAW, guest, "另有安排")
    assert desk.states() == {guest: At.DECLINED}
    desk.refused(Code.NOT_SIGNED_UP, lambda: desk.asks(RequestKind.WITHDRAW, guest))


def told_of_lists(desk: Desk) -> list[Told]:
    return [each for each in told(desk.units) if ".participation." in each.record]


def told_of_the_activity(desk: Desk) -> list[int | None]:
    return [each.data["members_present"] for each in told(desk.units) if each.record == desk.activity]


def figure(desk: Desk) -> int:
    day = dt.date(2026, 4, 8)
    with desk.units.read() as unit:
        return sum(each.number for each in figures.daily(unit.session, IndicatorCode.MEMBER_TIMES, day, day))


def test_while_people_come_in_the_activity_is_not_told_anew(desk: Desk) -> None:
    begin(desk)
    for n in (1, 2, 3):
        guest = Invited(person(n), f"委员{n}")
        with desk.units.write() as unit:
            service.check_in_by_list(unit, desk.clerk, desk.activity, guest)
    assert told_of_the_activity(desk) == [None], "only that it was published"
    assert (desk.present(), figure(desk)) == (3, 0), "what was not held yet does not count"
    desk.do(lambda unit: activity_service.hold(unit, desk.clerk, desk.activity))
    assert (told_of_the_activity(desk), figure(desk)) == ([None, 3], 3)
    close(desk)
    row = desk.row(person(1))
    desk.do(lambda u: service.correct(u, desk.clerk, row, At.ABSENT, "代签"))
    assert (told_of_the_activity(desk), figure(desk)) == ([None, 3, 3, 2], 2)


def test_an_ended_activity_lets_nobody_be_invited(desk: Desk) -> None:
    begin(desk)
    close(desk)
    assert desk.row_now().state is ActivityState.CLOSED
    desk.refused(Code.OUT_OF_TURN, lambda: invite(desk, person(1)))


def test_closing_is_refused_whole(desk: Desk) -> None:
    """Nobody is absent of what could not be closed."""
    desk.asks(RequestKind.SIGN_UP, person(1))
    begin(desk)
    come(desk, person(2))
    report = activity_service.Report(headcount=-1, leader_present=False)

    def act(unit: Unit) -> object:
        return service.close(unit, desk.clerk, desk.activity, report)

    with pytest.raises(Refusal):
        desk.do(act)
    assert desk.states()[person(1)] is At.REGISTERED
