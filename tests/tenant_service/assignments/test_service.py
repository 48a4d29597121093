"""From a suggestion to what came of it: each act does what it says, and what is refused leaves no trace."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.items import AssignmentState, ItemKind, ItemState, ReplyClass, Satisfaction
from tenant_service.activities import service as activities
from tenant_service.assignments import call_service as calls
from tenant_service.assignments import figures_queries, service
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments.call_service import Draft as Call
from tenant_service.assignments.descriptions import Draft, Paper, Reply
from tenant_service.assignments.rules import Part
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.supervision import service as campaigns
from tenant_service.supervision.rules import Counts
from tenant_service.topics import handling_service as topics
from tests.tenant_service import places
from tests.tenant_service.assignments.office import ASSIST, LAMPS, LEAD, SEPARATE, SOLVED, TERMS, Office
from tests.tenant_service.supervision.office import PARENT
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import Office as Topics

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_a_suggestion_is_agreed_handed_over_replied_to_and_done(office: Office) -> None:
    campaign = office.campaign()
    item = office.proposed(campaign, PARENT)
    assert {event.record for event in told(office.units)} == {campaign}, "nobody hears of what is not agreed"
    office.do(lambda unit: service.agree(unit, office.secretary, item, unclassified=True))
    [id] = office.in_progress(item)
    office.replied(id)
    assert office.item(item).state is ItemState.ASSIGNED
    assert {event.data["reply"] for event in told(office.units) if event.record == id} == {None}
    office.closed(id)
    row, done = office.row(id), office.item(item)
    assert (row.state, row.days_late, row.body, row.office) == (AssignmentState.CLOSED, 0, "住建局", "县府办督查室")
    assert (done.state, done.number) == (ItemState.DONE, 1)
    assert done.done_at is not None
    [*_, last] = [event for event in told(office.units) if event.record == id]
    assert (last.data["reply"], last.data["reply_class"], last.data["satisfaction"]) == (
        "已加装路灯12盏。", "SOLVED", "SATISFIED",
    )  # fmt: skip
    assert not {"contact_name", "contact_phone", "instructions"} & last.data.keys()
    assert office.steps(item) == [
        ("propose", None, "PROPOSED"), ("agree", "PROPOSED", "AGREED"), ("forward", "AGREED", "AGREED"),
        ("assign", "AGREED", "ASSIGNED"), ("carry_out", "ASSIGNED", "DONE"),
    ]  # fmt: skip
    assert [act for act, _, _ in office.steps(id)] == ["forward", "assign", "accept", "reply", "verify", "close"]


def test_a_campaign_knows_what_its_list_comes_to(office: Office) -> None:
    campaign = office.campaign()
    finding = office.agreed(campaign, draft=Draft(ItemKind.FINDING, "台账不全", office.bureau))
    office.agreed(campaign)
    other = office.proposed(campaign)
    [id] = office.in_progress(finding)
    office.replied(id)
    assert office.supervision.row(campaign).counts() == Counts(
        findings=1, suggestions=1, handed_over=1, done=0, set_aside=0, unsettled=3, fixed=1, findings_done=0
    )
    office.closed(id)
    office.do(lambda unit: service.not_adopt(unit, office.secretary, other, "已有部署"))
    assert office.supervision.row(campaign).counts() == Counts(
        findings=1, suggestions=1, handed_over=1, done=1, set_aside=0, unsettled=1, fixed=1, findings_done=1
    )
    [*_, last] = [event for event in told(office.units) if event.record == campaign]
    assert (last.data["findings"], last.data["done"], last.data["set_aside"]) == (1, 1, 0)
    assert office.item(finding).body == "住建局"


@ON_SQLITE
def test_a_number_is_given_in_order_and_never_used_again(office: Office) -> None:
    campaign = office.campaign()
    first, second = office.proposed(campaign), office.proposed(campaign)
    office.do(lambda unit: service.agree_all(unit, office.secretary, campaign, unclassified=True))
    assert (office.item(first).number, office.item(second).number) == (1, 2)
    office.do(lambda unit: service.not_adopt(unit, office.secretary, second, "重复"))
    assert office.item(office.agreed(campaign)).number == 3
    office.refused(
        Code.ALREADY_DONE, lambda unit: service.agree_all(unit, office.secretary, campaign, unclassified=True)
    )


@ON_SQLITE
def test_a_list_hangs_on_a_session_that_is_signed(office: Office) -> None:
    described = activities.Draft("议事", ActivityKind.HALL_SESSION, places.SPRING, "惠通村")
    directory = office.supervision.directory
    session = office.do(lambda unit: activities.draft(unit, office.clerk, directory, described, [])).id
    office.refused(Code.LIST_SHUT, lambda unit: service.propose(unit, office.clerk, directory, session, LAMPS, []))
    office.do(lambda unit: activities.submit(unit, office.clerk, session))
    office.do(lambda unit: activities.sign_off(unit, office.secretary, session, unclassified=True))
    assert office.item(office.agreed(session)).list_id == session
    finding = replace(LAMPS, kind=ItemKind.FINDING)
    office.refused(Code.BAD_VALUE, lambda unit: service.propose(unit, office.clerk, directory, session, finding, []))


@ON_SQLITE
def test_what_is_not_agreed_is_rewritten_or_discarded_whole(office: Office) -> None:
    campaign, directory = office.campaign(), office.supervision.directory
    id = office.proposed(campaign)
    redrafted = Draft(ItemKind.FINDING, "路灯不足", office.roads)
    office.do(lambda unit: service.redraft(unit, office.clerk, directory, id, redrafted, []))
    assert (office.item(id).text, office.item(id).body) == ("路灯不足", "交通局")
    office.do(lambda unit: service.discard(unit, office.clerk, id))
    office.refused(Code.NOT_FOUND, lambda unit: service.discard(unit, office.clerk, id))
    assert office.supervision.row(campaign).findings == 0
    agreed = office.agreed(campaign)
    office.refused(Code.OUT_OF_TURN, lambda unit: service.discard(unit, office.clerk, agreed), agreed)
    office.refused(
        Code.OUT_OF_TURN, lambda unit: service.redraft(unit, office.clerk, directory, agreed, redrafted, []), agreed
    )


@ON_SQLITE
def test_what_cannot_be_said_is_refused(office: Office, member: Actor) -> None:
    campaign, directory = office.campaign(), office.supervision.directory
    for draft, code in (
        (replace(LAMPS, text=" "), Code.BAD_VALUE), (replace(LAMPS, text="灯" * 501), Code.BAD_VALUE),
        (replace(LAMPS, text="【机密】"), Code.CLASSIFIED), (replace(LAMPS, body_id="x"), Code.BAD_ID),
        (replace(LAMPS, body_id=f"{places.JIASHAN}.body.{'0' * 32}"), Code.NOT_FOUND),
    ):  # fmt: skip
        office.refused(
            code,
            lambda unit, d=draft: service.propose(unit, office.clerk, directory, campaign, d, [PARENT]),  # type: ignore[misc]
        )
    for who, no in ((member, Code.FORBIDDEN), (office.contact, Code.FORBIDDEN), (nobody(places.JIASHAN), None)):
        refused = no or Code.NOT_SIGNED_IN
        office.refused(
            refused,
            lambda unit, w=who: service.propose(unit, w, directory, campaign, LAMPS, []),  # type: ignore[misc]
        )
    office.refused(Code.NOT_FOUND, lambda unit: service.propose(unit, office.clerk, directory, office.desk, LAMPS, []))


@ON_SQLITE
def test_a_step_out_of_turn_is_refused(office: Office) -> None:
    clerk, secretary, contact, desk = office.clerk, office.secretary, office.contact, office.coordinator
    item = office.proposed(office.campaign(), PARENT)
    office.refused(Code.OUT_OF_TURN, lambda unit: over.forward(unit, clerk, item, office.desk), item)
    office.refused(
        Code.SECRECY_UNCONFIRMED, lambda unit: service.agree(unit, secretary, item, unclassified=False), item
    )
    office.refused(Code.OUT_OF_TURN, lambda unit: service.carry_out(unit, secretary, item), item)
    office.refused(Code.NEEDS_REASON, lambda unit: service.not_adopt(unit, secretary, item, " "), item)
    office.do(lambda unit: service.agree(unit, secretary, item, unclassified=True))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.agree(unit, secretary, item, unclassified=True), item)
    id = office.forwarded(item)
    office.refused(Code.STILL_IN_HANDS, lambda unit: over.forward(unit, clerk, item, office.desk), item)
    office.refused(Code.STILL_IN_HANDS, lambda unit: service.not_adopt(unit, secretary, item, "不办"), item)
    office.refused(Code.NOT_FOUND, lambda unit: handling.accept(unit, contact, id), id)
    office.do(lambda unit: over.assign(unit, desk, TERMS, id, [Part(office.bureau, LEAD)]))
    office.refused(Code.OUT_OF_TURN, lambda unit: over.assign(unit, desk, TERMS, id, [Part(office.bureau, LEAD)]), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: handling.reply(unit, contact, id, SOLVED), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: handling.verify(unit, clerk, id), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: over.uphold(unit, desk, id, "维持"), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: over.grant_extension(unit, desk, id), id)
    office.do(lambda unit: handling.accept(unit, contact, id))
    office.refused(Code.OUT_OF_TURN, lambda unit: handling.ask_to_return(unit, contact, TERMS, id, "不属本局"), id)
    office.refused(Code.BAD_VALUE, lambda unit: handling.reply(unit, contact, id, replace(SOLVED, text="")), id)
    office.replied(id)
    office.refused(Code.OUT_OF_TURN, lambda unit: over.withdraw(unit, clerk, id, "不办"), id)
    office.do(lambda unit: handling.verify(unit, clerk, id, "实地查看"))
    rated = Satisfaction.SATISFIED
    office.refused(Code.FORBIDDEN, lambda unit: handling.close(unit, clerk, id, rated, unclassified=True), id)
    office.refused(
        Code.SECRECY_UNCONFIRMED, lambda unit: handling.close(unit, secretary, id, rated, unclassified=False), id
    )
    office.do(lambda unit: handling.close(unit, secretary, id, rated, unclassified=True))
    office.refused(Code.OUT_OF_TURN, lambda unit: over.reopen(unit, desk, TERMS, id), id, item)


@ON_SQLITE
def test_who_may_not_is_refused_whatever_it_is(office: Office, member: Actor) -> None:
    item = office.agreed(office.campaign())
    [id] = office.assigned(item)
    for who in (member, office.clerk, office.secretary, office.contact, office.other):
        office.refused(Code.FORBIDDEN, lambda unit, w=who: over.uphold(unit, w, id, "维持"), id)  # type: ignore[misc]
    for who in (member, office.clerk, office.secretary, office.coordinator):
        office.refused(Code.FORBIDDEN, lambda unit, w=who: handling.accept(unit, w, id), id)  # type: ignore[misc]
    for who in (member, office.contact, office.coordinator):
        office.refused(Code.FORBIDDEN, lambda unit, w=who: over.withdraw(unit, w, id, "不办"), id)  # type: ignore[misc]
    for lacking in (office.other, replace(office.contact, body=None)):
        office.refused(Code.NOT_FOUND, lambda unit, w=lacking: handling.accept(unit, w, id), id)  # type: ignore[misc]
    elsewhere = replace(office.coordinator, body=office.roads)
    office.refused(Code.NOT_FOUND, lambda unit: over.uphold(unit, elsewhere, id, "维持"), id)


@ON_SQLITE
def test_one_leads_or_each_answers_and_a_due_date_lies_ahead(office: Office) -> None:
    item = office.agreed(office.campaign())
    id, today = office.forwarded(item), dt.date(2026, 4, 1)
    b, r, d = office.bureau, office.roads, office.desk
    for parts in (
        [], [Part(b, ASSIST)], [Part(b, SEPARATE)], [Part(b, LEAD), Part(r, LEAD)], [Part(b, LEAD), Part(b, ASSIST)],
        [Part(b, SEPARATE), Part(r, SEPARATE), Part(d, ASSIST)], [Part(b, LEAD), Part(r, SEPARATE)],
    ):  # fmt: skip
        office.refused(
            Code.PARTS_UNCLEAR,
            lambda unit, p=parts: over.assign(unit, office.coordinator, TERMS, id, p),  # type: ignore[misc]
            id, item,
        )  # fmt: skip
    for due in (today, dt.date(2026, 3, 31), dt.date(2030, 1, 1)):
        office.refused(
            Code.BAD_TIME,
            lambda unit, on=due: over.assign(unit, office.coordinator, TERMS, id, [Part(b, LEAD, on)]),  # type: ignore[misc]
            id, item,
        )  # fmt: skip
    separately = [Part(b, SEPARATE), Part(r, SEPARATE)]
    made = office.do(lambda unit: over.assign(unit, office.coordinator, TERMS, id, separately))
    assert {(each.body, each.role, each.due_on) for each in made} == {
        ("住建局", SEPARATE, dt.date(2026, 5, 18)), ("交通局", SEPARATE, dt.date(2026, 5, 18)),
    }, "30 workdays behind 1 April, Qingming and May Day left out"  # fmt: skip


@ON_SQLITE
def test_what_was_withdrawn_can_be_forwarded_anew(office: Office) -> None:
    item = office.agreed(office.campaign())
    lead, beside = office.assigned(item, Part(office.bureau, LEAD), Part(office.roads, ASSIST))
    office.refused(Code.NEEDS_REASON, lambda unit: over.withdraw(unit, office.clerk, lead, ""), lead, item)
    office.do(lambda unit: over.withdraw(unit, office.clerk, lead, "并入另一事项"))
    assert [office.row(each).state for each in (lead, beside)] == [AssignmentState.WITHDRAWN] * 2
    assert office.item(item).state is ItemState.AGREED
    office.forwarded(item)


@ON_SQLITE
def test_a_reply_that_solves_nothing_leaves_the_item_open_until_somebody_says_so(office: Office) -> None:
    item = office.agreed(office.campaign())
    [id] = office.in_progress(item)
    office.refused(Code.STILL_IN_HANDS, lambda unit: service.carry_out(unit, office.secretary, item), item)
    office.replied(id, Reply("列入2027年计划。", ReplyClass.PLANNED, "周科长", "0573-84020000"))
    office.closed(id)
    assert office.item(item).state is ItemState.ASSIGNED
    office.do(lambda unit: service.carry_out(unit, office.secretary, item))
    assert office.item(item).state is ItemState.DONE


@ON_SQLITE
def test_what_is_agreed_is_shared_with_its_assignments_and_widened_only_by_who_signs(office: Office) -> None:
    item = office.agreed(office.campaign())
    [id] = office.assigned(item)
    directory = office.supervision.directory
    office.refused(
        Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, directory, item, [PARENT]), item, id
    )
    office.do(lambda unit: service.share(unit, office.secretary, directory, item, [PARENT]))
    assert {event.record for event in told(office.units)} >= {item, id}
    office.do(lambda unit: service.share(unit, office.clerk, directory, item, []))
    assert {event.record for event in told(office.units) if event.op == "retract"} == {item, id}


@ON_SQLITE
def test_a_campaign_is_closed_when_its_list_is_settled(office: Office) -> None:
    campaign = office.campaign()
    item = office.proposed(campaign)
    office.do(lambda unit: campaigns.write_report(unit, office.clerk, campaign, "报告"))
    office.refused(
        Code.UNSETTLED_FINDINGS, lambda unit: campaigns.close(unit, office.secretary, campaign, unclassified=True)
    )
    office.do(lambda unit: service.agree(unit, office.secretary, item, unclassified=True))
    [id] = office.in_progress(item)
    office.replied(id)
    office.closed(id)
    office.do(lambda unit: campaigns.close(unit, office.secretary, campaign, unclassified=True))
    directory = office.supervision.directory
    office.refused(Code.LIST_SHUT, lambda unit: service.propose(unit, office.clerk, directory, campaign, LAMPS, []))


@ON_SQLITE
def test_a_topic_under_way_has_a_list_and_knows_what_it_comes_to(office: Office) -> None:
    topics = Topics.at(office.units)
    directory = office.supervision.directory
    waiting = topics.accepted()
    office.refused(Code.LIST_SHUT, lambda unit: service.propose(unit, office.clerk, directory, waiting, LAMPS, []))
    topic = topics.handled()
    first, second = office.agreed(topic), office.agreed(topic)
    [id] = office.in_progress(first)
    office.replied(id)
    office.closed(id)
    row = topics.row(topic)
    assert (row.items_agreed, row.items_done, row.items_open, row.items_unassigned) == (2, 1, 1, 1)
    assert office.item(second).list_id == topic


def test_nothing_is_agreed_on_a_list_that_is_shut(office: Office) -> None:
    """Or a topic that is answered, or archived, would change."""
    topic = Topics.at(office.units).handled()
    id = office.proposed(topic)
    office.do(lambda unit: topics.resolve(unit, office.clerk, topic, "已列入计划。"))
    office.refused(Code.LIST_SHUT, lambda unit: service.agree(unit, office.secretary, id, unclassified=True), id)
    office.refused(Code.LIST_SHUT, lambda unit: service.agree_all(unit, office.secretary, topic, unclassified=True), id)


def test_a_reply_that_was_sent_back_is_not_counted(office: Office) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()))
    office.replied(id)
    today = dt.date(2026, 4, 1)

    def counted() -> list[int]:
        with office.units.read() as unit:
            return [each.number for each in figures_queries.replied(unit.session, today, today)]

    assert counted() == [1]
    office.do(lambda unit: handling.send_back(unit, office.clerk, id, "未到现场"))
    assert counted() == []


def test_who_words_an_item_anew_does_not_agree_it_and_who_enters_a_paper_does_not_close_it(office: Office) -> None:
    deputy, directory = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY), office.supervision.directory
    id = office.proposed(office.campaign())
    anew = Draft(ItemKind.FINDING, "完全改写的内容")
    office.do(lambda unit: service.redraft(unit, deputy, directory, id, anew, []))
    office.refused(Code.OWN_DRAFT, lambda unit: service.agree(unit, deputy, id, unclassified=True), id)
    [village] = office.supervision.bodies("惠通村委会")
    [given] = office.assigned(office.agreed(office.campaign()), Part(village, LEAD))
    paper, said = (
        Paper(places.SPRING.date(), "惠通村〔2026〕1号"),
        Reply("已修", ReplyClass.SOLVED, "王主任", "13800001111"),
    )
    office.do(lambda unit: handling.accept(unit, deputy, given, paper))
    office.do(lambda unit: handling.reply(unit, deputy, given, said, paper=paper))
    office.do(lambda unit: handling.verify(unit, office.clerk, given))
    close = lambda unit: handling.close(unit, deputy, given, Satisfaction.SATISFIED, unclassified=True)  # noqa: E731
    office.refused(Code.OWN_DRAFT, close, given)


def test_who_worded_it_does_not_let_it_go_to_more_than_it_was_signed_for(office: Office) -> None:
    deputy, directory = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY), office.supervision.directory
    told_ = Call("魏塘街道", "共商电梯", "惠民小区", places.SPRING + dt.timedelta(days=3), (office.bureau,))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: calls.call(unit, deputy, directory, told_, [Share(Scope.OPEN)]))
    assert refusal.value.code is Code.NOT_SIGNED_OFF
    list_id = office.campaign()
    own = office.do(lambda unit: service.propose(unit, deputy, directory, list_id, LAMPS, [])).id
    for id, by in ((own, office.secretary), (office.proposed(office.campaign()), deputy)):
        office.do(lambda unit, id=id, by=by: service.agree(unit, by, id, unclassified=True))  # type: ignore[misc]
    widen = lambda unit: service.share(unit, deputy, directory, own, [Share(Scope.OPEN)])  # noqa: E731
    office.refused(Code.NOT_SIGNED_OFF, widen, own)
    office.do(lambda unit: service.share(unit, deputy, directory, id, [Share(Scope.OPEN)]))
