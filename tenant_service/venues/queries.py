"""Every read of this room."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.venues import VenueKind, VenueRecord, VenueState, VenueType
from tenant_service.counting.rules import Span, together
from tenant_service.exchange.sharing.at_home import ALL_OF_OURS
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.members import queries as members
from tenant_service.venues.models import SeenVenueRow, SpaceRow, VenueKeeperRow, VenueRow
from tenant_service.venues.rules import EACH_TOWN_HAS


@dataclass(frozen=True)
class Wanted:
    """Which venues; everything given must hold."""

    kinds: Sequence[VenueKind] = ()
    types: Sequence[VenueType] = ()
    states: Sequence[VenueState] = ()
    area_id: str | None = None
    parent_id: str | None = None
    name: str | None = None
    brand: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.type, wanted.types), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.area_id:
        found.append(model.area_id == wanted.area_id)
    if wanted.parent_id:
        found.append(model.parent_id == wanted.parent_id)
    if wanted.brand:
        found.append(model.brand == wanted.brand)
    if wanted.name:
        found.append(model.name.contains(wanted.name, autoescape=True))
    return found


VENUES: SharedRepository[VenueRow, SeenVenueRow, VenueRecord, Wanted] = SharedRepository(
    VenueRow, SeenVenueRow, _matching, ALL_OF_OURS
)
listed, reaching, one, at_work = VENUES.listed, VENUES.reaching, VENUES.one, VENUES.at_work
ours, locked, newest_change = VENUES.ours, VENUES.locked, VENUES.newest_change


def lock(session: Session, id: str) -> None:
    """Until the act is over nobody else numbers sessions at this venue: one of ours, or the copy of another's."""
    for model in (VenueRow, SeenVenueRow):
        session.execute(select(model.id).where(model.id == id).with_for_update())


def spaces(session: Session, venue: str) -> list[SpaceRow]:
    """Its rooms, in the order in which they were described."""
    there = (SpaceRow.venue_id == venue, SpaceRow.is_gone.is_(False))
    return list(session.scalars(select(SpaceRow).where(*there).order_by(SpaceRow.id)))


def space_named(session: Session, id: str) -> str:
    """What a room is called, also one that is gone."""
    row = session.get(SpaceRow, id)
    return row.name if row else ""


def locked_space(session: Session, id: str) -> SpaceRow:
    """A room that is there, locked: until the act is over nobody else counts its seats. Raises: Refusal NOT_FOUND."""
    row = session.get(SpaceRow, id, with_for_update=True, populate_existing=True)
    if row is None or row.is_gone:
        raise Refusal(Code.NOT_FOUND)
    return row


def bookable(session: Session) -> list[tuple[VenueRow, list[SpaceRow]]]:
    """Open venues that have rooms, by name, each with these."""
    wanted = select(VenueRow).where(VenueRow.state == VenueState.OPEN, VenueRow.seats.is_not(None))
    found = session.scalars(wanted.order_by(VenueRow.sort_key, VenueRow.id).limit(_MOST_BOOKABLE)).all()
    return [(row, spaces(session, row.id)) for row in found]


_MOST_BOOKABLE = 200


def keepers(session: Session, venue: str) -> list[str]:
    """负责委员 of a venue of ours, by their ids."""
    wanted = select(VenueKeeperRow.person_id).where(VenueKeeperRow.venue_id == venue)
    return list(session.scalars(wanted.order_by(VenueKeeperRow.person_id)))


def kept_by(person: str) -> Select[str]:
    """Venues for which this member answers."""
    return select(VenueKeeperRow.venue_id).where(VenueKeeperRow.person_id == person)


def parents(session: Session) -> dict[str, str | None]:
    """What each of our venues stands below."""
    return dict(session.execute(select(VenueRow.id, VenueRow.parent_id)).all())


def called(session: Session, name: str) -> list[VenueRow]:
    """Ours of that name, closed ones too."""
    return list(session.scalars(select(VenueRow).where(VenueRow.name == name).order_by(VenueRow.id)))


def by_token(session: Session, token: str) -> VenueRow:
    """The venue whose code was scanned.

    Raises:
        Refusal: QR_INVALID.
    """
    row = session.scalars(select(VenueRow).where(VenueRow.qr_token == token)).one_or_none()
    if row is None or row.state is VenueState.CLOSED:
        raise Refusal(Code.QR_INVALID)
    return row


def there_on(day: dt.date) -> ColumnElement[bool]:
    """Venues that were opened and not yet closed on a day; a pause does not take a venue off the map."""
    opened = VenueRow.opened_on.is_not(None) & (VenueRow.opened_on <= day)
    return opened & or_(VenueRow.closed_on.is_(None), VenueRow.closed_on > day)


def covered_areas(
    session: Session, areas: Iterable[str], day: dt.date, kinds: Sequence[VenueKind] = EACH_TOWN_HAS
) -> dict[str, set[VenueKind]]:
    """Area → which of these kinds, the three that every town should have, stood in it on `day`. `areas` is the
    committee's own dated list of towns, or of villages.
    """
    found: dict[str, set[VenueKind]] = {area: set() for area in areas}
    standing = select(VenueRow.area_id, VenueRow.kind).where(
        there_on(day), VenueRow.kind.in_(kinds), VenueRow.area_id.is_not(None)
    )
    for area, kind in session.execute(standing):
        if area in found:
            found[area].add(kind)
    return found


def spans(session: Session, first: dt.date, last: dt.date) -> list[Span]:
    """Every venue that was open on one of these days."""
    return [Span(kind.value, since, until) for kind, _, since, until in _open(session, first, last)]


def covered_spans(session: Session, first: dt.date, last: dt.date) -> list[Span]:
    """Every town of the list, for as long as all of the three venues stood in it: right for each of these days."""
    standing = _open(session, first, last)
    found: list[Span] = []
    for area, town in members.towns(session).items():
        here = [
            [(opened, closed) for of, at, opened, closed in standing if at == area and of is each]
            for each in EACH_TOWN_HAS
        ]
        standing_together = together([[(town.since, town.until)], *here])
        found += [span for each in standing_together if (span := Span(town.kind, *each)).touches(first, last)]
    return found


def _open(
    session: Session, first: dt.date, last: dt.date
) -> list[tuple[VenueKind, str | None, dt.date, dt.date | None]]:
    wanted = select(VenueRow.kind, VenueRow.area_id, VenueRow.opened_on, VenueRow.closed_on).where(
        VenueRow.opened_on <= last, or_(VenueRow.closed_on.is_(None), VenueRow.closed_on > first)
    )
    return [(kind, area, since, until) for kind, area, since, until in session.execute(wanted) if since is not None]
