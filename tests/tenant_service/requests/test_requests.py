"""Two committees, each with a database of its own: one asks, the other answers, and only pages travel."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sync.contract.channels import log_of
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, kind_of
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from tenant_service.exchange.answering import Handler, Waiting
from tenant_service.exchange.copies import Projections, Seen
from tenant_service.exchange.models import AlarmRow, DeadLetterRow
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.requests import queries, rules, service
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.requests.service import Asked
from tenant_service.storage.engine import open_engine
from tenant_service.storage.paging import Page
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.exchange.committees import CITY, COUNTY, PARTNER, Committee, World, carry, value
from tests.tenant_service.places import staff
from tests.tenant_service.told import told

PROJECTIONS: Projections = {"request": service.project_request, "answer": service.project_answer}
ABOUT = f"{COUNTY}.activity.{'7' * 32}"
RESULT = Id(f"{COUNTY}.participation.{'8' * 32}")
PERSON = f"{PARTNER}.person.{'9' * 32}"
CLERK = staff(PARTNER, Role.CLERK)


class Federation:
    """`home` asks and `host` answers with `handler`, which a test may change."""

    def __init__(self, world: World, home: Committee, host: Committee) -> None:
        self.world, self.home, self.host = world, home, host
        self.handler: Handler = lambda _unit, _asked: RESULT

    def ask(self, kind: RequestKind = RequestKind.SIGN_UP, person: str | None = PERSON, actor: Actor = CLERK) -> str:
        asked = Asked(kind, ABOUT, person, "王一", "愿意参加", None)
        with self.home.units.write() as unit:
            return service.send(unit, actor, {}, asked).id

    def carry(self) -> None:
        carry(self.home, self.host)
        carry(self.host, self.home)

    def answer(self) -> bool:
        handlers: dict[RequestKind, Handler] = dict.fromkeys(RequestKind, self._handle)
        done = service.answer_next(self.host.units, handlers)
        self.carry()
        return done

    def _handle(self, unit: Unit, asked: RequestRecord) -> Id | Waiting | None:
        return self.handler(unit, asked)

    def decide(self, of: str | queries.About, *, accepted: bool, reason: str | None = None) -> int:
        with self.host.units.write() as unit:
            found = service.decide(unit, of, accepted=accepted, reason=reason)
        self.carry()
        return found

    def at_home(self, id: str) -> RequestRow:
        [row] = [each for each in self.home.rows(RequestRow) if each.id == id]
        assert isinstance(row, RequestRow)
        return row

    def at_host(self, id: str) -> IncomingRow:
        [row] = [each for each in self.host.rows(IncomingRow) if each.id == id]
        assert isinstance(row, IncomingRow)
        return row


@pytest.fixture
def federation(engine: Engine, tmp_path: Path) -> Iterator[Federation]:
    world, beside = World(), open_engine(f"sqlite:///{tmp_path / 'home.db'}")
    home, host = (Committee(world, id, of, PROJECTIONS) for id, of in ((PARTNER, beside), (COUNTY, engine)))
    yield Federation(world, home, host)
    beside.dispose()


def refuse(_unit: Unit, _asked: RequestRecord) -> Id | None:
    raise Refusal(Code.SIGN_UP_CLOSED)


def test_what_was_asked_is_done_and_its_result_comes_back(federation: Federation) -> None:
    id = federation.ask()
    assert federation.at_home(id).state is RequestState.QUEUED
    federation.carry()
    assert federation.at_host(id).person_name == "王一"
    assert federation.answer()
    row = federation.at_home(id)
    assert (row.state, row.result_id, row.code) == (RequestState.ACCEPTED, RESULT, None)
    assert not federation.answer(), "nothing waits"


def test_what_is_asked_later_about_the_same_waits_until_the_earlier_has_its_answer(federation: Federation) -> None:
    first, federation.world.clock.now = federation.ask(), federation.world.clock.now + dt.timedelta(minutes=1)
    later, other = federation.ask(RequestKind.WITHDRAW), federation.ask(person=f"{PARTNER}.person.{'a' * 32}")
    federation.carry()
    came: list[str] = []

    def breaks_once(_unit: Unit, asked: RequestRecord) -> Id:
        came.append(asked.id)
        if len(came) == 1:
            raise RuntimeError("broke")
        return RESULT

    federation.handler = breaks_once
    while federation.answer():
        pass
    assert came == [first, other], "of another person nobody waits"
    federation.world.clock.now += dt.timedelta(minutes=1)
    while federation.answer():
        pass
    assert came == [first, other, first, later]


def test_a_request_about_our_own_record_is_answered_on_the_spot(federation: Federation) -> None:
    own = Asked(RequestKind.SIGN_UP, f"{PARTNER}.activity.{'7' * 32}", PERSON)
    with federation.home.units.write() as unit:
        done = service.send(unit, CLERK, {RequestKind.SIGN_UP: lambda _unit, _asked: RESULT}, own).id
        waits = service.send(unit, CLERK, {RequestKind.SIGN_UP: lambda _u, _a: Waiting(RESULT)}, own).id
    assert federation.at_home(done).state is RequestState.ACCEPTED
    assert federation.at_home(waits).state is RequestState.DELIVERED
    with federation.home.units.write() as unit:
        assert service.decide(unit, waits, accepted=False, reason="人手不足") == 1
    row = federation.at_home(waits)
    assert (row.state, row.reason_zh) == (RequestState.REFUSED, "人手不足")
    assert not federation.home.own.heads(), "nobody else is told of it"


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("330102.activity." + "7" * 32, "愿意", Code.NO_CHANNEL),
        (ABOUT, "机密★ 内部", Code.CLASSIFIED),
    ],
)
def test_what_may_not_be_asked_is_not_sent(federation: Federation, subject: str, text: str, code: Code) -> None:
    with pytest.raises(Refusal) as refusal, federation.home.units.write() as unit:
        service.send(unit, CLERK, {}, Asked(RequestKind.SIGN_UP, subject, PERSON, "王一", text))
    assert refusal.value.code is code
    assert federation.home.rows(RequestRow) == []
    assert not federation.home.own.heads()


def test_a_refused_request_says_why_and_leaves_no_other_trace(federation: Federation) -> None:
    def writes_then_refuses(unit: Unit, _asked: RequestRecord) -> Id | None:
        unit.session.add(AlarmRow(log="l", code="c", text="", times=1, first_at=unit.now, last_at=unit.now))
        unit.publish(value(unit.new_id("value"), 1), 1, {f"x_{PARTNER}"})
        unit.session.flush()
        raise Refusal(Code.SIGN_UP_CLOSED)

    federation.handler = writes_then_refuses
    id = federation.ask()
    federation.carry()
    federation.answer()
    row = federation.at_home(id)
    assert (row.state, row.code, row.reason_zh) == (RequestState.REFUSED, "SIGN_UP_CLOSED", "报名已截止")
    assert federation.host.rows(AlarmRow) == []
    assert [kind_of(event.record) for event in told(federation.host.units)] == ["answer"]


def test_they_are_answered_in_the_order_in_which_they_came_in(federation: Federation) -> None:
    """A committee's code says nothing about when it asked; a request that was long on its way waits its turn."""
    answered: list[str] = []
    federation.handler = lambda _unit, asked: answered.append(asked.id)
    late, early = _request(PARTNER, "1"), _request(CITY, "2")
    assert late.id < early.id
    for minutes, asked in ((0, early), (5, late)):
        with federation.host.units.write() as unit:
            at = federation.world.clock() + dt.timedelta(minutes=minutes)
            service.project_request(unit.session, _seen(asked, at=at))
    while federation.answer():
        pass
    assert answered == [early.id, late.id]


