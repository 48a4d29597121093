"""What may happen to a report. Pure: no clock, no database, no network."""

from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel, RecognitionState
from sync.contract.shapes.reports import ReportOutcome, ReportState
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_DRAFTING, _HANDED_IN, _EDITING = ReportState.DRAFTING, ReportState.HANDED_IN, ReportState.EDITING
_SIGNED, _SENT, _RECEIVED = ReportState.SIGNED, ReportState.SENT, ReportState.RECEIVED
_COMPILED, _ADOPTED, _NOT_ADOPTED = ReportState.COMPILED, ReportState.ADOPTED, ReportState.NOT_ADOPTED


class Act(StrEnum):
    """What may be done with a report that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    HAND_IN = "hand_in"
    GIVE_BACK = "give_back"
    TAKE_ON = "take_on"
    DECLINE = "decline"
    MERGE = "merge"
    EDIT = "edit"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    SEND = "send"
    TAKE_BACK = "take_back"
    RECEIVED = "received"
    COMPILED = "compiled"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    ARCHIVE = "archive"


STATES = Steps(
    {
        Act.REDRAFT: staying(_DRAFTING),
        Act.DISCARD: staying(_DRAFTING),
        Act.HAND_IN: leading(_HANDED_IN, _DRAFTING),
        Act.GIVE_BACK: leading(_DRAFTING, _HANDED_IN),
        Act.TAKE_ON: leading(_EDITING, _HANDED_IN),
        Act.DECLINE: leading(ReportState.DECLINED, _HANDED_IN, _EDITING),
        Act.MERGE: leading(ReportState.MERGED, _HANDED_IN, _EDITING),
        Act.EDIT: staying(_EDITING),
        Act.SUBMIT: staying(_EDITING),
        Act.SEND_BACK: staying(_EDITING),
        Act.SIGN_OFF: leading(_SIGNED, _EDITING),
        Act.SEND: leading(_SENT, _SIGNED),
        Act.TAKE_BACK: leading(_SIGNED, _SENT),
        Act.RECEIVED: leading(_RECEIVED, _SENT),
        Act.COMPILED: leading(_COMPILED, _RECEIVED),
        Act.ADOPTED: leading(_ADOPTED, _RECEIVED, _COMPILED),
        Act.NOT_ADOPTED: leading(_NOT_ADOPTED, _RECEIVED, _COMPILED),
        Act.ARCHIVE: leading(
            ReportState.ARCHIVED, ReportState.DECLINED, ReportState.MERGED, _SIGNED, _ADOPTED, _NOT_ADOPTED
        ),
    }
)
"""初审 → 采编 → 签发 → 报送 (practice rule 13); what became of it higher up is done there and told back."""
SIGNED_AS = {
    Act.EDIT: signing.Act.REDRAFT, Act.SUBMIT: signing.Act.SUBMIT, Act.SEND_BACK: signing.Act.SEND_BACK,
    Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_AUTHORS = frozenset({Act.REDRAFT, Act.DISCARD, Act.HAND_IN})
"""What authors do with their own, as the office may for them."""
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF, Act.SEND})
OF_THE_HIGHER = frozenset({Act.RECEIVED, Act.COMPILED, Act.ADOPTED, Act.NOT_ADOPTED})
"""What is done in the higher committee alone."""
TOLD_AS = {
    ReportOutcome.RECEIVED: Act.RECEIVED, ReportOutcome.COMPILED: Act.COMPILED,
    ReportOutcome.ADOPTED: Act.ADOPTED, ReportOutcome.NOT_ADOPTED: Act.NOT_ADOPTED,
}  # fmt: skip
"""What the higher committee tells back → the step of our report."""
_IN_REVIEW_STAY = frozenset({Act.DECLINE, Act.MERGE})
"""What is not done to a report that waits for its signature: it is sent back first."""


class Standing(NamedTuple):
    """Where a report stands: what decides about the next act."""

    approval: Approval
    state: ReportState


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签; where it leads the report is for `STATES` to say. Raises: Refusal OUT_OF_TURN."""
    if act in SIGNED_AS:
        STATES.after(act, at.state)
        return signing.SIGNING.after(SIGNED_AS[act], at.approval)
    if act in _IN_REVIEW_STAY and at.approval is Approval.IN_REVIEW:
        raise Refusal(Code.OUT_OF_TURN, now=at.approval)
    return at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the report stands, whoever may do it here."""
    return signing.fitting(set(STATES.possible(at.state)) - OF_THE_HIGHER, approval_after, at)


def may_be_told(approval: Approval) -> bool:
    """Whether the record may leave this committee at all."""
    return approval is Approval.SIGNED


def printed(pattern: str, year: int, issue: int) -> str:
    """刊物期次 as it stands on the paper: `{n}` is the issue's number, `{year}` its year."""
    return pattern.replace("{year}", str(year)).replace("{n}", str(issue))


