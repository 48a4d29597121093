"""Reads of this room that others build on: units and areas, who a person is. Lists of people: `address_book`."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import (
    BodyRecord,
    MembershipKind,
    MembershipState,
    PersonRecord,
    UnitKind,
    UnitRecord,
)
from tenant_service.counting.rules import Span
from tenant_service.exchange.sharing.at_home import ALL_OF_OURS
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members.models import BodyRow, MembershipRow, PersonRow, SeenUnitRow, UnitRow
from tenant_service.storage.repository import Repository

_AT_ONCE = 500
"""Ids in one statement, below every database's limit of variables."""

# ── units ──


@dataclass(frozen=True)
class UnitsWanted:
    """Which units; everything given must hold. `on`: a day on which they stood."""

    kinds: Sequence[UnitKind] = ()
    parent_id: str | None = None
    name: str | None = None
    on: dt.date | None = None


def standing_on(model: Any, day: dt.date) -> ColumnElement[bool]:
    """Both ends included; an open end is open."""
    return or_(model.since.is_(None), model.since <= day) & or_(model.until.is_(None), model.until >= day)


def _matching(model: Any, wanted: UnitsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        found.append(model.kind.in_(wanted.kinds))
    if wanted.parent_id:
        found.append(model.parent_id == wanted.parent_id)
    if wanted.name:
        found.append(model.name.contains(wanted.name, autoescape=True))
    if wanted.on:
        found.append(standing_on(model, wanted.on))
    return found


UNITS: SharedRepository[UnitRow, SeenUnitRow, UnitRecord, UnitsWanted] = SharedRepository(
    UnitRow, SeenUnitRow, _matching, ALL_OF_OURS
)
units, reaching, unit, locked_unit = UNITS.listed, UNITS.reaching, UNITS.one, UNITS.locked
newest_change = UNITS.newest_change


def stand(session: Session, ids: Collection[str]) -> bool:
    """Whether all of these units of ours are there and not closed."""
    there = select(func.count()).where(UnitRow.id.in_(ids), UnitRow.until.is_(None))
    return session.scalar(there) == len(set(ids))


def open_units(session: Session, kinds: Sequence[UnitKind]) -> list[UnitRecord]:
    """Our units of these kinds that are not closed."""
    return [row.record() for row in session.scalars(_ordered().where(UnitRow.kind.in_(kinds), UnitRow.until.is_(None)))]


def children(session: Session, id: str) -> list[UnitRecord]:
    """Our units right below this one, by name."""
    return [row.record() for row in session.scalars(_ordered().where(UnitRow.parent_id == id))]


def areas_on(session: Session, day: dt.date, kinds: Sequence[UnitKind] = (UnitKind.TOWN,)) -> list[UnitRecord]:
    """本会名录中的镇街: the committee's own areas that stood on `day`, by name; the denominator of coverage."""
    wanted = _ordered().where(UnitRow.kind.in_(kinds), standing_on(UnitRow, day))
    return [row.record() for row in session.scalars(wanted)]


_ALWAYS = dt.date(1949, 10, 1)
"""Since when a town stands whose first day nobody entered."""


def towns(session: Session) -> dict[str, Span]:
    """Every town of the list by its id, past ones too, and how long it stood there."""
    rows = session.execute(select(UnitRow.id, UnitRow.since, UnitRow.until).where(UnitRow.kind == UnitKind.TOWN))
    return {
        id: Span(UnitKind.TOWN.value, since or _ALWAYS, until + dt.timedelta(days=1) if until else None)
        for id, since, until in rows
    }


def town_spans(session: Session, first: dt.date, last: dt.date) -> list[Span]:
    """The towns that stood on one of these days: the list is short, so all of it is looked through."""
    return [each for each in towns(session).values() if each.touches(first, last)]


def parents(session: Session) -> dict[str, str | None]:
    """What each of our units stands below."""
    return dict(session.execute(select(UnitRow.id, UnitRow.parent_id)).all())


def below(id: str) -> Any:
    """Ids of a unit and of everything below it, as a table of one column."""
    tree = select(UnitRow.id).where(UnitRow.id == id).cte("tree", recursive=True)
    return tree.union(select(UnitRow.id).where(UnitRow.parent_id == tree.c.id))


def persons_in(session: Session, id: str, day: dt.date) -> set[str]:
    """Everybody who is in the unit or below it on `day`, each once; who is only posted there is not in it."""
    wanted = select(MembershipRow.person_id).where(
        MembershipRow.unit_id.in_(select(below(id).c.id)), MembershipRow.person_id.is_not(None),
        MembershipRow.kind != MembershipKind.POSTING, *in_force_on(day),
    )  # fmt: skip
    return {each for each in session.scalars(wanted) if each}


def units_named(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Name of each of these units that is ours; others are left out."""
    return dict(session.execute(select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(list(ids)))).all())


# ── bodies, persons, memberships ──

BODIES, PERSONS, MEMBERSHIPS = Repository(BodyRow), Repository(PersonRow), Repository(MembershipRow)
locked_body, locked_person, locked_membership = BODIES.locked, PERSONS.locked, MEMBERSHIPS.locked
our_person = PERSONS.ours


def body(session: Session, id: str) -> BodyRecord | None:
    row = session.get(BodyRow, id)
    return row.record() if row else None


def bodies_named(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Name of each of these bodies of our list, of those that ended as well; others are left out."""
    return dict(session.execute(select(BodyRow.id, BodyRow.name).where(BodyRow.id.in_(list(ids)))).all()) if ids else {}


def ended_bodies(session: Session, ids: Collection[str], day: dt.date) -> set[str]:
    """Those of these bodies that are not on our list any more on that day."""
    return (
        set(session.scalars(select(BodyRow.id).where(BodyRow.id.in_(list(ids)), BodyRow.until < day))) if ids else set()
    )


def body_for(session: Session, actor: Actor, id: str) -> BodyRecord | None:
    """One of the bodies we work with; None to all but the office."""
    return body(session, id) if actor.may(UseCase.SEE_WORK) else None


def person(session: Session, id: str) -> PersonRecord | None:
    """One of our people, with the name. Who may be told it is for the caller to know."""
    row = session.get(PersonRow, id)
    return row.record() if row else None


def persons_named(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Name of each of these people that is ours; others are left out."""
    wanted, found = list(ids), dict[str, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(wanted[start : start + _AT_ONCE]))
        found |= dict(session.execute(some).all())
    return found


def phones(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Person → the work phone on the roster, account of somebody who works for a body → that of the body's contact;
    without those who have none there, or have left. What leaves to them goes there; it is shown to nobody by this.
    """
    wanted = select(PersonRow.id, PersonRow.work_phone).where(PersonRow.id.in_(ids), PersonRow.left_on.is_(None))
    found = {id: phone for id, phone in session.execute(wanted) if phone}
    works_for = accounts.bodies_of(session, ids)
    contacts = select(BodyRow.id, BodyRow.contact_phone).where(BodyRow.id.in_(works_for.values()))
    at = dict(session.execute(contacts).all())
    return found | {id: phone for id, body in works_for.items() if (phone := at.get(body))}


def member_of_account(session: Session, actor: Actor, day: dt.date) -> PersonRecord | None:
    """The member behind the account that asks; None when it is no member's, or no longer on `day`."""
    if not actor.is_home or actor.person is None:
        return None
    seat = select(MembershipRow.id).where(MembershipRow.person_id == actor.person, *seats(), *in_force_on(day))
    return person(session, actor.person) if session.scalar(seat.limit(1)) else None


def memberships_of(session: Session, person: str) -> list[MembershipRow]:
    """Everything the person is or was, in the order in which it was entered."""
    wanted = select(MembershipRow).where(MembershipRow.person_id == person).order_by(MembershipRow.id)
    return list(session.scalars(wanted))


def contacts_to(session: Session, person: str) -> list[MembershipRow]:
    """Who is in touch with the person one to one, and was."""
    return list(session.scalars(select(MembershipRow).where(MembershipRow.with_person_id == person)))


def everybody() -> FromClause:
    """Our people, present and past, as a table that another room's question may look somebody up in."""
    told = PersonRow.id, PersonRow.name, PersonRow.roster_no, PersonRow.birth_month
    return select(*told, PersonRow.revision, PersonRow.left_on).subquery()


def namesakes(session: Session, name: str, birth_month: str | None) -> list[PersonRow]:
    """People of this name and birth month who have not left."""
    same = select(PersonRow).where(
        PersonRow.name == name, PersonRow.birth_month == birth_month, PersonRow.left_on.is_(None)
    )
    return list(session.scalars(same))


def meant(session: Session, told: str) -> list[PersonRow]:
    """Whom of our people somebody means who writes a name, a roster number or an id; who has left is not meant."""
    same = or_(PersonRow.name == told, PersonRow.roster_no == told, PersonRow.id == told)
    return list(session.scalars(select(PersonRow).where(same, PersonRow.left_on.is_(None)).order_by(PersonRow.id)))


def names(session: Session) -> list[str]:
    """What those of our people are called who have not left, each name once."""
    return list(
        session.scalars(select(PersonRow.name).where(PersonRow.left_on.is_(None)).distinct().order_by(PersonRow.name))
    )


def by_roster_no(session: Session, no: str) -> PersonRow | None:
    return session.scalars(select(PersonRow).where(PersonRow.roster_no == no)).one_or_none()


# ── conditions ──


def in_force_on(day: dt.date) -> list[ColumnElement[bool]]:
    """Memberships that were held on `day`, whether they ended since or not."""
    return [MembershipRow.state != MembershipState.PROPOSED, standing_on(MembershipRow, day)]


def seats() -> list[ColumnElement[bool]]:
    """委员身份: memberships in the committee itself."""
    return [MembershipRow.kind == MembershipKind.MEMBER, MembershipRow.unit_id.is_(None)]


def seat_holders(session: Session, day: dt.date) -> set[str]:
    """Everybody who has a seat in the committee on `day`."""
    wanted = select(MembershipRow.person_id).where(*seats(), *in_force_on(day))
    return {each for each in session.scalars(wanted) if each}


def seated(session: Session, persons: Collection[str], day: dt.date) -> set[str]:
    """Those of these people who have a seat in the committee on `day`: whose work phones are in the address book."""
    wanted = select(MembershipRow.person_id).where(
        MembershipRow.person_id.in_(persons), *seats(), *in_force_on(day)
    )  # fmt: skip
    return {each for each in session.scalars(wanted) if each}


def in_unit(session: Session, unit: str | None, day: dt.date) -> set[str]:
    """Whoever belongs to this unit of ours on `day`, in whatever part; nobody of none."""
    wanted = select(MembershipRow.person_id).where(MembershipRow.unit_id == unit, *in_force_on(day))
    return {each for each in session.scalars(wanted) if each} if unit else set()


def grouped(session: Session, kind: str, day: dt.date) -> dict[str, set[str]]:
    """Name of each sector, or of each unit of another kind, → who with a seat belongs to it on that day."""
    holders, found = seat_holders(session, day), dict[str, set[str]]()
    for group, person in _by_sector(session, day) if kind == UnitKind.SECTOR.value else _by_unit(session, kind, day):
        if person in holders:
            found.setdefault(group, set()).add(person)
    return found


def _by_sector(session: Session, day: dt.date) -> list[tuple[str, str | None]]:
    told = select(MembershipRow.sector, MembershipRow.person_id).where(*seats(), *in_force_on(day))
    return [(sector.label, person) for sector, person in session.execute(told) if sector is not None]


def _by_unit(session: Session, kind: str, day: dt.date) -> list[tuple[str, str | None]]:
    told = select(UnitRow.name, MembershipRow.person_id).join(UnitRow, UnitRow.id == MembershipRow.unit_id)
    held = told.where(UnitRow.kind == UnitKind.known(kind), *in_force_on(day))
    return [(name, person) for name, person in session.execute(held)]


def _ordered() -> Any:
    return select(UnitRow).order_by(UnitRow.sort_key, UnitRow.id)
