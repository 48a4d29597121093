"""代录: what is entered for a member, and what may become of that. Pure."""

from enum import StrEnum

from sync.contract.kinds import Kind
from tenant_service.steps import Steps, leading


class Entered(Kind):
    """代录事项: closed; what was entered for somebody."""

    SIGN_UP = "SIGN_UP", "报名"
    WITHDRAW = "WITHDRAW", "取消报名"
    LEAVE = "LEAVE", "请假"
    REPLY = "REPLY", "答复邀请"
    REPORT = "REPORT", "报送成果"
    CO_SIGN = "CO_SIGN", "附议"
    PROPOSAL = "PROPOSAL", "提案"
    FORM = "FORM", "填写表单"


class EntryState(Kind):
    """代录状态: to be confirmed → confirmed, or objected to → settled by the office in words."""

    TO_CONFIRM = "TO_CONFIRM", "待本人确认"
    CONFIRMED = "CONFIRMED", "本人已确认"
    OBJECTED = "OBJECTED", "本人有异议"
    SETTLED = "SETTLED", "异议已处理"


class Act(StrEnum):
    """What becomes of an entry, as the service's functions are named."""

    CONFIRM = "confirm"
    OBJECT = "object_to"
    SETTLE = "settle"


STATES = Steps(
    {
        Act.CONFIRM: leading(EntryState.CONFIRMED, EntryState.TO_CONFIRM, EntryState.OBJECTED),
        Act.OBJECT: leading(EntryState.OBJECTED, EntryState.TO_CONFIRM),
        Act.SETTLE: leading(EntryState.SETTLED, EntryState.OBJECTED),
    }
)
"""Whatever is entered anew for the same member at the same record is to be confirmed again."""
