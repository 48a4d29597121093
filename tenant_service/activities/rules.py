"""What may happen to an activity. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityState

LONGEST = dt.timedelta(days=31)
"""A session, study or visit that lasts longer is several."""


class Approval(Kind):
    """审签: 拟稿 → 审核 → 签发. Nothing leaves the committee before SIGNED (practice rule 3)."""

    DRAFTING = "DRAFTING", "拟稿"
    IN_REVIEW = "IN_REVIEW", "待审核"
    RETURNED = "RETURNED", "已退回"
    SIGNED = "SIGNED", "已签发"


_STEPS: dict[ActivityState, frozenset[ActivityState]] = {
    ActivityState.DRAFT: frozenset({ActivityState.PUBLISHED, ActivityState.CLOSED}),
    ActivityState.PUBLISHED: frozenset({ActivityState.HELD, ActivityState.CLOSED, ActivityState.CANCELLED}),
    ActivityState.HELD: frozenset({ActivityState.CLOSED, ActivityState.CANCELLED}),
    ActivityState.CLOSED: frozenset(),
    ActivityState.CANCELLED: frozenset(),
}
_APPROVALS: dict[Approval, frozenset[Approval]] = {
    Approval.DRAFTING: frozenset({Approval.IN_REVIEW}),
    Approval.IN_REVIEW: frozenset({Approval.SIGNED, Approval.RETURNED}),
    Approval.RETURNED: frozenset({Approval.IN_REVIEW}),
    Approval.SIGNED: frozenset(),
}
OPEN_STATES = frozenset({ActivityState.PUBLISHED, ActivityState.HELD})
COUNTED_STATES = frozenset({ActivityState.HELD, ActivityState.CLOSED})
"""场次 counts what was held; drafts and cancelled activities never count, nor does what was sent back (RETURNED)."""


class Tally(NamedTuple):
    """What an indicator counts on one day: of one kind, under one mechanism or under none."""

    day: dt.date
    kind: str
    mechanism: str | None
    number: int


def step(now: ActivityState, to: ActivityState) -> ActivityState:
    """Raises: Refusal OUT_OF_TURN."""
    if to not in _STEPS[now]:
        raise Refusal(Code.OUT_OF_TURN, now=now)
    return to


def approve(now: Approval, to: Approval) -> Approval:
    """Raises: Refusal OUT_OF_TURN."""
    if to not in _APPROVALS[now]:
        raise Refusal(Code.OUT_OF_TURN, now=now)
    return to


class Act(StrEnum):
    """What may be done with an activity that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    REDRAFT_BACKFILL = "redraft_backfill"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    CHANGE = "change"
    CANCEL = "cancel"
    HOLD = "hold"
    CLOSE = "close"


class Standing(NamedTuple):
    """Where an activity stands: what decides about the next act."""

    approval: Approval
    state: ActivityState
    starts_at: dt.datetime
    backfilled: bool


_LEADS_TO = {
    Act.SUBMIT: Approval.IN_REVIEW, Act.SEND_BACK: Approval.RETURNED, Act.SIGN_OFF: Approval.SIGNED,
}  # fmt: skip
_WHILE = {
    Act.REDRAFT: frozenset({ActivityState.DRAFT}), Act.CHANGE: OPEN_STATES, Act.CANCEL: OPEN_STATES,
    Act.HOLD: frozenset({ActivityState.PUBLISHED}), Act.CLOSE: OPEN_STATES,
}  # fmt: skip
_IN_HAND = frozenset({Act.REDRAFT, Act.REDRAFT_BACKFILL})
_ONCE_BEGUN = frozenset({Act.HOLD, Act.CLOSE})


def require(act: Act, at: Standing, now: dt.datetime) -> None:
    """The act fits where the activity stands.

    Raises:
        Refusal: OUT_OF_TURN; BAD_TIME, it has not begun.
    """
    if at.state not in _WHILE.get(act, ActivityState) or (act is Act.REDRAFT_BACKFILL and not at.backfilled):
        raise Refusal(Code.OUT_OF_TURN, now=at.state)
    if act in _IN_HAND and at.approval not in (Approval.DRAFTING, Approval.RETURNED):
        raise Refusal(Code.OUT_OF_TURN, now=at.approval)
    if act is Act.DISCARD and not may_be_discarded(at.approval, at.state):
        raise Refusal(Code.OUT_OF_TURN, now=at.approval if at.state is ActivityState.CLOSED else at.state)
    if act in _LEADS_TO:
        approve(at.approval, _LEADS_TO[act])
    if act in _ONCE_BEGUN and at.starts_at > now:
        raise Refusal(Code.BAD_TIME, why=Said("尚未开始", "it has not begun"))


def possible(at: Standing, now: dt.datetime) -> frozenset[Act]:
    """All that fits where the activity stands, whoever may do it."""
    return frozenset(act for act in Act if _fits(act, at, now))


def _fits(act: Act, at: Standing, now: dt.datetime) -> bool:
    try:
        require(act, at, now)
    except Refusal:
        return False
    return True


def may_be_discarded(approval: Approval, state: ActivityState) -> bool:
    """Whether it may be made as if it had never been: a draft, or a backfilled session that was sent back."""
    return approval is not Approval.SIGNED and (state is ActivityState.DRAFT or approval is Approval.RETURNED)


class Times(NamedTuple):
    """When it begins, when it ends, and until when one signs up."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    sign_up_until: dt.datetime | None


def moved(was: Times, state: ActivityState, starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> Times:
    """The times after a change: it lasts as long as it did unless its end is told, and nobody signs up once it began.

    Raises:
        Refusal: OUT_OF_TURN, what was held began when it began; BAD_TIME.
    """
    if starts_at is None:
        now = was._replace(ends_at=ends_at or was.ends_at)
    elif state is ActivityState.HELD and starts_at != was.starts_at:
        raise Refusal(Code.OUT_OF_TURN, now=state)
    else:
        lasts_until = starts_at + (was.ends_at - was.starts_at) if was.ends_at else None
        until = min(was.sign_up_until, starts_at) if was.sign_up_until else None
        now = Times(starts_at, ends_at or lasts_until, until)
    times(*now)
    return now


def times(starts_at: dt.datetime, ends_at: dt.datetime | None, sign_up_until: dt.datetime | None) -> None:
    """The times fit each other.

    Raises:
        Refusal: BAD_TIME.
    """
    if ends_at is not None and not starts_at <= ends_at <= starts_at + LONGEST:
        raise Refusal(Code.BAD_TIME, why=Said("结束须在开始之后31日内", "it ends within 31 days of its begin"))
    if sign_up_until is not None and sign_up_until > (ends_at or starts_at + LONGEST):
        raise Refusal(Code.BAD_TIME, why=Said("报名截止晚于活动结束", "signing up closes after the end"))


def lacks_report(state: ActivityState, suggestions: Sequence[str] | None) -> bool:
    """Whether what came of it was told to nobody, so that it did not come back after a restore."""
    return state is ActivityState.CLOSED and suggestions is None


def may_be_told(approval: Approval, state: ActivityState) -> bool:
    """Whether the record may leave this committee at all."""
    return approval is Approval.SIGNED and state is not ActivityState.DRAFT
