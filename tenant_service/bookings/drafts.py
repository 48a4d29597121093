"""The form of a booking: its fields, and how they are read."""

import datetime as dt

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.bookings import BookingKind
from tenant_service.bookings.service import Draft
from tenant_service.web.forms import Form

FIELDS = (
    "spaceId", "kind", "day", "from", "until", "headcount", "name", "phone", "groupName", "origin", "purpose",
    "withLeaders", "consent",
)  # fmt: skip


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    day = form.needed_day("day")
    return Draft(
        space_id=_needed(form, "spaceId"), kind=form.needed_kind("kind", BookingKind),
        begins_at=_at(form, day, "from"), ends_at=_at(form, day, "until"),
        headcount=form.needed_number("headcount"), name=form.get("name"), phone=form.get("phone"),
        group_name=form.text("groupName"), origin=form.text("origin"), purpose=form.text("purpose"),
        with_leaders=form.tells("withLeaders"),
    )  # fmt: skip


def _needed(form: Form, name: str) -> str:
    if not form.get(name):
        raise Refusal(Code.BAD_VALUE, field=name, why=Said("必选", "choose one"))
    return form.get(name)


def _at(form: Form, day: dt.date, name: str) -> dt.datetime:
    """A moment of that day, on the clock in Asia/Shanghai."""
    try:
        at = dt.time.fromisoformat(form.get(name))
    except ValueError:
        raise Refusal(Code.BAD_VALUE, field=name, why=Said("时间写作 09:00", "HH:MM")) from None
    return dt.datetime.combine(day, at.replace(tzinfo=None), SHANGHAI).astimezone(dt.UTC)
