"""What may happen to a booking, and whether a space takes one more. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from tenant_service.steps import Steps, leading

MOST_DAYS_AHEAD = 90
"""Nobody books further into the future without the desk."""
MOST_OF_A_PHONE = 3
"""Bookings of one phone that stand at once, so that nobody fills a hall by themselves."""
_R, _C, _I = BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.CHECKED_IN
LIVE = (_R, _C, _I, BookingState.DONE)
"""States in which a booking holds its seats; a request holds them as well, so that it can be confirmed."""


class Act(StrEnum):
    """What is done with a booking, as the service's functions are named."""

    CONFIRM = "confirm"
    CHECK_IN = "check_in"
    FINISH = "finish"
    MISS = "miss"
    PUT_BACK = "put_back"
    CANCEL = "cancel"


STATES = Steps(
    {
        Act.CONFIRM: leading(_C, _R),
        Act.CHECK_IN: leading(_I, _C),
        Act.FINISH: leading(BookingState.DONE, _I),
        Act.MISS: leading(BookingState.NO_SHOW, _C),
        Act.PUT_BACK: leading(_C, _I, BookingState.NO_SHOW),
        Act.CANCEL: leading(BookingState.CANCELLED, _R, _C),
    }
)
"""预约 (seed facts 17, 24, 25). 撤销: who was checked in or missed by mistake is confirmed again."""


@dataclass(frozen=True)
class Held:
    """What a booking holds of a space: from a moment until another one, so many seats, or all of it."""

    begins_at: dt.datetime
    ends_at: dt.datetime
    heads: int
    alone: bool = False


def fits(capacity: int, wanted: Held, others: Iterable[Held]) -> None:
    """A space of `capacity` seats takes `wanted` beside `others`: who occupies it has it alone, and at no moment sit
    more people in it than it has seats.

    Raises:
        Refusal: SPACE_TAKEN, SPACE_FULL with the seats that are left.
    """
    beside = [each for each in others if each.begins_at < wanted.ends_at and each.ends_at > wanted.begins_at]
    if any(wanted.alone or each.alone for each in beside):
        raise Refusal(Code.SPACE_TAKEN)
    moments = [wanted.begins_at, *(each.begins_at for each in beside if each.begins_at > wanted.begins_at)]
    most = max(sum(each.heads for each in beside if each.begins_at <= at < each.ends_at) for at in moments)
    if most + wanted.heads > capacity:
        raise Refusal(Code.SPACE_FULL, left=max(capacity - most, 0))


def open_at(begins_at: dt.datetime, ends_at: dt.datetime, hours: tuple[str | None, str | None], days: str) -> None:
    """The space is open from the one moment until the other. `hours`: "09:00" and "17:00", in Asia/Shanghai, or none;
    `days`: digits of the weekdays, Monday is 1; "": every day.

    Raises:
        Refusal: SPACE_SHUT.
    """
    begin, end = begins_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    opens, closes = hours
    is_day = begin.date() == end.date() and (not days or str(begin.isoweekday()) in days)
    early, late = opens and f"{begin:%H:%M}" < opens, closes and f"{end:%H:%M}" > closes
    if not is_day or early or late:
        raise Refusal(Code.SPACE_SHUT, hours=f"{opens or '00:00'}–{closes or '24:00'}")


def stands_at_once(kind: BookingKind, channel: BookingChannel, *, with_leaders: bool) -> bool:
    """Whether nobody has to confirm it: a citizen's seats, and what the desk writes down; never where leaders are."""
    return not with_leaders and (kind is BookingKind.SEAT or channel is BookingChannel.DESK)
