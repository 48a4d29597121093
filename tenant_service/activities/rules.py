"""What may happen to an activity. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sync.contract.activities import ActivityState
from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind

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


def may_be_discarded(approval: Approval, state: ActivityState) -> bool:
    """Whether it may be made as if it had never been: a draft, or a backfilled session that was sent back."""
    return approval is not Approval.SIGNED and (state is ActivityState.DRAFT or approval is Approval.RETURNED)


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
