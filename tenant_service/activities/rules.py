"""What may happen to an activity. Pure: no clock, no database, no network."""

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI, day_of
from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityState
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

LONGEST = dt.timedelta(days=31)
"""A session, study or visit that lasts longer is several."""


OPEN_STATES = frozenset({ActivityState.PUBLISHED, ActivityState.HELD})
COUNTED_STATES = frozenset({ActivityState.HELD, ActivityState.CLOSED})
"""场次 counts what was held; drafts and cancelled activities never count, nor does what was sent back (RETURNED)."""


class Act(StrEnum):
    """What may be done with an activity that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    REDRAFT_BACKFILL = "redraft_backfill"
    DISCARD = "discard"
    TAKE_BACK = "take_back"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    CHANGE = "change"
    CANCEL = "cancel"
    HOLD = "hold"
    CLOSE = "close"


STATES = Steps(
    {
        Act.REDRAFT: staying(ActivityState.DRAFT),
        Act.REDRAFT_BACKFILL: staying(ActivityState.CLOSED),
        Act.DISCARD: staying(ActivityState.DRAFT, ActivityState.CLOSED),
        Act.TAKE_BACK: staying(ActivityState.CLOSED),
        Act.SIGN_OFF: leading(ActivityState.PUBLISHED, ActivityState.DRAFT) | staying(ActivityState.CLOSED),
        Act.CHANGE: staying(ActivityState.PUBLISHED, ActivityState.HELD),
        Act.CANCEL: leading(ActivityState.CANCELLED, ActivityState.PUBLISHED, ActivityState.HELD),
        Act.HOLD: leading(ActivityState.HELD, ActivityState.PUBLISHED),
        Act.CLOSE: leading(ActivityState.CLOSED, ActivityState.PUBLISHED, ActivityState.HELD),
    }
)
"""What is closed and not signed was backfilled (补录): it is entered as closed, and waits for sign-off there."""
_SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.REDRAFT_BACKFILL: signing.Act.REDRAFT, Act.DISCARD: signing.Act.DISCARD,
    Act.TAKE_BACK: signing.Act.DISCARD,
    Act.SUBMIT: signing.Act.SUBMIT, Act.SEND_BACK: signing.Act.SEND_BACK, Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF})
"""The others are the drafter's."""
_ONCE_BEGUN = frozenset({Act.HOLD, Act.CLOSE})


class Standing(NamedTuple):
    """Where an activity stands: what decides about the next act."""

    approval: Approval
    state: ActivityState
    starts_at: dt.datetime


def after(act: Act, at: Standing, now: dt.datetime) -> Standing:
    """Where the act leads.

    Raises:
        Refusal: OUT_OF_TURN; BAD_TIME, it has not begun.
    """
    approval = signing.SIGNING.after(_SIGNED_AS[act], at.approval) if act in _SIGNED_AS else at.approval
    state = STATES.after(act, at.state) if act in STATES else at.state
    if act is Act.DISCARD and at.state is ActivityState.CLOSED and at.approval is not Approval.RETURNED:
        raise Refusal(Code.OUT_OF_TURN, now=at.approval)
    if act in _ONCE_BEGUN and at.starts_at > now:
        raise Refusal(Code.BAD_TIME, why=Said("尚未开始", "it has not begun"))
    return Standing(approval, state, at.starts_at)


def possible(at: Standing, now: dt.datetime) -> frozenset[Act]:
    """All that fits where the activity stands, whoever may do it."""
    return frozenset(act for act in Act if _fits(act, at, now))


def _fits(act: Act, at: Standing, now: dt.datetime) -> bool:
    try:
        after(act, at, now)
    except Refusal:
        return False
    return True


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


# ── parts ──


class HalfDay(Kind):
    """半天: by which presence at a plenary is counted."""

    MORNING = "MORNING", "上午"
    AFTERNOON = "AFTERNOON", "下午"
    EVENING = "EVENING", "晚上"


def half_day(starts_at: dt.datetime) -> HalfDay:
    """The half-day on which a part begins, Asia/Shanghai."""
    hour = starts_at.astimezone(SHANGHAI).hour
    return HalfDay.MORNING if hour < _NOON else HalfDay.AFTERNOON if hour < _EVENING else HalfDay.EVENING


_NOON, _EVENING = 12, 18


def within(starts_at: dt.datetime, first: dt.date, last: dt.date) -> None:
    """A part begins on a day of its meeting. Raises: Refusal BAD_TIME."""
    if not first <= day_of(starts_at) <= last:
        raise Refusal(Code.BAD_TIME, why=Said("环节须在会期内", "a part lies within its meeting"))


# ── recurrence ──

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RECURRENCE = re.compile(r"FREQ=MONTHLY;BYMONTHDAY=(?P<month>[12]?\d|3[01])|FREQ=WEEKLY;BYDAY=(?P<week>[A-Z]{2})")
MOST_AHEAD = dt.timedelta(days=366)
"""So far ahead it is said at once when something is held again."""


def recurrence(told: str) -> str:
    """An RRULE of RFC 5545, of the two kinds that committees have: a day of each month, a day of each week.

    Raises:
        Refusal: BAD_VALUE.
    """
    found = _RECURRENCE.fullmatch(told.strip().upper().removeprefix("RRULE:"))
    if found is None or found["month"] == "0" or (found["week"] and found["week"] not in _DAYS):
        why = Said("写作 FREQ=MONTHLY;BYMONTHDAY=25 或 FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=25, say")
        raise Refusal(Code.BAD_VALUE, field="recurrence", why=why)
    return found[0]


def monthly(day: dt.date) -> str:
    """On this day of each month; a month that has none is left out."""
    return f"FREQ=MONTHLY;BYMONTHDAY={day.day}"


def weekly(day: dt.date) -> str:
    return f"FREQ=WEEKLY;BYDAY={_DAYS[day.weekday()]}"


def again(rule: str, after: dt.date, until: dt.date) -> list[dt.date]:
    """The days on which it is held again, behind `after` up to `until`."""
    found = _RECURRENCE.fullmatch(rule)
    days = (after + dt.timedelta(days=n) for n in range(1, (until - after).days + 1))
    if found is None:
        return []
    if found["month"]:
        return [day for day in days if day.day == int(found["month"])]
    return [day for day in days if _DAYS[day.weekday()] == found["week"]]
