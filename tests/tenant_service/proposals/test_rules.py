"""A proposal only walks its way, and is filed by whoever signs after two reviews."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.proposals import ProposalState, ProposerKind
from tenant_service.proposals import rules
from tenant_service.proposals.rules import SIGNERS, STATES, Act, SignerAct, SignerState, Standing
from tenant_service.signing.rules import Approval

FILED = rules.FILED_STATES - {ProposalState.ARCHIVED}


@given(st.lists(st.sampled_from(Act), max_size=60))
def test_whatever_is_tried_nothing_is_filed_that_was_not_reviewed_twice(acts: list[Act]) -> None:
    at, done = Standing(Approval.DRAFTING, ProposalState.DRAFTING), list[Act]()
    for act in acts:
        try:
            at = Standing(rules.approval_after(act, at), STATES.after(act, at.state))
        except Refusal:
            continue
        done.append(act)
        assert (at.approval is Approval.SIGNED) == (Act.SIGN_OFF in done)
        assert (at.approval is Approval.IN_REVIEW) == (at.state is ProposalState.SECOND_REVIEWED)
        assert at.state not in FILED or at.approval is Approval.SIGNED
    if Act.SIGN_OFF in done:
        before = done[: done.index(Act.SIGN_OFF)]
        assert {Act.REVIEW_FIRST, Act.REVIEW_SECOND} <= set(before)


def test_every_state_is_reached_and_none_but_the_archive_is_the_end() -> None:
    reached, edge = set[ProposalState](), {ProposalState.DRAFTING}
    while edge - reached:
        reached |= edge
        edge = {to for _, now, to in STATES if now in reached}
    assert reached == set(ProposalState)
    assert {state for state in ProposalState if not STATES.possible(state)} == {ProposalState.ARCHIVED}


def test_no_page_offers_what_follows_from_the_list() -> None:
    for state in ProposalState:
        for approval in Approval:
            assert not rules.possible(Standing(approval, state)) & rules.OF_THE_CHAIN


def test_who_declined_or_lapsed_signs_no_more() -> None:
    for state in (SignerState.DECLINED, SignerState.LAPSED):
        with pytest.raises(Refusal):
            SIGNERS.after(SignerAct.SIGN, state)
    assert SIGNERS.after(SignerAct.ASK_ANEW, SignerState.SIGNED) is SignerState.TO_CONFIRM


@pytest.mark.parametrize(
    ("kind", "signed", "heads", "fits"),
    [
        (ProposerKind.INDIVIDUAL, 1, 0, True), (ProposerKind.JOINT, 1, 0, False), (ProposerKind.JOINT, 2, 0, True),
        (ProposerKind.PARTY, 1, 0, False), (ProposerKind.PARTY, 1, 1, True),
    ],
)  # fmt: skip
def test_joint_ones_have_two_and_collective_ones_a_head(
    kind: ProposerKind, signed: int, heads: int, fits: bool
) -> None:
    if fits:
        rules.check_proposers(kind, signed, heads)
        return
    with pytest.raises(Refusal) as refusal:
        rules.check_proposers(kind, signed, heads)
    assert refusal.value.code is Code.BAD_VALUE


def test_a_number_is_printed_as_the_committee_does() -> None:
    assert rules.printed("第{n}号", 2026, 12) == "第12号"
    assert rules.printed("善政提〔{year}〕{n}号", 2026, 3) == "善政提〔2026〕3号"


def test_the_last_stage_comes_after_the_answer_and_others_from_the_hand_over_on() -> None:
    stages = ("交办", "办理", "答复", "征询意见")
    assert rules.last_stage(stages) == 4
    assert rules.may_rate(ProposalState.HANDED_OVER, 3, stages)
    assert not rules.may_rate(ProposalState.HANDED_OVER, 4, stages)
    assert rules.may_rate(ProposalState.REPLIED, 4, stages)
    assert not rules.may_rate(ProposalState.REPLIED, 5, stages)
    assert not rules.may_rate(ProposalState.FILED, 1, stages)
