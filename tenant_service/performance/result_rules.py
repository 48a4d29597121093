"""What may happen to a yearly result and to an objection. Pure: no clock, no database, no network."""

import datetime as dt
from enum import StrEnum

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from tenant_service.steps import Steps, leading, staying

LONGEST_PERIOD = 60
"""Days for which a result is published at most before it is final."""


class ResultState(Kind):
    """年度结果状态: computed → published ⇄ put right → final."""

    COMPUTED = "COMPUTED", "测算"
    PUBLISHED = "PUBLISHED", "公示"
    FINAL = "FINAL", "定稿"


class ResultAct(StrEnum):
    """What may be done with a result, as the services' functions are named."""

    COMPUTE = "compute"
    PUBLISH = "publish"
    OBJECT = "object_to"
    CORRECT = "correct"
    FINALIZE = "finalize"


RESULTS = Steps(
    {
        ResultAct.COMPUTE: staying(ResultState.COMPUTED),
        ResultAct.PUBLISH: leading(ResultState.PUBLISHED, ResultState.COMPUTED),
        ResultAct.OBJECT: staying(ResultState.PUBLISHED),
        ResultAct.CORRECT: staying(ResultState.PUBLISHED),
        ResultAct.FINALIZE: leading(ResultState.FINAL, ResultState.PUBLISHED),
    }
)
"""What is published changes by an objection that was upheld, and by nothing else."""


class ObjectionState(Kind):
    """异议状态: open → upheld, declined or taken back."""

    OPEN = "OPEN", "待答复"
    UPHELD = "UPHELD", "已更正"
    DECLINED = "DECLINED", "不予更正"
    TAKEN_BACK = "TAKEN_BACK", "已撤回"


class ObjectionAct(StrEnum):
    """What may be done with an objection."""

    UPHOLD = "uphold"
    DECLINE = "decline"
    TAKE_BACK = "take_back"


OBJECTIONS = Steps(
    {
        ObjectionAct.UPHOLD: leading(ObjectionState.UPHELD, ObjectionState.OPEN),
        ObjectionAct.DECLINE: leading(ObjectionState.DECLINED, ObjectionState.OPEN),
        ObjectionAct.TAKE_BACK: leading(ObjectionState.TAKEN_BACK, ObjectionState.OPEN),
    }
)


def period(today: dt.date, until: dt.date) -> None:
    """公示期: from today until a day that is to come. Raises: Refusal BAD_TIME."""
    if not today < until <= today + dt.timedelta(days=LONGEST_PERIOD):
        raise Refusal(
            Code.BAD_TIME,
            why=Said(f"公示截止日须在今天之后、{LONGEST_PERIOD}天以内", f"after today, within {LONGEST_PERIOD} days"),
        )


def is_over(today: dt.date, until: dt.date | None) -> None:
    """Raises: Refusal BAD_TIME, objections may still come."""
    if until is None or today <= until:
        raise Refusal(Code.BAD_TIME, why=Said("公示期未满", "the time for objections is not over"))


def is_within(today: dt.date, until: dt.date | None) -> None:
    """Raises: Refusal BAD_TIME, it is too late for objections."""
    if until is None or today > until:
        raise Refusal(Code.BAD_TIME, why=Said("公示期已满", "the time for objections is over"))
