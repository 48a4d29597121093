"""What may happen to a call (吹哨). Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.items import CallState
from tenant_service.steps import Steps, leading, staying

MOST_BODIES = 50
"""That one call names."""


class CallAct(StrEnum):
    """What may be done with a call that is there, as the service's functions are named."""

    ANSWER = "answer"
    COMPLETE = "complete"
    END = "end"
    CANCEL = "cancel"


CALLS = Steps(
    {
        CallAct.ANSWER: staying(CallState.OPEN),
        CallAct.COMPLETE: leading(CallState.ANSWERED, CallState.OPEN),
        CallAct.END: leading(CallState.OVER, CallState.OPEN),
        CallAct.CANCEL: leading(CallState.CANCELLED, CallState.OPEN),
    }
)
"""COMPLETE follows when the last body has answered. END is the caller's, when the time to answer is over."""


def called(bodies: Sequence[str]) -> list[str]:
    """Each body once. Raises: Refusal BAD_VALUE, none or too many."""
    found = list(dict.fromkeys(bodies))
    if not found:
        raise Refusal(Code.BAD_VALUE, field="bodyIds", why=Said("请选择单位", "say who is called"))
    if len(found) > MOST_BODIES:
        raise Refusal(Code.BAD_VALUE, field="bodyIds", why=f"≤ {MOST_BODIES}")
    return found


def ahead(answer_by: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Raises: Refusal BAD_TIME, there is no time left to answer."""
    if answer_by <= now:
        raise Refusal(Code.BAD_TIME, field="answerBy", why=Said("报到期限须晚于现在", "it is to be later than now"))
    return answer_by


def over(answer_by: dt.datetime, now: dt.datetime) -> None:
    """Raises: Refusal BAD_TIME, answers may still come."""
    if now < answer_by:
        raise Refusal(Code.BAD_TIME, why=Said("报到期限未到", "the time to answer is not over"))