def test_one_that_breaks_rests_and_holds_up_no_other(federation: Federation) -> None:
    bad, good = federation.ask(), federation.ask(RequestKind.WITHDRAW, f"{PARTNER}.person.{'b' * 32}")

    def breaks(_unit: Unit, asked: RequestRecord) -> Id | None:
        if asked.id == bad:
            raise ZeroDivisionError("a fault of ours")
        return RESULT

    federation.handler = breaks
    federation.carry()
    while federation.answer():
        pass
    assert federation.at_home(good).state is RequestState.ACCEPTED
    assert (federation.at_home(bad).state, federation.at_host(bad).tries) == (RequestState.QUEUED, 1)
    [alarm] = federation.host.rows(AlarmRow)
    assert (alarm.log, alarm.code) == (log_of(PARTNER, f"x_{COUNTY}"), "REQUEST_BROKE")
    assert bad in alarm.text
    assert "a fault of ours" in alarm.text
    federation.handler = lambda _unit, _asked: RESULT
    assert not federation.answer(), "it rests"
    federation.world.clock.on(seconds=11)
    assert federation.answer()
    assert federation.at_home(bad).state is RequestState.ACCEPTED


def test_each_pause_is_longer_up_to_an_hour() -> None:
    pauses = [rules.pause(tries) for tries in range(1, 40)]
    assert pauses[0] == dt.timedelta(seconds=10)
    assert pauses == sorted(pauses)
    assert pauses[-1] == rules.LONGEST_PAUSE


