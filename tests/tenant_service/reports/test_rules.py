"""A report only walks its way, and what became of it higher up is done there alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.shapes.reports import ReportOutcome, ReportState
from sync.contract.shapes.values import IndicatorCode
from tenant_service.reports import rules
from tenant_service.reports.rules import INTAKE, STATES, TOLD_AS, Act, Standing
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval

SIGNED = {ReportState.SIGNED, ReportState.SENT, ReportState.RECEIVED, ReportState.COMPILED, ReportState.ADOPTED,
          ReportState.NOT_ADOPTED}  # fmt: skip


@given(st.lists(st.sampled_from(Act), max_size=40))
def test_whatever_is_tried_nothing_is_signed_that_was_not_submitted(acts: list[Act]) -> None:
    at, done = Standing(Approval.DRAFTING, ReportState.DRAFTING), list[Act]()
    for act in acts:
        try:
            at = Standing(rules.approval_after(act, at), STATES.after(act, at.state))
        except Refusal:
            continue
        done.append(act)
        assert (at.approval is Approval.SIGNED) or at.state not in SIGNED
        assert at.state is not ReportState.SENT or Act.SIGN_OFF in done
    if Act.SIGN_OFF in done:
        assert Act.SUBMIT in done[: done.index(Act.SIGN_OFF)]


def test_no_page_here_offers_what_the_higher_committee_does() -> None:
    for state in ReportState:
        for approval in Approval:
            assert not rules.possible(Standing(approval, state)) & rules.OF_THE_HIGHER


def test_what_the_higher_committee_may_do_our_report_may_follow() -> None:
    for _act, now, to in INTAKE:
        after = {step: STATES.after(TOLD_AS[now], ReportState.SENT) for step in [now] if now is ReportOutcome.RECEIVED}
        before = after.get(now, ReportState.COMPILED)
        assert STATES.after(TOLD_AS[to], before)


@pytest.mark.parametrize(
    ("pattern", "printed"),
    [("《社情民意》第{n}期", "《社情民意》第12期"), ("善协信〔{year}〕{n}号", "善协信〔2026〕12号")],
)
def test_an_issue_is_called_as_the_committee_calls_it(pattern: str, printed: str) -> None:
    assert rules.printed(pattern, 2026, 12) == printed


def test_every_figure_of_the_room_is_counted_by_the_service() -> None:
    codes = IndicatorCode.REPORTS, IndicatorCode.REPORT_ADVICE, IndicatorCode.ADVICE_ADOPTED, IndicatorCode.MODEL_CASES
    instructions = IndicatorCode.INSTRUCTIONS, IndicatorCode.INSTRUCTIONS_FAVOURABLE
    assert COUNTING.flows.keys() >= {*codes, *instructions}
