"""What people do with venues. One function, one use case, one transaction."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import uuid_utils
from sqlalchemy import delete

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.venues import VenueKind, VenueRecord, VenueState, VenueType
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing import copies_shown as seen
from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries, rules
from tenant_service.venues.models import SeenVenueRow, SpaceRow, VenueKeeperRow, VenueRow

MOST_SEATS = 100_000
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: people read them aloud
_CODE_LENGTH = 20


@dataclass(frozen=True)
class Space:
    """A room inside a venue: its name and how many seats it has; when it is open, as its row says it."""

    name: str
    capacity: int
    opens: str | None = None
    closes: str | None = None
    weekdays: str = ""


@dataclass(frozen=True)
class Draft:
    """A venue as a clerk describes it. Dates are days in Asia/Shanghai."""

    name: str
    kind: VenueKind
    address: str
    type: VenueType | None = None
    brand: str | None = None
    area: str | None = None
    area_id: str | None = None
    opened_on: dt.date | None = None
    parent_id: str | None = None
    spaces: tuple[Space, ...] = ()
    contact_name: str | None = None
    contact_phone: str | None = None


def add(unit: Unit, actor: Actor, directory: Directory, draft: Draft, shares: list[Share]) -> VenueRecord:
    """The venue is on the list: open from its first day, or planned when none is given. Shared as chosen.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, VENUE_CYCLE, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; NOT_FOUND, its
            parent or its area is none of ours.
    """
    actor.require(UseCase.EDIT_VENUES)
    row = VenueRow(
        id=unit.new_id("venue"), committee_id=unit.committee, qr_token=new_token(), revision=0, closed_on=None,
        changed_at=unit.now,
        state=VenueState.OPEN if draft.opened_on else VenueState.PLANNED,
        shares=choices.check(shares, directory, unit.committee),
    )  # fmt: skip
    _describe(unit, actor, row, draft)
    unit.session.add(row)
    unit.session.flush()
    _furnish(unit, row, draft.spaces)
    return _changed(unit, actor, row, "venue.add")


def change(unit: Unit, actor: Actor, id: str, draft: Draft) -> VenueRecord:
    """The venue is as described now; its state and whom it is shared with stay.

    Raises:
        Refusal: NOT_FOUND, and what `add` refuses.
    """
    actor.require(UseCase.EDIT_VENUES)
    row = queries.locked(unit.session, id)
    if row.state is VenueState.CLOSED:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    _describe(unit, actor, row, draft)
    _furnish(unit, row, draft.spaces)
    return _changed(unit, actor, row, "venue.change")


def move(unit: Unit, actor: Actor, id: str, to: VenueState, day: dt.date) -> VenueRecord:
    """The venue is open, paused or closed from `day` on.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it cannot go there; BAD_TIME, it would close before it opened.
    """
    actor.require(UseCase.EDIT_VENUES)
    row = queries.locked(unit.session, id)
    row.state = rules.STATES.after(to, row.state)
    if to is VenueState.OPEN and row.opened_on is None:
        row.opened_on = day
    if to is VenueState.CLOSED:
        if row.opened_on and day < row.opened_on:
            raise Refusal(Code.BAD_TIME, why=f"{day} < {row.opened_on}")
        row.closed_on = day
    return _changed(unit, actor, row, "venue.move")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> VenueRecord:
    """The venue is shared with exactly these; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE.
    """
    actor.require(UseCase.EDIT_VENUES)
    row = queries.locked(unit.session, id)
    row.shares = choices.check(shares, directory, unit.committee)
    return _changed(unit, actor, row, "venue.share")


def renew_code(unit: Unit, actor: Actor, id: str) -> VenueRecord:
    """The venue has a new QR code; the old one is refused from now on (it was copied, or its plate is lost)."""
    actor.require(UseCase.EDIT_VENUES)
    row = queries.locked(unit.session, id)
    row.qr_token = new_token()
    return _changed(unit, actor, row, "venue.renew_code")


def keep(unit: Unit, actor: Actor, id: str, persons: Sequence[str]) -> VenueRecord:
    """负责委员: just these members answer for the venue, and receive first what is reported there.

    Raises:
        Refusal: FORBIDDEN, BAD_ID; NOT_FOUND, there is no such venue of ours, or one of them has no seat here.
    """
    actor.require(UseCase.EDIT_VENUES)
    row, wanted = queries.locked(unit.session, id), {str(checked(each)) for each in persons}
    if wanted - members.seated(unit.session, wanted, day_of(unit.now)):
        raise Refusal(Code.NOT_FOUND)
    unit.session.execute(delete(VenueKeeperRow).where(VenueKeeperRow.venue_id == row.id))
    unit.session.add_all(VenueKeeperRow(venue_id=row.id, person_id=each) for each in sorted(wanted))
    return _changed(unit, actor, row, "venue.keep")


def _describe(unit: Unit, actor: Actor, row: VenueRow, draft: Draft) -> None:
    row.name = wording.text("name", draft.name, 120)
    row.sort_key = wording.sort_key(row.name)
    row.kind, row.type, row.opened_on = draft.kind, draft.type, draft.opened_on
    row.brand = wording.optional("brand", draft.brand, 60)
    row.area = wording.optional("area", draft.area, 60)
    row.area_id = _area(unit, actor, draft.area_id) if draft.area_id else None
    row.address = wording.text("address", draft.address, 200)
    row.contact_name = wording.optional("contactName", draft.contact_name, 40)
    row.contact_phone = wording.optional(
        "contactPhone", masks.unmasked("contactPhone", draft.contact_phone, row.contact_phone), 40
    )
    parent = checked(draft.parent_id) if draft.parent_id else None
    row.parent_id = rules.above(row.id, parent, queries.parents(unit.session))
    if parent and owner_of(parent) == unit.committee:
        queries.ours(unit.session, parent)


def _area(unit: Unit, actor: Actor, id: str) -> str:
    """One of our units. Raises: Refusal BAD_ID, NOT_FOUND."""
    if owner_of(checked(id)) != unit.committee or members.unit(unit.session, actor, id) is None:
        raise Refusal(Code.NOT_FOUND)
    return id


def _furnish(unit: Unit, row: VenueRow, spaces: tuple[Space, ...]) -> None:
    """It has these rooms. One of the same name is the same room, because people have booked it."""
    known = {each.name: each for each in queries.spaces(unit.session, row.id)}
    for space in spaces:
        if not 0 < space.capacity <= MOST_SEATS:
            raise Refusal(Code.BAD_VALUE, field=Said("座位数", "capacity"), why=f"1–{MOST_SEATS}")
        rules.opens(space.opens, space.closes, space.weekdays)
        name = wording.text("space", space.name, 60)
        room = known.pop(name, None) or SpaceRow(id=uuid_utils.uuid7().hex, venue_id=row.id, name=name)
        room.capacity, room.opens, room.closes, room.weekdays = (
            space.capacity, space.opens, space.closes, space.weekdays
        )  # fmt: skip
        unit.session.add(room)
    for gone in known.values():
        gone.is_gone = True
    row.seats = sum(space.capacity for space in spaces) or None


def _changed(unit: Unit, actor: Actor, row: VenueRow, act: str) -> VenueRecord:
    """A new revision, told to whom it is shared with, and noted. Venues need no sign-off (免审)."""
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares))


def new_token() -> str:
    """For the QR code on a door."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))


project = seen.projection(SeenVenueRow)
"""What others tell us of theirs is kept as a copy."""
