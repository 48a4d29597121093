"""What proposers, co-signers, the office and whoever signs do with proposals, and what is refused."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code
from sync.contract.instants import day_of
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import NotFiledReason, ProposalState, ProposerKind
from tenant_service.identity.policy import Role
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.proposals import crediting, queries, service
from tenant_service.proposals import review_service as review
from tenant_service.proposals import signer_service as signers
from tenant_service.proposals.service import Source
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.settings import Filing
from tests.tenant_service import places
from tests.tenant_service.proposals.office import FILING, HEARD, JOINT, LIFTS, Office


@pytest.mark.practice(11)
def test_a_joint_proposal_is_cosigned_reviewed_twice_filed_and_credited(office: Office) -> None:
    first, second, third = (office.member(name) for name in ("沈一", "陆二", "顾三"))
    id = office.written(replace(JOINT, signers=("陆二", "顾三")), first)
    with office.units.read() as unit:
        assert queries.one(unit.session, second, id) is None, "nobody asked them yet"
    office.do(lambda unit: signers.call_signers(unit, first, id, day_of(unit.now)))
    office.do(lambda unit: signers.sign(unit, second, id))
    office.do(lambda unit: service.hand_in(unit, first, id))
    assert office.signed_as(id) == [("沈一", "SIGNED"), ("陆二", "SIGNED"), ("顾三", "LAPSED")]
    assert office.row(id).names == ["沈一", "陆二"]
    office.do(lambda unit: review.review_first(unit, office.clerk, id))
    office.do(lambda unit: review.review_second(unit, office.clerk, id))
    told = office.do(lambda unit: review.sign_off(unit, office.secretary, FILING, id, unclassified=True))
    assert (told.state, told.number, told.proposers, told.suggestions) == (ProposalState.FILED, "第1号", 2, 2)
    with office.units.read() as unit:
        assert queries.part_of(unit.session, third, id), "who lapsed still sees what they were asked"
        lines = {(each.person_id, each.deed) for each in unit.session.query(LedgerRow)}
        assert lines == {(first.person, Deed.PROPOSAL), (second.person, Deed.CO_SIGNING)}


@pytest.mark.practice(11)
def test_where_subject_or_suggestions_change_after_a_return_cosigners_confirm_anew(office: Office) -> None:
    first, second, third = (office.member(name) for name in ("沈一", "陆二", "顾三"))
    draft = replace(JOINT, signers=("陆二", "顾三"))
    id = office.called(draft, first)
    for each in (second, third):
        office.signs(each, id)
    office.do(lambda unit: service.hand_in(unit, first, id))
    office.do(lambda unit: review.give_back(unit, office.clerk, id, "建议要具体"))
    office.do(lambda unit: service.redraft(unit, first, id, replace(draft, situation="补充了数据。")))
    assert dict(office.signed_as(id))["陆二"] == "SIGNED", "other words were not signed for"
    office.do(lambda unit: service.redraft(unit, first, id, replace(draft, advice=("统一标准",))))
    assert office.signed_as(id) == [("沈一", "SIGNED"), ("陆二", "TO_CONFIRM"), ("顾三", "TO_CONFIRM")]
    office.do(lambda unit: signers.call_signers(unit, first, id, day_of(unit.now)))
    office.do(lambda unit: signers.sign(unit, second, id))
    office.do(lambda unit: service.hand_in(unit, first, id))
    assert office.row(id).names == ["沈一", "陆二"], "who does not confirm is no longer one of them"


def test_what_is_asked_for_before_it_is_handed_in(office: Office) -> None:
    bare = office.written(replace(LIFTS, sources=()))
    office.refused(Code.NEEDS_SOURCE, lambda unit: service.hand_in(unit, office.clerk, bare), bare)
    empty = office.written(replace(LIFTS, advice=()))
    office.refused(Code.BAD_VALUE, lambda unit: service.hand_in(unit, office.clerk, empty), empty)
    alone = office.written(JOINT)
    office.refused(Code.BAD_VALUE, lambda unit: service.hand_in(unit, office.clerk, alone), alone)
    party = office.written(replace(LIFTS, kind=ProposerKind.PARTY, signers=("民盟嘉善支部",)))
    office.refused(Code.BAD_VALUE, lambda unit: service.hand_in(unit, office.clerk, party), party)
    headed = office.written(replace(LIFTS, kind=ProposerKind.PARTY, signers=("民盟嘉善支部",), head="周五"))
    office.refused(Code.NEEDS_SEAL, lambda unit: service.hand_in(unit, office.clerk, headed), headed)


def test_nobody_else_signs_and_nobody_after_the_day(office: Office, clock: places.Clock) -> None:
    first, second, stranger = (office.member(name) for name in ("沈一", "陆二", "钱六"))
    id = office.called(replace(JOINT, signers=("陆二",)), first)
    office.refused(Code.NOT_FOUND, lambda unit: signers.sign(unit, stranger, id), id)
    office.refused(Code.NOT_FOUND, lambda unit: service.redraft(unit, second, id, LIFTS), id)
    office.refused(Code.NOT_FOUND, lambda unit: service.hand_in(unit, second, id), id)
    office.refused(Code.FORBIDDEN, lambda unit: signers.sign(unit, second, id, 2), id)
    clock.now += dt.timedelta(days=1)
    office.refused(Code.SIGNING_OVER, lambda unit: signers.sign(unit, second, id), id)


def test_the_office_enters_what_was_signed_on_paper(office: Office) -> None:
    id = office.called()
    office.do(lambda unit: signers.sign(unit, office.clerk, id, 2))
    office.do(lambda unit: signers.decline(unit, office.clerk, id, 3))
    assert office.signed_as(id) == [("沈一", "SIGNED"), ("陆二", "SIGNED"), ("顾三", "DECLINED")]
    with office.units.read() as unit:
        assert queries.signers(unit.session, id)[1].entered_by == office.clerk.sub
    office.refused(Code.NOT_FOUND, lambda unit: signers.sign(unit, office.clerk, id, 1), id)


def test_what_is_not_filed_says_why(office: Office) -> None:
    id = office.reviewed()
    office.refused(Code.FORBIDDEN, lambda unit: review.not_file(unit, office.clerk, id, NotFiledReason.EMPTY, "空"), id)
    office.refused(
        Code.NEEDS_REASON, lambda unit: review.not_file(unit, office.secretary, id, NotFiledReason.EMPTY, " "), id
    )
    office.do(lambda unit: review.not_file(unit, office.secretary, id, NotFiledReason.ELSEWHERE, "属省级职权"))
    row = office.row(id)
    assert (row.state, row.not_filed_for, row.number) == (ProposalState.NOT_FILED, NotFiledReason.ELSEWHERE, None)
    office.do(lambda unit: service.archive(unit, office.clerk, id))


def test_merged_ones_go_on_with_their_signers(office: Office) -> None:
    whole, part = office.handed_in(), office.handed_in(replace(LIFTS, signers=("陆二",)))
    office.refused(Code.LINK_CYCLE, lambda unit: review.merge(unit, office.clerk, part, part), part)
    office.do(lambda unit: review.merge(unit, office.clerk, part, whole))
    assert office.row(whole).names == ["沈一", "陆二"]
    assert office.row(part).state is ProposalState.MERGED
    draft = office.written()
    office.refused(Code.OUT_OF_TURN, lambda unit: review.merge(unit, office.clerk, whole, draft), whole, draft)


def test_what_is_converted_goes_on_as_opinion_information(office: Office) -> None:
    id = office.handed_in()
    office.do(lambda unit: review.convert(unit, office.clerk, id))
    with office.units.read() as unit:
        [report] = links.targets(unit.session, id, Relation.CONVERTED_TO)
    assert report.split(".")[1] == "report"
    assert office.row(id).state is ProposalState.CONVERTED


def test_numbers_run_within_the_year_without_a_gap(office: Office, clock: places.Clock) -> None:
    numbers = [office.row(office.filed()).number for _ in range(3)]
    clock.now += dt.timedelta(days=366)
    numbers.append(office.row(office.filed(filing=Filing(number="{year}-{n}"))).number)
    assert numbers == ["第1号", "第2号", "第3号", f"{clock.now.year}-1"]


def test_nobody_files_what_they_reviewed_and_nothing_unconfirmed(office: Office) -> None:
    id = office.reviewed()
    both = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY, sub=office.clerk.sub)
    office.refused(Code.OWN_DRAFT, lambda unit: review.sign_off(unit, both, FILING, id, unclassified=True), id)
    office.refused(
        Code.SECRECY_UNCONFIRMED,
        lambda unit: review.sign_off(unit, office.secretary, FILING, id, unclassified=False), id,
    )  # fmt: skip
    office.do(lambda unit: review.send_back(unit, office.secretary, id, "核实"))
    assert office.row(id).state is ProposalState.FIRST_REVIEWED
    assert office.row(id).returned_because == "核实"


def test_nothing_leaves_before_it_is_filed(office: Office) -> None:
    id = office.handed_in()
    shares = [Share(Scope.OPEN)]
    office.do(lambda unit: service.share(unit, office.clerk, places.directory(), id, shares))
    with office.units.read() as unit:
        assert queries.channels_of(queries.ours(unit.session, id)) == set()
    filed = office.filed()
    office.refused(
        Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, places.directory(), filed, shares), filed
    )


def test_withdrawn_and_discarded(office: Office) -> None:
    first = office.member("沈一")
    id = office.handed_in(by=first)
    office.refused(Code.NEEDS_REASON, lambda unit: service.withdraw(unit, first, id, ""), id)
    office.do(lambda unit: service.withdraw(unit, first, id, "情况已变"))
    assert office.row(id).state is ProposalState.WITHDRAWN
    gone = office.written(by=first)
    office.do(lambda unit: service.discard(unit, first, gone))
    with office.units.read() as unit:
        assert queries.one(unit.session, office.clerk, gone) is None
    filed = office.filed()
    office.refused(Code.OUT_OF_TURN, lambda unit: service.withdraw(unit, office.clerk, filed, "不办了"), filed)


def test_sources_are_ours_and_say_something(office: Office) -> None:
    silent = replace(LIFTS, sources=(Source(PostOrigin.SECTOR, "教育界"),))
    office.refused(Code.BAD_VALUE, lambda unit: service.write(unit, office.clerk, silent))
    foreign = replace(LIFTS, sources=(Source(PostOrigin.MEMBER, None, f"{places.QINGPU}.topic.{'1' * 32}"),))
    office.refused(Code.NOT_FOUND, lambda unit: service.write(unit, office.clerk, foreign))
    id = office.written(replace(LIFTS, sources=(HEARD, Source(PostOrigin.MEMBER, None, None, "走访所见"))))
    with office.units.read() as unit:
        assert [each.voices for each in queries.sources(unit.session, id)] == [12, 1]


def test_what_was_filed_before_the_ledger_was_kept_is_credited_later_once(office: Office) -> None:
    first = office.member("沈一")
    office.filed(by=first)
    office.do(lambda unit: unit.session.query(LedgerRow).delete())
    assert office.do(crediting.catch_up) == 1
    assert office.do(crediting.catch_up) == 0
