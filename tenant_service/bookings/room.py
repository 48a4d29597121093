"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.bookings import listing, personal, queries
from tenant_service.bookings.graphql import BookingMutation, BookingQuery
from tenant_service.bookings.pages import PAGES
from tenant_service.counting.figures import Flow
from tenant_service.room import Retention, Room, days_before

ROOM = Room(
    "bookings", pages=PAGES, query=BookingQuery, mutation=BookingMutation, personal=personal,
    acts={"booking": say("预约")}, does={"booking": listing.ACTS},
    flows={
        IndicatorCode.BOOKINGS_RECEIVED: Flow(queries.received),
        IndicatorCode.VISITORS_RECEIVED: Flow(queries.heads),
    },
    newest_change=queries.newest_change,
    keeps=(
        Retention(
            "bookers", "booking_days", "names and phones of who booked", "{} days after the day of the booking",
            say("预约人的姓名、电话：预约日期后 %(n)s 天"),
            lambda session, now, days: personal.count_contacts(session, days_before(now, days)),
            lambda unit, days: personal.forget_contacts(unit, days_before(unit.now, days)),
        ),
    ),
)  # fmt: skip
