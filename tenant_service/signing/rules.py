"""审签: what may be done with a record before it may leave this committee. Pure: no clock, no database, no network."""

from collections.abc import Collection
from enum import StrEnum

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from tenant_service.steps import Steps, leading, staying


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


def shared_with_more(approval: Approval, before: Collection[str], after: Collection[str], *, signs: bool) -> None:
    """Raises: Refusal NOT_SIGNED_OFF, what is signed is shared with more by somebody who may not sign."""
    if approval is Approval.SIGNED and not set(after) <= set(before) and not signs:
        raise Refusal(Code.NOT_SIGNED_OFF)
