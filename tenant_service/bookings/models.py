"""Tables of this room; private, and nothing of them leaves the committee but figures."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class BookingRow(Row):
    """One booking of one space.

    Attributes:
        day: On which it begins, Asia/Shanghai.
        headcount: For how many it holds seats; `came`: how many there were, once somebody counted.
        origin: 来源地 of a visiting group, in words.
        with_leaders: 旁听 where leaders speak: stands only when it was approved.
        code_digest: Of the 核验码 that was shown; None once the person is erased.
        person_id: The member whose account booked it.
    """

    __tablename__ = "booking"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    venue_id: Mapped[str] = mapped_column(ForeignKey("venue.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("venue_space.id"))
    kind: Mapped[BookingKind]
    state: Mapped[BookingState]
    channel: Mapped[BookingChannel]
    day: Mapped[dt.date]
    begins_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    headcount: Mapped[int]
    came: Mapped[int | None]
    with_leaders: Mapped[bool]
    name: Mapped[str | None] = personal(Personal.NAME)
    phone: Mapped[str | None] = personal(Personal.PHONE)
    group_name: Mapped[str | None]
    origin: Mapped[str | None]
    purpose: Mapped[str | None] = personal(Personal.TEXT)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    code_digest: Mapped[str | None] = mapped_column(Ascii, unique=True)
    booked_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime] = mapped_column(index=True)
    __table_args__ = (
        Index("booking_by_space", "space_id", "begins_at"),
        Index("booking_by_day", "day", "begins_at", "id"),
        Index("booking_by_state", "state", "ends_at"),
        Index("booking_by_phone", "phone"),
    )
