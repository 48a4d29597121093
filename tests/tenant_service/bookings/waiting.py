"""Bookings that wait for somebody: one for the desk, one for a leader, and one that is over."""

import datetime as dt

from sync.contract.shapes.bookings import BookingChannel, BookingKind
from sync.contract.shapes.venues import VenueKind
from tenant_service.bookings import codes, service
from tenant_service.bookings.service import Draft
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import queries as venue_queries
from tenant_service.venues import service as venues
from tenant_service.venues.service import Draft as VenueDraft
from tenant_service.venues.service import Space
from tests.tenant_service import places

_ASKED = (
    (1, BookingKind.SEAT, True, BookingChannel.WEB), (2, BookingKind.VISIT, False, BookingChannel.WEB),
    (-3, BookingKind.SEAT, False, BookingChannel.DESK), (4, BookingKind.SEAT, False, BookingChannel.WEB),
)  # fmt: skip
"""In how many hours, of what kind, with leaders or not, and how they came in; of the last nobody has to do anything."""


def waiting(units: Units, clerk: Actor, now: dt.datetime) -> None:
    """A hall with these bookings is there."""
    hall = VenueDraft(
        "实践中心", VenueKind.PRACTICE_CENTRE, "之江路1号", spaces=(Space("厅", 120),), opened_on=now.date()
    )
    with units.write() as unit:
        id = venues.add(unit, clerk, places.directory(), hall, []).id
        space = venue_queries.spaces(unit.session, id)[0].id
        for hours, kind, leaders, channel in _ASKED:
            begins = now + dt.timedelta(hours=hours)
            told = Draft(
                space, kind, begins, begins + dt.timedelta(hours=1), 2, "张大爷", f"1380000000{hours % 10}", "团",
                "苏州", with_leaders=leaders,
            )  # fmt: skip
            service.book(unit, clerk, told, channel, codes.fresh())
