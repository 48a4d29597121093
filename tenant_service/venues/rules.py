"""What may happen to a venue. Pure: no clock, no database, no network."""

from collections.abc import Mapping

from sync.contract.errors import Code, Refusal
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
