"""Practice 2: a committee can't order a department. Each test is one of its sentences."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import AssignmentOrder, AssignmentState, ItemState, ReplyClass, Satisfaction
from sync.contract.shapes.requests import RequestState
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries, service
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments.descriptions import Paper, Reply
from tenant_service.assignments.rules import Part
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import Neighbours
from tests.tenant_service.assignments.office import ASSIST, LAMPS, LEAD, SEPARATE, SOLVED, TERMS, Office
from tests.tenant_service.places import Clock

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TODAY = dt.date(2026, 4, 1)
MAY = dt.date(2026, 5, 8)


@pytest.mark.practice(2)
def test_the_committee_only_forwards_and_the_office_it_names_assigns(office: Office) -> None:
    item = office.agreed(office.campaign())
    id = office.forwarded(item)
    parts = [Part(office.bureau, LEAD)]
    for who in (office.clerk, office.secretary, office.contact):
        office.refused(Code.FORBIDDEN, lambda unit, w=who: over.assign(unit, w, TERMS, id, parts), id, item)  # type: ignore[misc]
    assert (office.row(id).office, office.row(id).body, office.item(item).state) == (
        "县府办督查室", None, ItemState.AGREED,
    )  # fmt: skip
    office.do(lambda unit: over.assign(unit, office.coordinator, TERMS, id, parts, "请于月底前办理"))
    assert (office.row(id).body, office.item(item).state) == ("住建局", ItemState.ASSIGNED)


@pytest.mark.practice(2)
def test_opinions_go_to_the_lead_whose_reply_waits_for_them_or_says_which_are_missing(office: Office) -> None:
    item = office.agreed(office.campaign())
    lead, beside = office.in_progress(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    office.refused(Code.OPINIONS_MISSING, lambda unit: handling.reply(unit, office.contact, lead, SOLVED), lead)
    office.replied(beside)
    for act in (
        lambda unit: handling.verify(unit, office.clerk, beside),
        lambda unit: handling.send_back(unit, office.clerk, beside, "再议"),
    ):
        office.refused(Code.OUT_OF_TURN, act, beside)
    office.replied(lead)
    office.closed(lead)
    assert office.row(beside).state is AssignmentState.CLOSED
    assert office.item(item).state is ItemState.DONE


def test_who_does_not_wait_says_whom_he_did_not_wait_for(office: Office) -> None:
    lead, beside = office.in_progress(
        office.agreed(office.campaign()), Part(office.bureau, LEAD), Part(office.roads, ASSIST)
    )
    office.do(lambda unit: handling.reply(unit, office.contact, lead, SOLVED, without_opinions=True))
    with office.units.read() as unit:
        assert taken.of(unit.session, lead)[-1].because == "未收到会办意见：交通局"
    office.closed(lead)
    assert office.row(beside).state is AssignmentState.WITHDRAWN


def test_an_opinion_that_comes_after_the_reply_was_verified_is_closed_with_it(office: Office) -> None:
    item = office.agreed(office.campaign())
    lead, beside = office.in_progress(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    office.do(lambda unit: handling.reply(unit, office.contact, lead, SOLVED, without_opinions=True))
    office.do(lambda unit: handling.verify(unit, office.clerk, lead))
    office.replied(beside)
    rated = Satisfaction.SATISFIED
    office.do(lambda unit: handling.close(unit, office.secretary, lead, rated, unclassified=True))
    assert [act for act, _, _ in office.steps(beside)][-3:] == ["reply", "verify", "close"]
    assert (office.row(beside).state, office.item(item).state) == (AssignmentState.CLOSED, ItemState.DONE)
    assert office.row(beside).closed_at is not None


def test_an_opinion_that_came_is_withdrawn_with_its_lead(office: Office) -> None:
    item = office.agreed(office.campaign())
    lead, beside = office.in_progress(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    office.replied(beside)
    office.do(lambda unit: over.withdraw(unit, office.clerk, lead, "并入另一事项"))
    assert [office.row(each).state for each in (lead, beside)] == [AssignmentState.WITHDRAWN] * 2
    assert office.row(beside).withdrawn_because == "并入另一事项"
    assert office.item(item).state is ItemState.AGREED


def test_of_several_that_answer_separately_each_has_to(office: Office) -> None:
    item = office.agreed(office.campaign())
    first, second = office.in_progress(item, Part(office.bureau, SEPARATE), Part(office.roads, SEPARATE))
    office.replied(first)
    office.closed(first)
    assert office.item(item).state is ItemState.ASSIGNED
    office.replied(second)
    office.closed(second)
    assert office.item(item).state is ItemState.DONE


@pytest.mark.practice(2)
def test_a_body_may_ask_to_return_it_within_five_workdays(office: Office, clock: Clock) -> None:
    first, second = (office.agreed(office.campaign()) for _ in range(2))
    [id], [later] = office.assigned(first), office.assigned(second)
    clock.now = dt.datetime(2026, 4, 9, 2, tzinfo=dt.UTC)  # the fifth workday: Qingming is 4–6 April
    office.refused(Code.NEEDS_REASON, lambda unit: handling.ask_to_return(unit, office.contact, TERMS, id, " "), id)
    office.do(lambda unit: handling.ask_to_return(unit, office.contact, TERMS, id, "属交通局职责", "交通局"))
    row = office.row(id)
    assert (row.state, row.return_because, row.return_to) == (AssignmentState.RETURN_ASKED, "属交通局职责", "交通局")
    clock.on(days=1)
    office.refused(
        Code.RETURN_OVER, lambda unit: handling.ask_to_return(unit, office.contact, TERMS, later, "迟了"), later
    )


def test_nobody_passes_it_on_by_himself(office: Office) -> None:
    [id] = office.assigned(office.agreed(office.campaign()))
    office.refused(Code.FORBIDDEN, lambda unit: over.reassign(unit, office.contact, TERMS, id, office.roads), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: over.reassign(unit, office.coordinator, TERMS, id, office.roads), id)


def test_what_is_upheld_goes_on_with_its_clock(office: Office, clock: Clock) -> None:
    [id] = office.assigned(office.agreed(office.campaign()), Part(office.bureau, LEAD, MAY))
    clock.on(days=1)
    office.do(lambda unit: handling.ask_to_return(unit, office.contact, TERMS, id, "不属本局"))
    clock.on(days=5)
    office.do(lambda unit: over.uphold(unit, office.coordinator, id, "职责在你局"))
    row = office.row(id)
    assert (row.state, row.assigned_on, row.due_on) == (AssignmentState.ASSIGNED, TODAY, MAY)


@pytest.mark.practice(2)
def test_reassigning_restarts_the_clock_for_the_new_body_only(office: Office, clock: Clock) -> None:
    item = office.agreed(office.campaign())
    lead, beside = office.assigned(item, Part(office.bureau, LEAD, MAY), Part(office.desk, ASSIST, MAY))
    office.do(lambda unit: handling.ask_to_return(unit, office.contact, TERMS, lead, "不属本局"))
    clock.on(days=6)
    office.refused(
        Code.PARTS_UNCLEAR, lambda unit: over.reassign(unit, office.coordinator, TERMS, lead, office.desk), lead
    )
    office.refused(  # or its clock would begin anew
        Code.PARTS_UNCLEAR, lambda unit: over.reassign(unit, office.coordinator, TERMS, lead, office.bureau), lead
    )
    office.do(lambda unit: over.reassign(unit, office.coordinator, TERMS, lead, office.roads, dt.date(2026, 6, 1)))
    row, other = office.row(lead), office.row(beside)
    assert (row.body, row.assigned_on, row.due_on) == ("交通局", dt.date(2026, 4, 7), dt.date(2026, 6, 1))
    assert (other.assigned_on, other.due_on) == (TODAY, MAY)
    office.refused(Code.NOT_FOUND, lambda unit: handling.accept(unit, office.contact, lead), lead)
    office.do(lambda unit: handling.accept(unit, office.other, lead))


def test_more_time_is_asked_for_before_the_due_date_and_both_dates_stay(office: Office, clock: Clock) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, MAY))
    contact, more = office.contact, dt.date(2026, 5, 20)
    office.refused(Code.BAD_TIME, lambda unit: handling.ask_extension(unit, contact, id, MAY, "待采购"), id)
    clock.now = dt.datetime(2026, 5, 8, 2, tzinfo=dt.UTC)  # the last day
    office.do(lambda unit: handling.ask_extension(unit, contact, id, more, "待采购"))
    office.refused(Code.ALREADY_DONE, lambda unit: handling.ask_extension(unit, contact, id, more, "待采购"), id)
    office.refused(Code.FORBIDDEN, lambda unit: over.grant_extension(unit, office.clerk, id), id)
    office.do(lambda unit: over.grant_extension(unit, office.coordinator, id))
    assert (office.row(id).due_on, office.row(id).was_due_on) == (more, MAY)
    clock.on(days=13)
    late = dt.date(2026, 6, 1)
    office.refused(Code.EXTENSION_OVER, lambda unit: handling.ask_extension(unit, contact, id, late, "再延"), id)


def test_an_extension_is_not_granted_when_the_day_asked_for_is_over(office: Office, clock: Clock) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, MAY))
    office.do(lambda unit: handling.ask_extension(unit, office.contact, id, dt.date(2026, 5, 20), "待采购"))
    clock.on(days=60)
    office.refused(Code.BAD_TIME, lambda unit: over.grant_extension(unit, office.coordinator, id), id)


def test_an_extension_that_is_refused_leaves_the_date(office: Office) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, MAY))
    office.do(lambda unit: handling.ask_extension(unit, office.contact, id, dt.date(2026, 6, 1), "待采购"))
    office.refused(Code.NEEDS_REASON, lambda unit: over.refuse_extension(unit, office.coordinator, id, ""), id)
    office.do(lambda unit: over.refuse_extension(unit, office.coordinator, id, "时间充裕"))
    row = office.row(id)
    assert (row.due_on, row.was_due_on, row.extension_until) == (MAY, None, None)


@pytest.mark.practice(2)
@pytest.mark.seed(47)
def test_a_late_reply_stays_late_after_it_was_closed_and_taken_up_again(office: Office, clock: Clock) -> None:
    item = office.agreed(office.campaign())
    [id] = office.in_progress(item, Part(office.bureau, LEAD, MAY))
    clock.now = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
    office.replied(id)
    assert office.row(id).days_late == 12
    office.do(lambda unit: handling.send_back(unit, office.clerk, id, "未附照片"))
    clock.on(days=1)
    office.replied(id)
    office.closed(id)
    assert (office.row(id).days_late, office.row(id).state) == (13, AssignmentState.CLOSED)
    office.do(lambda unit: service.reopen(unit, office.secretary, item, "路灯又坏了"))
    office.refused(Code.FORBIDDEN, lambda unit: over.reopen(unit, office.clerk, TERMS, id), id)
    office.do(lambda unit: over.reopen(unit, office.coordinator, TERMS, id, dt.date(2026, 6, 30)))
    assert (office.item(item).state, office.row(id).state) == (ItemState.ASSIGNED, AssignmentState.IN_PROGRESS)
    office.replied(id)
    office.closed(id, Satisfaction.BASICALLY)
    assert (office.row(id).days_late, office.item(item).state) == (13, ItemState.DONE)


def test_a_closed_part_is_taken_up_for_the_reason_of_its_item_or_for_its_own(office: Office) -> None:
    item, desk = office.agreed(office.campaign()), office.coordinator
    parts = office.in_progress(item, Part(office.bureau, SEPARATE), Part(office.roads, SEPARATE))
    planned = Reply("列入2027年计划。", ReplyClass.PLANNED, "周科长", "0573-84020000")
    for id in parts:
        office.replied(id, planned)
        office.closed(id)
    first, second = parts
    assert office.item(item).state is ItemState.ASSIGNED
    for why in (None, "看看"):
        act = lambda unit, w=why: over.reopen(unit, desk, TERMS, first, None, w)  # noqa: E731
        office.refused(Code.OUT_OF_TURN, act, first, item)
    office.do(lambda unit: service.carry_out(unit, office.secretary, item))
    office.do(lambda unit: service.reopen(unit, office.secretary, item, "路灯又坏了"))
    office.do(lambda unit: over.reopen(unit, desk, TERMS, first))
    office.refused(Code.NEEDS_REASON, lambda unit: over.reopen(unit, desk, TERMS, second), second, item)
    office.do(lambda unit: over.reopen(unit, desk, TERMS, second, None, "路口也不亮"))
    assert [office.row(id).sent_back_because for id in parts] == ["路灯又坏了", "路口也不亮"]
    for id in parts:
        office.replied(id)
        office.closed(id)
    assert (office.item(item).state, office.item(item).reason) == (ItemState.DONE, None), "it is done again"
    assert [step.because for step in office.history(item) if step.act == "reopen"] == ["路灯又坏了"]


def test_an_opinion_is_taken_up_only_for_who_leads(office: Office) -> None:
    item, desk = office.agreed(office.campaign()), office.coordinator
    lead, beside = office.in_progress(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    office.replied(beside)
    office.replied(lead)
    office.closed(lead)
    office.do(lambda unit: service.reopen(unit, office.secretary, item, "路灯又坏了"))
    office.refused(Code.OUT_OF_TURN, lambda unit: over.reopen(unit, desk, TERMS, beside), beside, item)
    office.do(lambda unit: over.reopen(unit, desk, TERMS, lead))
    office.do(lambda unit: over.reopen(unit, desk, TERMS, beside, None, "请再提意见"))
    office.do(lambda unit: over.withdraw(unit, office.clerk, lead, "并入另一事项"))
    assert [office.row(each).state for each in (lead, beside)] == [AssignmentState.WITHDRAWN] * 2


def test_a_body_has_one_inbox_with_all_that_is_assigned_to_it(office: Office) -> None:
    ours = [office.assigned(office.agreed(office.campaign()))[0] for _ in range(2)]
    office.assigned(office.agreed(office.campaign()), Part(office.roads, LEAD))
    with office.units.read() as unit:
        found = handling_queries.listed(
            unit.session, office.contact, handling_queries.Wanted(), AssignmentOrder.DUE_ON_ASC, 20, None
        ).rows
    assert {row.id for row in found} == set(ours)


@pytest.mark.practice(2)
def test_what_a_body_without_an_account_says_on_paper_is_entered_for_it_by_the_office(
    office: Office, clock: Clock
) -> None:
    """代录: practice 2 and 14. Whoever entered it and the day of the paper stand beside it, and how late it is follows
    from that day.
    """
    [id] = office.assigned(office.agreed(office.campaign()), Part(office.bureau, LEAD, dt.date(2026, 4, 10)))
    clock.on(days=15)
    letter, named = Paper(dt.date(2026, 4, 8)), Paper(dt.date(2026, 4, 13), "建函〔2026〕12号")
    for paper in (Paper(dt.date(2026, 4, 17)), Paper(dt.date(2026, 3, 31))):
        office.refused(Code.BAD_TIME, lambda unit, p=paper: handling.accept(unit, office.clerk, id, p), id)  # type: ignore[misc]
    for who in (office.contact, office.coordinator, office.secretary.__class__(office.clerk.committee)):
        code = Code.FORBIDDEN if who.iss else Code.NOT_SIGNED_IN
        office.refused(code, lambda unit, w=who: handling.accept(unit, w, id, letter), id)  # type: ignore[misc]
    office.do(lambda unit: handling.accept(unit, office.clerk, id, letter))
    office.refused(Code.PAPER_NEEDED, lambda unit: handling.reply(unit, office.clerk, id, SOLVED, paper=letter), id)
    office.do(lambda unit: handling.reply(unit, office.clerk, id, SOLVED, paper=named))
    row = office.row(id)
    assert (row.paper_on, row.paper_number, row.paper_by) == (named.day, named.number, office.clerk.sub)
    assert (row.replied_at and row.replied_at.date(), row.days_late) == (dt.date(2026, 4, 12), 3), "midnight there"
    told = [(each.act, each.sub, each.because) for each in office.history(id)[-2:]]
    assert told == [
        ("accept_on_paper", office.clerk.sub, "住建局2026-04-08来文"),
        ("reply_on_paper", office.clerk.sub, "住建局2026-04-13来文（建函〔2026〕12号）"),
    ]
    office.do(lambda unit: handling.send_back(unit, office.clerk, id, "请补充照片"))
    office.replied(id)
    assert office.row(id).paper_on is None, "the body answered itself at last"


def test_a_body_on_paper_may_ask_to_return_it_by_the_day_of_its_paper_and_one_with_an_account_answers_itself(
    office: Office, clock: Clock
) -> None:
    [id] = office.assigned(office.agreed(office.campaign()))
    clock.on(days=15)
    ask = handling.ask_to_return
    late, letter = Paper(dt.date(2026, 4, 14)), Paper(dt.date(2026, 4, 7), "建函〔2026〕9号")
    office.refused(
        Code.RETURN_OVER, lambda unit: ask(unit, office.clerk, TERMS, id, "不属职责", paper=late), id
    )  # fmt: skip
    office.do(lambda unit: ask(unit, office.clerk, TERMS, id, "不属职责", "交通局", letter))
    assert (office.row(id).state, office.row(id).return_to) == (AssignmentState.RETURN_ASKED, "交通局")
    assert office.history(id)[-1].because == "住建局2026-04-07来文（建函〔2026〕9号）：不属职责"
    office.do(lambda unit: over.uphold(unit, office.coordinator, id, "维持"))
    founder, body = accounts.founder(office.clerk.committee), office.bureau
    draft = accounts.Draft("zhou", "周科长", frozenset({Role.DEPARTMENT}), body=body)
    made = office.do(lambda unit: accounts.create(unit, founder, draft, "unused"))
    with office.units.write() as unit, pytest.raises(Refusal) as refusal:
        handling.accept(unit, office.clerk, id, letter)
    assert refusal.value.zh == "“住建局”有自己的账号，请由周科长办理；没有账号的单位才由机关代录"
    accept = lambda unit: handling.accept(unit, office.clerk, id, letter)  # noqa: E731
    office.refused(Code.BODY_ANSWERS_ITSELF, accept, id)
    office.do(lambda unit: accounts.close(unit, founder, made.id, "已调离本岗位"))
    office.refused(Code.BAD_TIME, accept, id)  # from before it was upheld
    office.do(lambda unit: handling.accept(unit, office.clerk, id, Paper(dt.date(2026, 4, 16))))
    assert office.row(id).state is AssignmentState.IN_PROGRESS


@pytest.mark.practice(2)
def test_another_committees_assignment_lies_in_the_bodys_inbox_at_home_and_its_acts_are_taken_over(
    neighbours: Neighbours, clock: Clock
) -> None:
    """One inbox per body: accept, 退办 and reply are home records that the assigner takes over."""
    id, handover = neighbours.handed_over()
    assert neighbours.inbox_of(neighbours.contact()) == [handover]
    seen = neighbours.seen(handover)
    assert (seen.committee_id, seen.office, seen.text) == (places.JIASHAN, "县府办督查室", LAMPS.text)
    assert (seen.title, seen.due_on) == (neighbours.office.supervision.row(neighbours.office.item(
        neighbours.row(id).item_id).list_id).title, neighbours.row(id).due_on)  # fmt: skip
    asked = neighbours.ask_to_return(handover)
    assert neighbours.row(id).state is AssignmentState.ASSIGNED, "it is on its way, and nothing else"
    neighbours.settle()
    row = neighbours.row(id)
    assert (row.state, row.return_because, row.return_to) == (AssignmentState.RETURN_ASKED, "不属本局职责", "市政局")
    assert neighbours.asked(asked) == (RequestState.ACCEPTED, None)
    office = neighbours.office
    office.do(lambda unit: over.uphold(unit, office.coordinator, id, "职责在你局"))
    neighbours.carry()
    assert (neighbours.seen(handover).state, neighbours.seen(handover).reason) == (
        AssignmentState.ASSIGNED, "职责在你局",
    )  # fmt: skip
    neighbours.accept(handover)
    neighbours.settle()
    neighbours.reply(handover)
    neighbours.settle()
    row = neighbours.row(id)
    assert (row.state, row.drafted_reply, row.contact_phone, row.paper_number, row.days_late) == (
        AssignmentState.REPLIED, SOLVED.text, SOLVED.contact_phone, "青水〔2026〕8号", 0,
    )  # fmt: skip
    office.closed(id)
    neighbours.carry()
    assert neighbours.seen(handover).state is AssignmentState.CLOSED
    assert office.item(row.item_id).state is ItemState.DONE


def test_a_paper_from_before_it_was_sent_back_does_not_make_the_next_reply_timely(office: Office, clock: Clock) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, dt.date(2026, 4, 10)))
    office.replied(id)
    clock.on(days=20)
    office.do(lambda unit: handling.send_back(unit, office.clerk, id, "请补充照片"))
    clock.on(days=2)
    early = Paper(dt.date(2026, 4, 9), "建函〔2026〕12号")
    office.refused(Code.BAD_TIME, lambda unit: handling.reply(unit, office.clerk, id, SOLVED, paper=early), id)
    since = Paper(dt.date(2026, 4, 21), "建函〔2026〕19号")
    office.do(lambda unit: handling.reply(unit, office.clerk, id, SOLVED, paper=since))
    assert office.row(id).days_late == 11
