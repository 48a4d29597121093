"""What this room holds of a person: who booked, for what, and how they are called back.

A member is found by the pseudonym; anybody else, who has no id, by the whole phone: never by a name.
"""

import datetime as dt

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.bookings.models import BookingRow
from tenant_service.history import taken
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("booking", say("预约"), for_office=True, shows_phones=True, named=called(BookingRow.name, BookingRow.id)),
)
_AT_ONCE = 200
"""Rows of one slice."""


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, BookingRow, _theirs(whom), hidden=("code_digest",))


def erase(unit: Unit, whom: Whom) -> int:
    """Who it was is gone, with the code; that so many people came stays."""
    rows = unit.session.scalars(select(BookingRow).where(_theirs(whom))).all()
    for row in rows:
        _forget(row)
        row.person_id = None
        taken.forget_reasons(unit, row.id)
    return len(rows)


def _forget(row: BookingRow) -> None:
    row.name = row.phone = row.purpose = row.code_digest = None


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return or_(BookingRow.person_id == whom.id, has_phone(BookingRow.phone, whom.phone))


# ── retention ──


def _over(day: dt.date) -> list[ColumnElement[bool]]:
    return [BookingRow.day < day, or_(BookingRow.name.is_not(None), BookingRow.phone.is_not(None))]


def count_contacts(session: Session, day: dt.date) -> int:
    return session.scalar(select(func.count()).select_from(BookingRow).where(*_over(day))) or 0


def forget_contacts(unit: Unit, day: dt.date) -> int:
    """Names, phones and codes of some of them are gone; how many rows. What came of the booking stays."""
    rows = unit.session.scalars(select(BookingRow).where(*_over(day)).limit(_AT_ONCE)).all()
    for row in rows:
        _forget(row)
    return len(rows)
