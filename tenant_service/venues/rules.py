"""What may happen to a venue. Pure: no clock, no database, no network."""

import re
from collections.abc import Mapping

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.venues import VenueKind, VenueState
from tenant_service.steps import between

STATES = between(
    {
        VenueState.PLANNED: {VenueState.OPEN, VenueState.CLOSED},
        VenueState.OPEN: {VenueState.PAUSED, VenueState.CLOSED},
        VenueState.PAUSED: {VenueState.OPEN, VenueState.CLOSED},
    }
)
"""Where a venue may be moved to."""

EACH_TOWN_HAS = (VenueKind.HALL, VenueKind.STUDIO, VenueKind.CONTACT_POINT)
"""三位一体: the three venues that every town should have (seed fact 26)."""


_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEKDAYS = re.compile(r"[1-7]{0,7}")


def opens(since: str | None, until: str | None, weekdays: str) -> None:
    """These are hours of a room: "09:00" until "17:00", both or neither, and digits of weekdays.

    Raises:
        Refusal: BAD_VALUE.
    """
    are_hours = all(_HOUR.fullmatch(each) for each in (since, until) if each is not None)
    if not are_hours or (since is None) != (until is None) or (since and until and since >= until):
        raise Refusal(Code.BAD_VALUE, field="spaces", why=Said("开放时间写作 09:00-17:00", "hours as 09:00-17:00"))
    if not _WEEKDAYS.fullmatch(weekdays):
        raise Refusal(Code.BAD_VALUE, field="spaces", why=Said("星期写作 周一至周五", "weekdays as digits 1–7"))


def above(venue: str, parent: str | None, parents: Mapping[str, str | None]) -> str | None:
    """`parent`, if `venue` may stand below it; `parents` says what each venue of the committee stands below.

    Raises:
        Refusal: VENUE_CYCLE.
    """
    at, seen = parent, {venue}
    while at is not None:
        if at in seen:
            raise Refusal(Code.VENUE_CYCLE)
        seen.add(at)
        at = parents.get(at)
    return parent
