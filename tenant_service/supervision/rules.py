"""What may happen to a campaign. Pure: no clock, no database, no network."""

from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.supervision import CampaignState
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_PLANNED, _RUNNING = CampaignState.PLANNED, CampaignState.RUNNING


class LineKind(Kind):
    """监督内容类别: what a line of a campaign's plan is."""

    MEASURE = "MEASURE", "措施"
    WORK = "WORK", "重点工作"


class Act(StrEnum):
    """What may be done with a campaign that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    BEGIN = "begin"
    FIND = "find"
    WRITE_REPORT = "write_report"
    CLOSE = "close"
    CANCEL = "cancel"


STATES = Steps(
    {
        Act.REDRAFT: staying(_PLANNED),
        Act.DISCARD: staying(_PLANNED),
        Act.SUBMIT: staying(_PLANNED),
        Act.SEND_BACK: staying(_PLANNED),
        Act.SIGN_OFF: staying(_PLANNED),
        Act.BEGIN: leading(_RUNNING, _PLANNED),
        Act.FIND: staying(_RUNNING),
        Act.WRITE_REPORT: staying(_RUNNING),
        Act.CLOSE: leading(CampaignState.CLOSED, _RUNNING),
        Act.CANCEL: leading(CampaignState.CANCELLED, _PLANNED, _RUNNING),
    }
)
"""A plan is signed before it begins, and a report is signed by whoever closes."""
SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.DISCARD: signing.Act.DISCARD, Act.SUBMIT: signing.Act.SUBMIT,
    Act.SEND_BACK: signing.Act.SEND_BACK, Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF, Act.CLOSE})
"""The others are the office's; besides FIND, which is a supervisor's as well."""


class Counts(NamedTuple):
    """What the list of a campaign comes to; all but `unsettled` is told.

    Attributes:
        handed_over: Of findings and suggestions together, as are the others but the last.
        done: Put right and checked (复查).
        set_aside: Put down for a reason.
        unsettled: Neither of both, proposed ones too.
        fixed: Put right, as whoever has them says; those that were checked are among them.
        findings_done: Of the findings alone, those that were checked.
    """

    findings: int = 0
    suggestions: int = 0
    handed_over: int = 0
    done: int = 0
    set_aside: int = 0
    unsettled: int = 0
    fixed: int = 0
    findings_done: int = 0

    @property
    def rest(self) -> int:
        """What was confirmed, and neither checked nor put down: as much of `unsettled` as is told."""
        return max(self.findings + self.suggestions - self.done - self.set_aside, 0)


class Standing(NamedTuple):
    """Where a campaign stands: what decides about the next act."""

    approval: Approval
    state: CampaignState


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签; where it leads the campaign is for `STATES` to say.

    Raises:
        Refusal: OUT_OF_TURN; NOT_SIGNED_OFF, it is for later than the plan's sign-off.
    """
    if act in SIGNED_AS:
        return signing.SIGNING.after(SIGNED_AS[act], at.approval)
    STATES.after(act, at.state)
    if at.approval is not Approval.SIGNED:
        raise Refusal(Code.NOT_SIGNED_OFF)
    return at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the campaign stands, whoever may do it."""
    return signing.fitting(STATES.possible(at.state), approval_after, at)


def settled(report: str | None, counts: Counts, open_appraisals: int) -> None:
    """A campaign is closed with a report, when everything it found was put right and checked, or put down for a reason.

    Raises:
        Refusal: NEEDS_REPORT; UNSETTLED_FINDINGS; UNSETTLED_APPRAISALS.
    """
    if not report:
        raise Refusal(Code.NEEDS_REPORT, what=Said("监督报告", "the report of the supervision"))
    nothing_open(counts, open_appraisals)


def nothing_open(counts: Counts, open_appraisals: int) -> None:
    """Nobody works on anything of the campaign any more, so it may end.

    Raises:
        Refusal: UNSETTLED_FINDINGS; UNSETTLED_APPRAISALS.
    """
    if counts.unsettled:
        raise Refusal(Code.UNSETTLED_FINDINGS, count=counts.unsettled)
    if open_appraisals:
        raise Refusal(Code.UNSETTLED_APPRAISALS, count=open_appraisals)


def takes_findings(at: Standing) -> bool:
    """Whether something may be put on the campaign's list now."""
    return Act.FIND in possible(at)


def rate(findings: int | None, findings_done: int | None) -> float | None:
    """整改率: the share of the findings that were put right and checked; None: nothing was found, or is told."""
    return findings_done / findings if findings and findings_done is not None else None


def may_be_told(approval: Approval) -> bool:
    """Whether the record may leave this committee at all."""
    return approval is Approval.SIGNED
