"""审签: what may be done with a record before it may leave this committee, and what is said of what left at once. Pure:
no clock, no database, no network.
"""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from typing import TypeVar

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from tenant_service.steps import Steps, leading, staying

A = TypeVar("A")
S = TypeVar("S")


class Approval(Kind):
    """审签: 拟稿 → 审核 → 签发. Nothing leaves the committee before SIGNED (practice rule 3)."""

    DRAFTING = "DRAFTING", "拟稿"
    IN_REVIEW = "IN_REVIEW", "待审核"
    RETURNED = "RETURNED", "已退回"
    SIGNED = "SIGNED", "已签发"


class Act(StrEnum):
    """What drafter and signer do."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"


SIGNING = Steps(
    {
        Act.REDRAFT: staying(Approval.DRAFTING, Approval.RETURNED),
        Act.DISCARD: staying(Approval.DRAFTING, Approval.IN_REVIEW, Approval.RETURNED),
        Act.SUBMIT: leading(Approval.IN_REVIEW, Approval.DRAFTING, Approval.RETURNED),
        Act.SEND_BACK: leading(Approval.RETURNED, Approval.IN_REVIEW),
        Act.SIGN_OFF: leading(Approval.SIGNED, Approval.IN_REVIEW),
    }
)
"""Of every kind that is signed. Who drafts has it in hand until it is submitted, and again when it is sent back."""


def fitting(acts: Iterable[A], after: Callable[[A, S], Approval], at: S) -> frozenset[A]:
    """Those of the acts that 审签 lets through where a record stands. `after`: where it leads, or a Refusal."""
    return frozenset(act for act in acts if _fits(act, after, at))


def _fits(act: A, after: Callable[[A, S], Approval], at: S) -> bool:
    try:
        after(act, at)
    except Refusal:
        return False
    return True


def shared_with_more(approval: Approval, before: Collection[str], after: Collection[str], *, signs: bool) -> None:
    """Raises: Refusal NOT_SIGNED_OFF, what is signed is shared with more by somebody who may not sign."""
    if approval is Approval.SIGNED and not set(after) <= set(before) and not signs:
        raise Refusal(Code.NOT_SIGNED_OFF)


# ── reviewed after it left ──


class AtOnce(Kind):
    """先发后审: what goes out without a signature because it cannot wait for one, and is reviewed after."""

    ACTIVITY_CHANGE = "ACTIVITY_CHANGE", "改时间地点"
    ACTIVITY_CANCEL = "ACTIVITY_CANCEL", "取消活动"
    ACTIVITY_CLOSE = "ACTIVITY_CLOSE", "办结活动"
    TOPIC_TURN_DOWN = "TOPIC_TURN_DOWN", "不予受理"
    TOPIC_FORWARD = "TOPIC_FORWARD", "转交"
    CAMPAIGN_CANCEL = "CAMPAIGN_CANCEL", "取消监督"
    PROGRAMME_CANCEL = "PROGRAMME_CANCEL", "取消专项"
    APPRAISAL_OBJECT = "APPRAISAL_OBJECT", "登记异议"
    APPRAISAL_CANCEL = "APPRAISAL_CANCEL", "取消评议"
    ASSIGNMENT_WITHDRAW = "ASSIGNMENT_WITHDRAW", "撤回交办"
    CALL_CANCEL = "CALL_CANCEL", "取消吹哨"
    POST_WITHDRAW = "POST_WITHDRAW", "撤下发布"
    FORM_WITHDRAW = "FORM_WITHDRAW", "撤下表单"


class ReviewState(Kind):
    """事后审核: where it stands."""

    WAITING = "WAITING", "待事后审核"
    CONFIRMED = "CONFIRMED", "已复核"
    OBJECTED = "OBJECTED", "有异议"
    SETTLED = "SETTLED", "异议已处理"


class ReviewAct(StrEnum):
    """What signer and drafter do about what has left already."""

    CONFIRM = "confirm"
    OBJECT = "object"
    SETTLE = "settle"


_WAITING, _CONFIRMED, _OBJECTED = ReviewState.WAITING, ReviewState.CONFIRMED, ReviewState.OBJECTED
REVIEW = Steps(
    {
        ReviewAct.CONFIRM: leading(_CONFIRMED, _WAITING, _OBJECTED),
        ReviewAct.OBJECT: leading(_OBJECTED, _WAITING, _CONFIRMED),
        ReviewAct.SETTLE: leading(ReviewState.SETTLED, _OBJECTED),
    }
)
"""The record that has left stays as it is whatever is said here, until somebody changes it by a further act."""
OF_THE_REVIEWER = frozenset({ReviewAct.CONFIRM, ReviewAct.OBJECT})
"""SETTLE is for whoever did it, or for whoever reviews it where the account that did it is closed (`settles`); and it
follows when anybody changes the record again.
"""


def settles(did_by: str, sub: str, *, is_closed: bool, reviews: bool) -> bool:
    """Whether somebody (`sub`) says what was done about an objection to what `did_by` did. `is_closed`: that account
    is; `reviews`: they are one of those who review it.
    """
    return did_by == sub or (is_closed and reviews)
