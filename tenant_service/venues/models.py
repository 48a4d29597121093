"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.venues import VenueKind, VenueRecord, VenueState, VenueType
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class VenueColumns(Searched):
    """A venue as its record tells it, ours or another committee's."""

    SEARCHED_AS = "venue"
    SEARCHED = ("name", "brand", "area", "address")
    id: Mapped[str]
    committee_id: Mapped[str]
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(Ascii)
    kind: Mapped[VenueKind]
    type: Mapped[VenueType | None]
    brand: Mapped[str | None]
    state: Mapped[VenueState]
    area: Mapped[str | None]
    area_id: Mapped[str | None] = mapped_column(Ascii)
    address: Mapped[str]
    seats: Mapped[int | None]
    opened_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    parent_id: Mapped[str | None] = mapped_column(Ascii)

    def record(self) -> VenueRecord:
        return VenueRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), name=self.name, sort_key=self.sort_key, kind=self.kind,
            type=self.type, brand=self.brand, state=self.state, area=self.area,
            area_id=Id(self.area_id) if self.area_id else None, address=self.address, seats=self.seats,
            opened_on=self.opened_on, closed_on=self.closed_on,
            parent_id=Id(self.parent_id) if self.parent_id else None,
        )  # fmt: skip


class VenueRow(VenueColumns, OwnColumns, Row):
    """A venue of this committee."""

    __tablename__ = "venue"
    contact_name: Mapped[str | None] = personal(Personal.NAME)  # who keeps the key; never leaves this committee
    contact_phone: Mapped[str | None] = personal(Personal.PHONE)
    qr_token: Mapped[str] = mapped_column(Ascii, unique=True)
    __table_args__ = (
        Index("venue_by_name", "sort_key", "committee_id", "id"),
        Index("venue_by_seats", "seats", "committee_id", "id"),
        Index("venue_by_area", "area_id", "kind", "state"),
    )


class SeenVenueRow(VenueColumns, CopyColumns, Row):
    """A venue that another committee shared with us."""

    __tablename__ = "seen_venue"
    __table_args__ = (Index("seen_venue_by_name", "sort_key", "committee_id", "id"),)


class VenueKeeperRow(Row):
    """负责委员: a member who answers for the venue and receives first what is reported there."""

    __tablename__ = "venue_keeper"
    venue_id: Mapped[str] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True, index=True)


class SpaceRow(Row):
    """A room or hall inside a venue, with the seats it has.

    Attributes:
        opens, closes: "09:00", on the clock in Asia/Shanghai; None: whenever it is asked for.
        weekdays: Digits of the days on which it is open, Monday is 1; "": every day.
        is_gone: It is no room of the venue any more; what was booked in it still says where that was.
    """

    __tablename__ = "venue_space"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    venue_id: Mapped[str] = mapped_column(ForeignKey("venue.id"), index=True)
    name: Mapped[str]
    capacity: Mapped[int]
    opens: Mapped[str | None] = mapped_column(Ascii)
    closes: Mapped[str | None] = mapped_column(Ascii)
    weekdays: Mapped[str] = mapped_column(Ascii, default="", server_default="")
    is_gone: Mapped[bool] = mapped_column(default=False, server_default=false())
