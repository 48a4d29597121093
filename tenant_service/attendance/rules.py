"""What may happen to a participation. Pure: no clock, no database, no network."""

import datetime as dt
import hashlib
import hmac
from enum import StrEnum

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from tenant_service.activities.rules import OPEN_STATES
from tenant_service.steps import Steps, between, leading, staying

TAKES_A_PLACE = frozenset({At.REGISTERED, At.PRESENT, At.LEAVE_ASKED})
CALLED = frozenset({At.INVITED, At.REGISTERED, At.PRESENT, At.ABSENT, At.ON_LEAVE})
"""Whoever stands so at a meeting was to come to each of its parts."""
IS_TOLD = frozenset({At.INVITED, At.REGISTERED, At.WAITLISTED, At.LEAVE_ASKED, At.ON_LEAVE, At.PRESENT})
"""Whoever stands so is told when the activity is moved or cancelled."""
OPENS_BEFORE = dt.timedelta(hours=2)
"""Check-in opens so long before the begin,"""
CLOSES_AFTER = dt.timedelta(hours=12)
"""and closes so long after it; later, the list is corrected with a reason."""
DESK_SECONDS = 60
"""Each six-digit code of a desk is shown so long, and taken for twice that."""
_DIGITS = 6

LIST = between(
    {
        At.INVITED: {At.REGISTERED, At.WAITLISTED, At.DECLINED, At.PRESENT, At.ABSENT},
        At.REGISTERED: {At.WITHDRAWN, At.LEAVE_ASKED, At.ON_LEAVE, At.PRESENT, At.ABSENT},
        At.WAITLISTED: {At.REGISTERED, At.WITHDRAWN, At.PRESENT, At.ABSENT},
        At.DECLINED: {At.REGISTERED, At.WAITLISTED, At.PRESENT},
        At.LEAVE_ASKED: {At.ON_LEAVE, At.REGISTERED, At.WITHDRAWN, At.PRESENT, At.ABSENT},
        At.ON_LEAVE: {At.REGISTERED, At.PRESENT},
        At.WITHDRAWN: {At.REGISTERED, At.WAITLISTED, At.PRESENT},
        At.PRESENT: {At.ABSENT},
        At.ABSENT: {At.PRESENT, At.ON_LEAVE},
    }
)
"""Where somebody on the list may come to stand."""
ASKED = Steps(
    {
        RequestKind.SIGN_UP: leading(At.REGISTERED, At.INVITED, At.DECLINED, At.WITHDRAWN),
        RequestKind.WITHDRAW: {At.INVITED: At.DECLINED}
        | leading(At.WITHDRAWN, At.REGISTERED, At.WAITLISTED, At.LEAVE_ASKED),
        RequestKind.LEAVE: leading(At.LEAVE_ASKED, At.REGISTERED),
    }
)
"""What a member on the list asks for. Signing up leads to the waiting list when all places are taken."""


class Act(StrEnum):
    """What the office does with somebody on the list, where that asks for one state."""

    GRANT_LEAVE = "grant_leave"
    REFUSE_LEAVE = "refuse_leave"
    CHECK_OUT = "check_out"


DESK = Steps(
    {
        Act.GRANT_LEAVE: leading(At.ON_LEAVE, At.LEAVE_ASKED),
        Act.REFUSE_LEAVE: leading(At.REGISTERED, At.LEAVE_ASKED),
        Act.CHECK_OUT: staying(At.PRESENT),
    }
)
"""What the office decides about somebody on the list."""


def asks(
    at: At | None, activity: ActivityState, until: dt.datetime | None, now: dt.datetime
) -> frozenset[RequestKind]:  # fmt: skip
    """What a member may ask for who stands there on the list, or (None) not on it."""
    if activity not in OPEN_STATES:
        return frozenset()
    possible = ASKED.possible(at) if at else (RequestKind.SIGN_UP,)
    return frozenset(each for each in possible if each is not RequestKind.SIGN_UP or not _closed(activity, until, now))


def place(state: ActivityState, until: dt.datetime | None, now: dt.datetime, capacity: int | None, taken: int) -> At:
    """Where somebody stands who signs up now: registered, or on the waiting list when all places are taken.

    Raises:
        Refusal: SIGN_UP_CLOSED, OUT_OF_TURN.
    """
    if refusal := _closed(state, until, now):
        raise refusal
    return free(capacity, taken)


def _closed(state: ActivityState, until: dt.datetime | None, now: dt.datetime) -> Refusal | None:
    """Why nobody signs up any more, or does yet."""
    if state is not ActivityState.PUBLISHED:
        return Refusal(Code.OUT_OF_TURN, now=state)
    return Refusal(Code.SIGN_UP_CLOSED) if until is not None and now > until else None


def free(capacity: int | None, taken: int) -> At:
    """Where somebody stands who comes when so many places are taken."""
    return At.WAITLISTED if capacity is not None and taken >= capacity else At.REGISTERED


def signs_up_again(now: At) -> None:
    """Raises: Refusal ALREADY_SIGNED_UP, somebody who has a place or waits for one signs up again."""
    if now in (At.REGISTERED, At.WAITLISTED, At.LEAVE_ASKED, At.PRESENT):
        raise Refusal(Code.ALREADY_SIGNED_UP)


def desk_is_open(state: ActivityState, starts_at: dt.datetime, now: dt.datetime) -> None:
    """Raises: Refusal OUT_OF_TURN, BAD_TIME."""
    if state not in OPEN_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=state)
    if not starts_at - OPENS_BEFORE <= now <= starts_at + CLOSES_AFTER:
        raise Refusal(Code.BAD_TIME, why=Said("不在签到时间内", "the check-in desk is not open"))


def desk_code(secret: str, now: dt.datetime) -> str:
    """The six digits that the desk shows at this moment."""
    return _digits(secret, int(now.timestamp()) // DESK_SECONDS)


def is_desk_code(secret: str, typed: str, now: dt.datetime) -> bool:
    """Whether these digits are shown now, or were a moment ago."""
    at = int(now.timestamp()) // DESK_SECONDS
    return any(hmac.compare_digest(_digits(secret, step_), typed.strip()) for step_ in (at, at - 1))


def _digits(secret: str, step_: int) -> str:
    made = hmac.new(bytes.fromhex(secret), step_.to_bytes(8, "big"), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8], 'big') % 10**_DIGITS:0{_DIGITS}d}"
