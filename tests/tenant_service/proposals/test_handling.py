"""A filed proposal goes the way of every item: 交办, 答复 by letter, A/B/C, 征询意见, and a second round."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.items import AssignmentRole, ItemKind, ReplyClass
from sync.contract.shapes.proposals import ProposalState
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import proposal_queries, proposal_service
from tenant_service.assignments import service as items
from tenant_service.assignments.descriptions import Draft
from tenant_service.assignments.rules import Part, TalkedBy
from tenant_service.proposals import rating_queries, rating_service, service
from tenant_service.proposals.rating_service import Rating
from tenant_service.settings import Periods
from tests.tenant_service import places
from tests.tenant_service.proposals.handling import ANSWER, BAD, FAIR, FOUR, GOOD, LETTER, PLANS, Handling
from tests.tenant_service.proposals.office import JOINT, LIFTS, Office


@pytest.fixture
def chain(office: Office) -> Handling:
    return Handling(office)


@pytest.mark.seed(72)
@pytest.mark.practice(12)
def test_it_is_handed_over_answered_by_letter_and_said_what_is_thought_of_it(chain: Handling) -> None:
    office = chain.office
    first, second = office.member("沈一"), office.member("陆二")
    id = office.called(replace(JOINT, signers=("陆二",)), first)
    office.signs(second, id)
    office.do(lambda unit: service.hand_in(unit, first, id))
    office.files(id)
    [assignment] = chain.handed(id)
    assert (office.row(id).state, office.row(id).handled_by) == (ProposalState.HANDED_OVER, ["住建局"])
    chain.answered(assignment)
    row = office.row(id)
    assert (row.state, row.reply_class, row.first_class) == (
        ProposalState.REPLIED,
        ReplyClass.SOLVED,
        ReplyClass.SOLVED,
    )
    assert (row.rate_until or dt.date.min) > (row.replied_on or dt.date.max)
    with office.units.read() as unit:
        [(answered, letter)] = proposal_queries.told_letters(unit.session, id)
    assert (letter.number, letter.signed_by, letter.handler, letter.talked, letter.is_open) == (
        LETTER.number, "钱局长", "周科长", TalkedBy.IN_PERSON, True
    )  # fmt: skip
    assert answered.body == "住建局"
    chain.rates(second, id, 1, FAIR)
    assert office.row(id).state is ProposalState.REPLIED, "a co-signer's word stands beside, and does not count"
    assert office.row(id).satisfaction is None
    chain.rates(first, id, 1, GOOD)
    row = office.row(id)
    assert (row.state, row.satisfaction, row.attitude) == (ProposalState.RATED, GOOD, GOOD)
    office.do(lambda unit: service.archive(unit, office.clerk, id))
    assert office.steps(id)[-4:] == ["hand_over", "reply", "rate", "archive"]


def test_what_is_not_filed_is_handed_to_nobody_and_nobody_lists_it_by_hand(chain: Handling) -> None:
    office, desk = chain.office, chain.bodies.desk
    id = office.reviewed()
    office.refused(Code.LIST_SHUT, lambda unit: proposal_service.hand_over(unit, office.clerk, id, desk), id)
    filed, member = office.filed(), office.member("沈一")
    office.refused(Code.FORBIDDEN, lambda unit: proposal_service.hand_over(unit, member, filed, desk), filed)
    draft = Draft(ItemKind.PROPOSAL, "另一件")
    office.refused(
        Code.BAD_VALUE, lambda unit: items.propose(unit, office.clerk, places.directory(), filed, draft, []), filed
    )
    chain.handed(filed)
    office.refused(Code.STILL_IN_HANDS, lambda unit: proposal_service.hand_over(unit, office.clerk, filed, desk), filed)


def test_withdrawn_it_is_filed_again_and_may_be_handed_over_once_more(chain: Handling) -> None:
    office = chain.office
    id = office.filed()
    [assignment] = chain.handed(id)
    office.do(lambda unit: over.withdraw(unit, office.clerk, assignment, "交错单位"))
    assert office.row(id).state is ProposalState.FILED
    assert office.row(id).handled_by is None
    chain.handed(id)
    assert office.row(id).state is ProposalState.HANDED_OVER


def test_an_answer_without_a_letter_is_none(chain: Handling) -> None:
    office = chain.office
    id = office.filed()
    [assignment] = chain.handed(id)
    who = chain.bodies.contact
    office.do(lambda unit: handling.accept(unit, who, assignment))
    for reply in (replace(ANSWER, letter=None), replace(ANSWER, letter=replace(LETTER, number=" "))):
        office.refused(Code.LETTER_NEEDED, lambda unit, reply=reply: handling.reply(unit, who, assignment, reply), id)  # type: ignore[misc]
    later = replace(LETTER, talked_on=places.SPRING.date() + dt.timedelta(days=1))
    for letter in (later, replace(LETTER, talked_on=None)):
        reply = replace(ANSWER, letter=letter)
        office.refused(Code.BAD_TIME, lambda unit, reply=reply: handling.reply(unit, who, assignment, reply), id)  # type: ignore[misc]
    untold = replace(ANSWER, letter=replace(LETTER, talked=TalkedBy.NOT_AT_ALL, talked_on=None))
    office.do(lambda unit: handling.reply(unit, who, assignment, untold))
    assert office.row(id).state is ProposalState.HANDED_OVER, "nothing is told before it is signed for"


@pytest.mark.practice(12)
def test_what_is_planned_needs_a_commitment_and_becomes_solved_beside_its_first_class(chain: Handling) -> None:
    office = chain.office
    id = office.filed()
    [assignment] = chain.handed(id)
    who = chain.bodies.contact
    office.do(lambda unit: handling.accept(unit, who, assignment))
    office.do(lambda unit: handling.reply(unit, who, assignment, PLANS))
    office.do(lambda unit: handling.verify(unit, office.clerk, assignment))
    office.refused(
        Code.COMMITMENT_NEEDED,
        lambda unit: handling.close(unit, office.secretary, assignment, GOOD, unclassified=True), id,
    )  # fmt: skip
    promised = chain.commits(id, "2027年6月底前完成示范楼两幢")
    office.do(lambda unit: handling.close(unit, office.secretary, assignment, GOOD, unclassified=True))
    assert (office.row(id).state, office.row(id).reply_class) == (ProposalState.REPLIED, ReplyClass.PLANNED)
    chain.kept(promised)
    row = office.row(id)
    assert (row.first_class, row.reply_class, row.state) == (
        ReplyClass.PLANNED, ReplyClass.SOLVED, ProposalState.REPLIED
    )  # fmt: skip


def test_several_that_answer_for_themselves_are_one_answer_when_all_did(chain: Handling) -> None:
    office, bodies = chain.office, chain.bodies
    id = office.filed()
    separate = AssignmentRole.SEPARATE
    one, two = chain.handed(id, Part(bodies.bureau, separate), Part(bodies.roads, separate))
    chain.answered(one)
    assert office.row(id).state is ProposalState.HANDED_OVER
    chain.answered(two, replace(ANSWER, kind=ReplyClass.DEFERRED))
    row = office.row(id)
    assert (row.state, row.reply_class) == (ProposalState.REPLIED, ReplyClass.DEFERRED)
    assert row.handled_by == ["住建局", "交通局"]


@pytest.mark.seed(7)
@pytest.mark.seed(70)
def test_two_rounds_of_four_stages_are_said_and_kept_apart(chain: Handling, clock: places.Clock) -> None:
    office = chain.office
    first = office.member("沈一")
    id = office.filed(LIFTS, first, FOUR)
    [assignment] = chain.handed(id)
    for stage in (1, 2, 3):
        chain.rates(first, id, stage, FAIR)
    office.refused(Code.OUT_OF_TURN, lambda unit: rating_service.rate(unit, first, id, Rating(4, GOOD, GOOD)), id)
    chain.answered(assignment)
    office.refused(Code.NEEDS_REASON, lambda unit: rating_service.rate(unit, first, id, Rating(4, BAD, BAD)), id)
    chain.rates(first, id, 4, BAD, "没有解决标准问题")
    office.refused(Code.FORBIDDEN, lambda unit: proposal_service.begin_second(unit, office.clerk, id, "不满意"), id)
    clock.on(days=1)
    chain.again(id)
    clock.on(days=1)
    row = office.row(id)
    assert (row.state, row.round, row.satisfaction) == (ProposalState.SECOND_ROUND, 2, None)
    for stage in (1, 2, 3):
        chain.rates(first, id, stage, GOOD)
    chain.answered(assignment, replace(ANSWER, text="标准已统一。"))
    chain.rates(first, id, 4, GOOD)
    row = office.row(id)
    assert (row.state, row.satisfaction) == (ProposalState.RATED, GOOD)
    with office.units.read() as unit:
        said = [(each.round, each.stage, each.result) for each in rating_queries.of(unit.session, id)]
        letters = [letter.text for _, letter in proposal_queries.told_letters(unit.session, id)]
        told = rating_queries.by_stage(unit.session, row.year)
    assert said == [
        (1, 1, FAIR),
        (1, 2, FAIR),
        (1, 3, FAIR),
        (1, 4, BAD),
        (2, 1, GOOD),
        (2, 2, GOOD),
        (2, 3, GOOD),
        (2, 4, GOOD),
    ]
    assert letters == [ANSWER.text, "标准已统一。"], "the first round's letter stays"
    assert [(each.round, each.stage, each.name, each.told, each.pleased, each.silent) for each in told] == [
        (1, 1, "交办", 1, 1, 0), (1, 2, "办理", 1, 1, 0), (1, 3, "答复", 1, 1, 0), (1, 4, "征询意见", 1, 0, 0),
        (2, 1, "交办", 1, 1, 0), (2, 2, "办理", 1, 1, 0), (2, 3, "答复", 1, 1, 0), (2, 4, "征询意见", 1, 1, 0),
    ]  # fmt: skip
    office.refused(
        Code.NOBODY_DISSATISFIED, lambda unit: proposal_service.begin_second(unit, office.secretary, id, "再来"), id
    )


@pytest.mark.practice(12)
def test_silence_is_no_word_and_is_counted_as_that(chain: Handling) -> None:
    office = chain.office
    id = office.filed()
    [assignment] = chain.handed(id)
    chain.answered(assignment)
    with office.units.read() as unit:
        [told] = rating_queries.by_stage(unit.session, office.row(id).year)
    assert (told.told, told.silent) == (0, 1)
    office.do(lambda unit: service.archive(unit, office.clerk, id))
    assert office.row(id).satisfaction is None


def test_who_did_not_sign_says_nothing_and_the_office_enters_a_paper(chain: Handling) -> None:
    office = chain.office
    stranger = office.member("钱六")
    id = office.filed()
    [assignment] = chain.handed(id)
    chain.answered(assignment)
    said = Rating(1, GOOD, GOOD)
    office.refused(Code.NOT_FOUND, lambda unit: rating_service.rate(unit, stranger, id, said), id)
    office.refused(Code.FORBIDDEN, lambda unit: rating_service.rate(unit, stranger, id, said, 1), id)
    office.refused(
        Code.BAD_VALUE, lambda unit: rating_service.rate(unit, office.clerk, id, Rating(2, GOOD, GOOD), 1), id
    )
    office.do(lambda unit: rating_service.rate(unit, office.clerk, id, said, 1))
    with office.units.read() as unit:
        [row] = rating_queries.of(unit.session, id)
    assert row.entered_by == office.clerk.sub


def test_taken_up_again_outside_a_second_round_it_is_answered_again(chain: Handling) -> None:
    office = chain.office
    id = office.filed()
    [assignment] = chain.handed(id)
    chain.answered(assignment)
    with office.units.read() as unit:
        item = proposal_queries.item_of(unit.session, id) or ""
    office.do(lambda unit: items.reopen(unit, office.secretary, item, "电梯停运"))
    due = places.SPRING.date() + dt.timedelta(days=40)
    office.do(lambda unit: over.reopen(unit, chain.bodies.coordinator, Periods(), assignment, due, None))
    assert office.row(id).state is ProposalState.HANDED_OVER
    chain.answered(assignment)
    assert office.row(id).state is ProposalState.REPLIED
