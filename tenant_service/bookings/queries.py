"""Every read of this room. Others' bookings are the desk's; one's own is found by the account or the code."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.bookings import BookingKind, BookingState
from tenant_service.bookings import codes
from tenant_service.bookings.models import BookingRow
from tenant_service.bookings.rules import LIVE, Held
from tenant_service.counting.rules import Tally
from tenant_service.storage.personal import has_phone
from tenant_service.storage.repository import Repository

BOOKINGS: Repository[BookingRow] = Repository(BookingRow)
_WAITING = (BookingState.CONFIRMED, BookingState.CHECKED_IN)


@dataclass(frozen=True)
class Wanted:
    """Which bookings; everything given must hold. Days are in Asia/Shanghai, both ends inclusive.

    Attributes:
        over_before: Nobody wrote down what became of them, and they were over before this moment.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    states: Sequence[BookingState] = ()
    kinds: Sequence[BookingKind] = ()
    venue_id: str | None = None
    person_id: str | None = None
    with_leaders: bool | None = None
    over_before: dt.datetime | None = None

    def where(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.since:
            found.append(BookingRow.day >= self.since)
        if self.until:
            found.append(BookingRow.day <= self.until)
        if self.states:
            found.append(BookingRow.state.in_(self.states))
        if self.kinds:
            found.append(BookingRow.kind.in_(self.kinds))
        if self.venue_id:
            found.append(BookingRow.venue_id == self.venue_id)
        if self.person_id:
            found.append(BookingRow.person_id == self.person_id)
        if self.with_leaders is not None:
            found.append(BookingRow.with_leaders.is_(self.with_leaders))
        if self.over_before:
            found += [BookingRow.state.in_(_WAITING), BookingRow.ends_at < self.over_before]
        return found


def listed(session: Session, wanted: Wanted, first: int, skip: int = 0) -> list[BookingRow]:
    """In the order in which they begin."""
    found = select(BookingRow).where(*wanted.where()).order_by(BookingRow.day, BookingRow.begins_at, BookingRow.id)
    return list(session.scalars(found.limit(first).offset(skip)))


def count(session: Session, wanted: Wanted) -> int:
    return session.scalar(select(func.count()).select_from(BookingRow).where(*wanted.where())) or 0


def by_code(session: Session, typed: str) -> BookingRow | None:
    """The booking of a 核验码 as somebody typed it."""
    return session.scalars(select(BookingRow).where(BookingRow.code_digest == codes.digest(typed))).one_or_none()


def held(session: Session, space: str, begins_at: dt.datetime, ends_at: dt.datetime, but: str = "") -> list[Held]:
    """What stands in a space between two moments; whoever decides by it has locked the space."""
    found = select(BookingRow).where(
        BookingRow.space_id == space, BookingRow.begins_at < ends_at, BookingRow.ends_at > begins_at,
        BookingRow.state.in_(LIVE), BookingRow.id != but,
    )  # fmt: skip
    return [
        Held(row.begins_at, row.ends_at, row.headcount, row.kind is BookingKind.OCCUPANCY)
        for row in session.scalars(found)
    ]


def standing_of(session: Session, phone: str, now: dt.datetime) -> int:
    """How many bookings of this phone are still to come."""
    wanted = select(func.count()).select_from(BookingRow)
    ahead = (BookingRow.ends_at > now, BookingRow.state.in_((BookingState.REQUESTED, BookingState.CONFIRMED)))
    return session.scalar(wanted.where(has_phone(BookingRow.phone, phone), *ahead)) or 0


# ── figures ──

_RECEIVED = (BookingState.CHECKED_IN, BookingState.DONE)


def received(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Parties that came, by day and kind."""
    return _daily(session, func.count(), since, until)


def heads(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """People who came: as they were counted, else as they were booked."""
    return _daily(session, func.sum(func.coalesce(BookingRow.came, BookingRow.headcount)), since, until)


def _daily(session: Session, what: ColumnElement[int], since: dt.date, until: dt.date) -> list[Tally]:
    wanted = select(BookingRow.day, BookingRow.kind, what).where(
        BookingRow.day.between(since, until), BookingRow.state.in_(_RECEIVED)
    )
    rows = session.execute(wanted.group_by(BookingRow.day, BookingRow.kind))
    return [Tally(day, kind.value, None, int(number)) for day, kind, number in rows]


def newest_change(session: Session) -> dt.datetime | None:
    return session.scalar(select(func.max(BookingRow.changed_at)))
