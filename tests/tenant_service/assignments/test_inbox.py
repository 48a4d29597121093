"""One inbox per body: who may name a body, who may answer for it, when, how often, and what everybody sees of that."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code
from sync.contract.instants import day_of
from sync.contract.shapes.handovers import HandlingAct
from sync.contract.shapes.items import AssignmentState, ReplyClass
from sync.contract.shapes.requests import RequestState
from tenant_service.assignments import figures_queries, inbox_queries, reminder_service
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import inbox_service as service
from tenant_service.assignments.models import HandoverRow
from tenant_service.assignments.rules import Part
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import DeadLetterRow
from tenant_service.identity.policy import Role
from tenant_service.members import offer_service
from tenant_service.requests import personal as asked_personal
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.requests.service import project_request
from tenant_service.rooms import HANDLERS
from tenant_service.storage.personal import Whom
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import DELTA, Neighbours
from tests.tenant_service.assignments.office import ASSIST, LEAD, SOLVED, TERMS, contact_of
from tests.tenant_service.exchange.committees import Committee
from tests.tenant_service.places import Clock

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ACCEPT = HandlingAct.ACCEPT.value
A_REPLY: dict[str, object] = {
    "detail": HandlingAct.REPLY.value, "text": "已办", "reply_class": ReplyClass.SOLVED, "contact_name": "周",
    "contact_phone": "13800001234",
}  # fmt: skip


def test_only_a_body_that_its_own_committee_offers_is_named(neighbours: Neighbours) -> None:
    office = neighbours.office
    item = office.agreed(office.campaign())
    id = office.forwarded(item)

    def assign(body: str) -> None:
        office.refused(
            Code.NOT_OFFERED,
            lambda unit: over.assign(unit, office.coordinator, TERMS, id, [Part(body, LEAD)]), id, item,
        )  # fmt: skip

    assign(neighbours.parks)
    assign(f"{places.YUHANG}.body.{'1' * 32}")
    neighbours.offer(neighbours.water)
    assign(neighbours.water)
    assert neighbours.here.rows(HandoverRow) == []
    neighbours.offer(neighbours.water, Share(Scope.PARTNER, places.JIASHAN))
    office.do(lambda unit: over.assign(unit, office.coordinator, TERMS, id, [Part(neighbours.water, LEAD)]))
    assert (office.row(id).body, office.row(id).body_id) == ("水务局", neighbours.water)


def test_what_is_done_while_the_line_is_cut_goes_through_later_as_of_when_it_was_done(
    neighbours: Neighbours, clock: Clock
) -> None:
    id, handover = neighbours.handed_over()
    due = neighbours.row(id).due_on
    assert due is not None
    clock.now = dt.datetime.combine(due, dt.time(3), dt.UTC)  # the last day
    asked = [neighbours.accept(handover), neighbours.reply(handover)]
    done_at = clock.now
    assert {neighbours.asked(each) for each in asked} == {(RequestState.QUEUED, None)}
    clock.on(days=9)
    neighbours.settle()
    row = neighbours.row(id)
    assert (row.state, row.replied_at, row.days_late) == (AssignmentState.REPLIED, done_at, 0)
    assert {neighbours.asked(each) for each in asked} == {(RequestState.ACCEPTED, None)}
    assert neighbours.seen(handover).state is AssignmentState.REPLIED


def test_no_moment_is_believed_before_it_was_the_bodys_turn_or_after_it_was_heard(
    neighbours: Neighbours, clock: Clock
) -> None:
    id, handover = neighbours.handed_over()
    neighbours.accept(handover)
    neighbours.settle()
    neighbours.reply(handover)
    neighbours.settle()
    clock.on(days=60)
    neighbours.office.do(lambda unit: handling.send_back(unit, neighbours.office.clerk, id, "未附明细"))
    turn = clock.now
    clock.on(days=1)
    neighbours.asks(places.QINGPU, handover, **A_REPLY | {"asked_at": turn - dt.timedelta(days=59)})
    row = neighbours.row(id)
    assert (row.state, row.replied_at) == (AssignmentState.REPLIED, turn)
    assert (row.days_late or 0) > 0, "a reply that was sent back late cannot be given before"
    neighbours.office.do(lambda unit: handling.send_back(unit, neighbours.office.clerk, id, "再核"))
    neighbours.asks(places.QINGPU, handover, **A_REPLY | {"asked_at": clock.now + dt.timedelta(days=300)})
    assert neighbours.row(id).replied_at == clock.now


def test_nobody_answers_for_a_body_that_is_not_its_own_nor_twice_nor_out_of_turn(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    [own] = neighbours.office.assigned(neighbours.office.agreed(neighbours.office.campaign()))
    before = neighbours.stands(id), neighbours.stands(own)
    for by, subject, told, code in (
        (places.WUJIANG, handover, {"detail": ACCEPT}, Code.NOT_FOUND),
        (places.JIAXING, handover, A_REPLY, Code.NOT_FOUND),
        (places.QINGPU, id, {"detail": ACCEPT}, Code.NOT_FOUND),
        (places.QINGPU, own, {"detail": ACCEPT}, Code.NOT_FOUND),
        (places.QINGPU, f"{places.JIASHAN}.handover.{'1' * 32}", {"detail": ACCEPT}, Code.NOT_FOUND),
        (places.QINGPU, handover, A_REPLY, Code.OUT_OF_TURN),
        (places.QINGPU, handover, {"detail": "CLOSE"}, Code.BAD_VALUE),
        (places.QINGPU, handover, {"detail": None}, Code.BAD_VALUE),
        (places.QINGPU, handover, {"detail": HandlingAct.ASK_TO_RETURN.value, "text": " "}, Code.NEEDS_REASON),
        (places.QINGPU, handover, {"detail": HandlingAct.ASK_EXTENSION.value, "text": "待采购"}, Code.BAD_VALUE),
    ):
        answered = neighbours.asks(by, subject, **told)
        assert (answered.state, answered.code) == (RequestState.REFUSED, code.value), (by, subject, told)
    assert (neighbours.stands(id), neighbours.stands(own)) == before
    assert neighbours.asks(places.QINGPU, handover, detail=ACCEPT).state is RequestState.ACCEPTED
    before = neighbours.stands(id), neighbours.stands(own)
    again = neighbours.asks(places.QINGPU, handover, detail=ACCEPT)
    assert (again.state, again.code) == (RequestState.REFUSED, Code.OUT_OF_TURN.value)
    no_class = neighbours.asks(places.QINGPU, handover, **A_REPLY | {"reply_class": None})
    assert (no_class.state, no_class.code) == (RequestState.REFUSED, Code.BAD_VALUE.value)
    assert (neighbours.stands(id), neighbours.stands(own)) == before


def test_a_request_that_is_replayed_is_done_once(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    neighbours.accept(handover)
    neighbours.settle()
    [request] = neighbours.here.rows(IncomingRow)
    before = neighbours.stands(id)
    with neighbours.here.units.write() as unit:
        told = Seen(places.QINGPU, request.id, "request", request.record(), 9, unit.now, frozenset())
        project_request(unit.session, told)
    neighbours.settle()
    assert neighbours.stands(id) == before
    assert len(neighbours.here.rows(IncomingRow)) == 1


def test_at_home_only_the_bodys_own_contact_acts_and_only_in_turn(neighbours: Neighbours) -> None:
    _, handover = neighbours.handed_over()
    others = (
        (neighbours.contact(neighbours.parks), Code.NOT_FOUND), (neighbours.clerk, Code.FORBIDDEN),
        (places.staff(places.QINGPU, Role.MEMBER), Code.FORBIDDEN), (contact_of(neighbours.water), Code.FORBIDDEN),
        (places.stranger(places.QINGPU, places.JIASHAN, Role.DEPARTMENT), Code.FORBIDDEN),
    )  # fmt: skip
    for who, code in others[:3] + others[4:]:
        neighbours.refused_at_home(code, lambda unit, w=who: service.accept(unit, w, HANDLERS, handover))  # type: ignore[misc]
        assert neighbours.inbox_of(who) == ([handover] if who is neighbours.clerk else [])
    neighbours.refused_at_home(
        Code.OUT_OF_TURN, lambda unit: service.reply(unit, neighbours.contact(), HANDLERS, handover, SOLVED)
    )
    neighbours.accept(handover)
    neighbours.refused_at_home(
        Code.OUT_OF_TURN, lambda unit: service.accept(unit, neighbours.contact(), HANDLERS, handover)
    )
    neighbours.reply(handover)  # behind what is on its way


def test_what_the_owner_refuses_comes_back_with_its_reason_and_changes_nothing(
    neighbours: Neighbours, clock: Clock
) -> None:
    id, handover = neighbours.handed_over()
    office = neighbours.office
    asked = neighbours.accept(handover)
    office.do(lambda unit: over.withdraw(unit, office.clerk, id, "并入另一事项"))
    before = neighbours.stands(id)
    neighbours.settle()
    assert neighbours.asked(asked) == (RequestState.REFUSED, Code.OUT_OF_TURN.value)
    [row] = neighbours.there.rows(RequestRow)
    assert row.reason_zh
    assert neighbours.stands(id) == before
    seen = neighbours.seen(handover)
    assert (seen.state, seen.reason) == (AssignmentState.WITHDRAWN, "并入另一事项")


def test_what_was_given_to_another_body_is_closed_at_home_and_taken_back_from_nobody(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    neighbours.ask_to_return(handover)
    neighbours.settle()
    neighbours.reassigned(id, neighbours.office.roads)
    before = neighbours.stands(id)
    late = neighbours.asks(places.QINGPU, handover, detail=ACCEPT)
    assert (late.state, late.code) == (RequestState.REFUSED, Code.OUT_OF_TURN.value)
    assert neighbours.stands(id) == before
    neighbours.carry()
    assert neighbours.seen(handover).moved_at is not None
    neighbours.refused_at_home(
        Code.OUT_OF_TURN, lambda unit: service.accept(unit, neighbours.contact(), HANDLERS, handover)
    )
    neighbours.office.do(lambda unit: handling.accept(unit, neighbours.office.other, id))
    neighbours.carry()
    assert neighbours.seen(handover).state is AssignmentState.RETURN_ASKED, "it hears nothing of what others do"


def test_a_reassigned_body_of_another_committee_has_it_with_a_clock_of_its_own(neighbours: Neighbours) -> None:
    office = neighbours.office
    [id] = office.assigned(office.agreed(office.campaign()))
    office.do(lambda unit: handling.ask_to_return(unit, office.contact, TERMS, id, "属青浦职责"))
    neighbours.reassigned(id, neighbours.water)
    neighbours.carry()
    handover = neighbours.handover_of(id)
    seen = neighbours.seen(handover)
    assert (seen.state, seen.assigned_on, seen.reason) == (
        AssignmentState.REASSIGNED, office.row(id).assigned_on, None,
    )  # fmt: skip
    neighbours.accept(handover)
    neighbours.settle()
    assert neighbours.row(id).state is AssignmentState.IN_PROGRESS
    office.refused(Code.NOT_FOUND, lambda unit: handling.reply(unit, office.contact, id, SOLVED), id)


def test_an_extension_is_asked_for_and_decided_across_the_line(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    office, contact = neighbours.office, neighbours.contact()
    until = (neighbours.row(id).due_on or dt.date.max) + dt.timedelta(days=10)

    def ask(unit: object) -> object:
        return service.ask_extension(unit, contact, HANDLERS, handover, until, "待采购")  # type: ignore[arg-type]

    neighbours.at_home(ask)
    neighbours.refused_at_home(Code.ALREADY_DONE, ask)
    neighbours.settle()
    assert neighbours.seen(handover).extension_until == until
    neighbours.refused_at_home(Code.ALREADY_DONE, ask)
    office.do(lambda unit: over.grant_extension(unit, office.coordinator, id))
    neighbours.carry()
    seen = neighbours.seen(handover)
    assert (seen.due_on, seen.extension_until, seen.was_due_on) == (until, None, neighbours.row(id).was_due_on)


def test_who_has_it_abroad_is_urged_and_told_another_last_day(neighbours: Neighbours, clock: Clock) -> None:
    id, handover = neighbours.handed_over()
    office, first, until = neighbours.office, neighbours.row(id).due_on, dt.date(2026, 7, 31)
    clock.on(days=1)
    office.do(lambda unit: reminder_service.urge(unit, office.coordinator, [id], "请速办〔事项〕"))
    neighbours.carry()
    seen = neighbours.seen(handover)
    assert (seen.urged_on, seen.urging) == (day_of(clock.now), f"请速办{seen.text}")
    with neighbours.there.units.read() as unit:
        assert inbox_queries.count(unit.session, neighbours.contact(), inbox_queries.Wanted(urged=True)) == 1
    office.do(lambda unit: over.reschedule(unit, office.coordinator, id, until, "雨季停工", "县府办〔2026〕8号"))
    neighbours.carry()
    seen = neighbours.seen(handover)
    assert (seen.due_on, seen.was_due_on) == (until, first)
    assert "雨季停工" in (seen.reason or "")
    neighbours.ask_to_return(handover)
    neighbours.settle()
    neighbours.offer(neighbours.parks, DELTA)
    clock.on(days=1)
    neighbours.reassigned(id, neighbours.parks)
    neighbours.carry()
    assert neighbours.seen(neighbours.handover_of(id)).urging is None, "another body was not urged"


def test_what_comes_for_a_body_that_does_not_take_it_is_the_offices_to_let_in_or_turn_away(
    neighbours: Neighbours,
) -> None:
    """The offer was withdrawn while the assignment was on its way: nobody commands the body, and nothing is silent."""
    office, contact, clerk = neighbours.office, neighbours.contact(), neighbours.clerk
    first, second = (
        office.assigned(office.agreed(office.campaign()), Part(neighbours.water, LEAD))[0] for _ in range(2)
    )
    neighbours.at_home(lambda unit: offer_service.offer(unit, clerk, places.directory(), neighbours.water, []))
    neighbours.carry()
    one, other = neighbours.handover_of(first), neighbours.handover_of(second)
    assert (neighbours.inbox_of(contact), set(neighbours.inbox_of(clerk))) == ([], {one, other})
    neighbours.refused_at_home(Code.NOT_FOUND, lambda unit: service.accept(unit, contact, HANDLERS, one))
    neighbours.refused_at_home(Code.FORBIDDEN, lambda unit: service.let_in(unit, contact, one))
    neighbours.at_home(lambda unit: service.let_in(unit, clerk, one))
    assert neighbours.inbox_of(contact) == [one]
    neighbours.refused_at_home(Code.OUT_OF_TURN, lambda unit: service.let_in(unit, clerk, one))
    neighbours.at_home(lambda unit: service.turn_away(unit, clerk, HANDLERS, other, "本区未同意承办"))
    neighbours.settle()
    assert (neighbours.row(second).state, neighbours.row(second).return_because) == (
        AssignmentState.RETURN_ASKED, "本区未同意承办",
    )  # fmt: skip


def test_what_is_for_no_body_of_ours_is_a_dead_letter_and_in_no_inbox(neighbours: Neighbours) -> None:
    _, handover = neighbours.handed_over()
    was = neighbours.seen(handover)
    [mine] = [row for row in neighbours.here.rows(HandoverRow) if row.id == handover]
    for body in (neighbours.parks, f"{places.QINGPU}.body.{'9' * 32}", f"{places.WUJIANG}.body.{'9' * 32}"):
        with neighbours.here.units.write() as unit:
            unit.publish(replace(mine.record(), body_id=body), mine.revision + 1, {f"x_{places.QINGPU}"})
        neighbours.carry()
    assert len(neighbours.there.rows(DeadLetterRow)) == 1
    assert neighbours.seen(handover).body_id == was.body_id
    assert neighbours.inbox_of(neighbours.contact(neighbours.parks)) == []


def test_a_lead_abroad_is_told_the_opinions_that_it_waits_for(neighbours: Neighbours) -> None:
    office = neighbours.office
    parts = [Part(neighbours.water, LEAD), Part(office.roads, ASSIST)]
    lead, beside = office.assigned(office.agreed(office.campaign()), *parts)
    neighbours.carry()
    handover = neighbours.handover_of(lead)
    neighbours.accept(handover)
    assert (neighbours.seen(handover).opinions, neighbours.seen(handover).awaited) == ([], ["交通局"])
    neighbours.refused_at_home(
        Code.OPINIONS_MISSING, lambda unit: service.reply(unit, neighbours.contact(), HANDLERS, handover, SOLVED)
    )
    office.do(lambda unit: handling.accept(unit, office.other, beside))
    office.replied(beside)
    neighbours.settle()
    seen = neighbours.seen(handover)
    assert (seen.opinions, seen.awaited) == ([f"交通局：{SOLVED.text}"], [])
    neighbours.reply(handover)
    neighbours.settle()
    office.closed(lead)
    assert office.row(beside).state is AssignmentState.CLOSED


def test_it_counts_for_who_handed_it_over_and_not_for_the_home(neighbours: Neighbours, clock: Clock) -> None:
    _, handover = neighbours.handed_over()
    neighbours.accept(handover)
    neighbours.reply(handover)
    neighbours.settle()

    def replied(committee: Committee) -> int:
        with committee.units.read() as unit:
            return len(figures_queries.replied(unit.session, day_of(clock.now), day_of(clock.now)))

    assert (replied(neighbours.here), replied(neighbours.there)) == (1, 0)
    assert neighbours.inbox_of(neighbours.contact()) == [handover]


def test_a_contact_that_is_erased_at_home_is_forgotten_where_it_was_told(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    neighbours.accept(handover)
    neighbours.reply(handover)
    neighbours.settle()
    assert neighbours.row(id).contact_phone == SOLVED.contact_phone
    whom = Whom(id=f"{places.QINGPU}.person.{'1' * 32}", name=SOLVED.contact_name, phone=SOLVED.contact_phone)
    assert neighbours.at_home(lambda unit: asked_personal.erase(unit, whom)) == 1
    neighbours.settle()
    row = neighbours.row(id)
    assert (row.contact_name, row.contact_phone, row.state) == (None, None, AssignmentState.REPLIED)
    assert {each.contact_phone for each in neighbours.here.rows(IncomingRow)} == {None}


def test_evidence_stands_as_it_is_behind_a_reply_that_is_on_its_way(neighbours: Neighbours) -> None:
    id, handover = neighbours.handed_over()
    neighbours.accept(handover)
    neighbours.settle()

    def may_attach() -> bool:
        with neighbours.there.units.read() as unit:
            return inbox_queries.may_attach(unit.session, neighbours.contact(), handover)

    assert may_attach()
    neighbours.reply(handover)
    assert not may_attach()
    neighbours.settle()
    neighbours.office.do(lambda unit: handling.send_back(unit, neighbours.office.clerk, id, "请补充照片"))
    neighbours.settle()
    assert may_attach()