def test_what_cannot_be_told_rests_as_well(federation: Federation) -> None:
    """The answer is written when all else is: what breaks there must not hold up the others either."""

    def too_much(unit: Unit, _asked: RequestRecord) -> Id | None:
        unit.publish(value(unit.new_id("value"), 1), 1, {"x_999999"})
        return RESULT

    federation.handler = too_much
    id = federation.ask()
    federation.carry()
    assert federation.answer()
    assert federation.at_host(id).tries == 1
    assert not federation.answer()


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("accepted", [True, False])
def test_what_waits_for_people_is_delivered_now_and_decided_later(
    federation: Federation, *, accepted: bool, by_id: bool
) -> None:
    federation.handler = lambda _unit, _asked: Waiting(RESULT)
    id = federation.ask(RequestKind.LEAVE)
    federation.carry()
    federation.answer()
    assert (federation.at_home(id).state, federation.at_home(id).result_id) == (RequestState.DELIVERED, RESULT)
    assert not federation.answer(), "it waits for people, not for us"
    with federation.host.units.read() as unit:
        assert queries.unanswered(unit.session) == 1
    of: str | queries.About = id if by_id else (ABOUT, PERSON, RequestKind.LEAVE)
    assert federation.decide(of, accepted=accepted, reason="会期冲突") == 1
    row = federation.at_home(id)
    assert row.state is (RequestState.ACCEPTED if accepted else RequestState.REFUSED)
    assert (row.reason_zh, row.result_id) == ("会期冲突", RESULT)
    assert federation.decide(of, accepted=not accepted) == 0, "a decision stands"
    assert federation.at_home(id).state is row.state


def test_somebody_elses_answer_is_ignored(federation: Federation) -> None:
    id = federation.ask()
    stranger = _answer_of("330102", id)
    with federation.home.units.write() as unit:
        service.project_answer(unit.session, _seen(stranger))
    assert federation.at_home(id).state is RequestState.QUEUED
    with federation.home.units.write() as unit:
        service.project_answer(unit.session, _seen(_answer_of(COUNTY, id)))
    assert federation.at_home(id).state is RequestState.ACCEPTED


def test_a_request_for_a_person_of_another_committee_is_a_dead_letter(federation: Federation) -> None:
    federation.ask(person=f"{COUNTY}.person.{'9' * 32}")
    federation.carry()
    assert federation.host.rows(IncomingRow) == []
    [letter] = federation.host.rows(DeadLetterRow)
    assert "its own people only" in letter.error
    assert not federation.answer()


def test_what_its_home_erased_says_nothing_here_and_stays_answered(federation: Federation) -> None:
    id = federation.ask()
    federation.carry()
    federation.answer()
    asked = federation.at_host(id)
    with federation.host.units.write() as unit:
        service.project_request(unit.session, _seen(asked.record())._replace(record=None))
    left = federation.at_host(id)
    assert (left.person_name, left.text, left.state) == (None, None, asked.state)
    assert not federation.answer()


def test_told_twice_is_told_once(federation: Federation) -> None:
    id = federation.ask()
    federation.carry()
    federation.answer()
    asked, answered = federation.at_host(id), federation.at_home(id)
    with federation.host.units.write() as unit:
        service.project_request(unit.session, _seen(asked.record()))
    with federation.home.units.write() as unit:
        service.project_answer(unit.session, _seen(asked.answer(federation.world.clock())))
        service.project_answer(unit.session, _seen(_answer_of(COUNTY, id, RequestState.DELIVERED)))
    assert _columns(federation.at_host(id)) == _columns(asked)
    assert _columns(federation.at_home(id)) == _columns(answered)
    assert not federation.answer()


def test_members_see_their_own_and_the_office_sees_all(federation: Federation) -> None:
    mine = federation.ask()
    federation.ask(person=f"{PARTNER}.person.{'a' * 32}")
    federation.carry()
    member = staff(PARTNER, Role.MEMBER, person=PERSON)

    def seen_by(committee: Committee, list_: Callable[..., Page], actor: Actor) -> list[str]:
        with committee.units.read() as unit:
            page = list_(unit.session, actor, queries.Wanted(), queries.NEWEST, 20, None)
            return [each.id for each in page.rows]

    assert seen_by(federation.home, queries.sent, member) == [mine]
    assert len(seen_by(federation.home, queries.sent, CLERK)) == 2
    assert len(seen_by(federation.host, queries.received, staff(COUNTY, Role.CLERK))) == 2
    assert seen_by(federation.host, queries.received, staff(COUNTY, Role.MEMBER, person=PERSON)) == []


# ── what others say, without a line ──


def _request(home: str, digit: str) -> RequestRecord:
    return RequestRecord(
        id=Id(f"{home}.request.{digit * 32}"), committee_id=Id(home), to_id=Id(COUNTY), kind=RequestKind.SIGN_UP,
        subject_id=Id(ABOUT), person_id=Id(f"{home}.person.{digit * 32}"), person_name="李二", text=None, detail=None,
        asked_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )  # fmt: skip


def _answer_of(owner: str, id: str, state: RequestState = RequestState.ACCEPTED) -> AnswerRecord:
    return AnswerRecord(
        id=Id(f"{owner}.answer.{'5' * 32}"), committee_id=Id(owner), request_id=Id(id), state=state, code=None,
        reason_zh=None, reason_en=None, result_id=None, answered_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
    )  # fmt: skip


def _seen(record: RequestRecord | AnswerRecord, at: dt.datetime | None = None) -> Seen:
    now = at or dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    kind = "request" if isinstance(record, RequestRecord) else "answer"
    return Seen(record.committee_id, record.id, kind, record, 1, now, frozenset({f"x_{COUNTY}"}))


def _columns(row: IncomingRow | RequestRow) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