# ── what was sent up to us ──


class IntakeAct(StrEnum):
    """What the higher committee does with it, after it was received."""

    WORK_IN = "work_in"
    ADOPT = "adopt"
    TURN_DOWN = "turn_down"


INTAKE = Steps(
    {
        IntakeAct.WORK_IN: leading(ReportOutcome.COMPILED, ReportOutcome.RECEIVED),
        IntakeAct.ADOPT: leading(ReportOutcome.ADOPTED, ReportOutcome.RECEIVED, ReportOutcome.COMPILED),
        IntakeAct.TURN_DOWN: leading(ReportOutcome.NOT_ADOPTED, ReportOutcome.RECEIVED, ReportOutcome.COMPILED),
    }
)
"""来稿, after it was received; each step is told to the sender."""
DECISIONS = frozenset({IntakeAct.ADOPT, IntakeAct.TURN_DOWN})
"""A decision is told to the sender, so whoever signs takes it."""
_KNOWN = {
    ReportState.RECEIVED: ReportOutcome.RECEIVED, ReportState.COMPILED: ReportOutcome.COMPILED,
    ReportState.ADOPTED: ReportOutcome.ADOPTED, ReportState.NOT_ADOPTED: ReportOutcome.NOT_ADOPTED,
}  # fmt: skip


def known_there(state: ReportState) -> ReportOutcome | None:
    """What its owner heard of us already; after a restore we may have forgotten it. None: nothing."""
    return _KNOWN.get(state)


# ── recognitions ──


class RecognitionAct(StrEnum):
    """What may be done with a recognition, as the service's functions are named."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


RECOGNITIONS = Steps(
    {
        RecognitionAct.CONFIRM: leading(RecognitionState.CONFIRMED, RecognitionState.RECORDED),
        RecognitionAct.CORRECT: leading(
            RecognitionState.RECORDED, RecognitionState.RECORDED, RecognitionState.CONFIRMED
        ),
        RecognitionAct.WITHDRAW: leading(
            RecognitionState.WITHDRAWN, RecognitionState.RECORDED, RecognitionState.CONFIRMED
        ),
    }
)
"""Only what is confirmed counts and is told; put right, it is confirmed anew."""
LEADERS = frozenset({
    RecognitionLevel.NATION_LEADER, RecognitionLevel.PROVINCE_MAIN, RecognitionLevel.PROVINCE_LEADER,
    RecognitionLevel.CITY_MAIN, RecognitionLevel.CITY_LEADER, RecognitionLevel.DISTRICT_MAIN,
    RecognitionLevel.DISTRICT_LEADER,
})  # fmt: skip
"""Levels of instructions, and of nothing else."""
NAMES_A_DOCUMENT = frozenset({RecognitionKind.INTO_POLICY, RecognitionKind.MODEL_CASE, RecognitionKind.AWARD})
"""Kinds that say into which document, on which list, which award."""


def levels_of(kind: RecognitionKind) -> tuple[RecognitionLevel, ...]:
    """By whom that kind is given."""
    return tuple(each for each in RecognitionLevel if (each in LEADERS) == (kind is RecognitionKind.INSTRUCTION))
