"""Whom members are linked with: towns, communities, grids (双联), one another (一对一联系); and how far it reaches."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import MembershipKind, UnitKind
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, queries
from tenant_service.members.address_book import Wanted
from tenant_service.members.models import MembershipRow, PersonTagRow, UnitRow


@dataclass(frozen=True)
class Pair:
    """一对一联系: who is in touch with whom, since when. `id`: of the membership."""

    id: str
    person_id: str
    person: str
    with_person_id: str
    with_person: str
    since: dt.date | None


@dataclass(frozen=True)
class InTouch:
    """How far one-to-one contacts reach on a day.

    Attributes:
        party_members: Members of the committee who are of the party; `others`: those who are not; `unknown`: those of
            whom no party is entered, neither of these.
        pairs: Contacts between two of them, which is how many of each have one.
    """

    party_members: int
    others: int
    unknown: int
    pairs: int


@dataclass(frozen=True)
class Reach:
    """How many areas of a kind there are on a day, how many of these somebody or a unit is posted to, and how many
    people and units are; each once, wherever they are posted.
    """

    areas: int
    covered: int
    people: int
    units: int


@dataclass(frozen=True)
class Grouped:
    """条块点: the same members by sector, by the town that they are posted to or into, and who of them is a star.

    Attributes:
        by_town: Name of the town → members, each once in it; None: in none.
    """

    total: int
    by_sector: dict[Sector | None, int]
    by_town: dict[str | None, int]
    stars: int


def parties(session: Session, day: dt.date) -> dict[str, Party | None]:
    """Who has a seat on that day → their party, of the latest term."""
    seat = select(MembershipRow.person_id, MembershipRow.party).where(*queries.seats(), *queries.in_force_on(day))
    ordered = seat.order_by(MembershipRow.term.asc().nulls_first(), MembershipRow.id)
    return {person: party for person, party in session.execute(ordered) if person}


def pairs(session: Session, actor: Actor, day: dt.date) -> list[Pair]:
    """Who is in touch with whom on that day, as it was entered. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_WORK)
    rows = session.scalars(_contacts(day).order_by(MembershipRow.id)).all()
    names = queries.persons_named(session, [id for row in rows for id in (row.person_id, row.with_person_id) if id])
    return [
        Pair(
            row.id, row.person_id or "", names.get(row.person_id or "", ""), row.with_person_id or "",
            names.get(row.with_person_id or "", ""), row.since,
        )
        for row in rows
    ]  # fmt: skip


def in_touch(session: Session, actor: Actor, day: dt.date) -> InTouch:
    """How far that reaches. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_WORK)
    held = parties(session, day)
    of = Counter("unknown" if party is None else "party" if party is Party.CPC else "other" for party in held.values())
    both = sum(row.person_id in held and row.with_person_id in held for row in session.scalars(_contacts(day)))
    return InTouch(of["party"], of["other"], of["unknown"], both)


def reach(session: Session, actor: Actor, kind: UnitKind, day: dt.date) -> Reach:
    """Of towns, communities or grids. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_WORK)
    areas = {each.id for each in queries.areas_on(session, day, (kind,))}
    posted = select(MembershipRow.unit_id, MembershipRow.person_id, MembershipRow.holder_unit_id).where(
        MembershipRow.kind == MembershipKind.POSTING, MembershipRow.unit_id.is_not(None), *queries.in_force_on(day)
    )
    rows = [row for row in session.execute(posted) if row[0] in areas]
    return Reach(
        len(areas), len({row[0] for row in rows}), len({row[1] for row in rows if row[1]}),
        len({row[2] for row in rows if row[2]}),
    )  # fmt: skip


def share(session: Session, actor: Actor, wanted: Wanted, day: dt.date) -> tuple[int, int]:
    """How many of today's members are so, and how many there are: 近七成是企业委员 (seed fact 95).

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN.
    """
    found = address_book.members(session, actor, wanted, day, 1, None)
    return found.count(), address_book.members(session, actor, Wanted(term=wanted.term), day, 1, None).count()


def grouped(session: Session, actor: Actor, day: dt.date, star: str) -> Grouped:
    """`star`: the tag of whoever is one (明星委员). Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_MEMBERS)
    seats, towns = queries.seat_holders(session, day), queries.areas_on(session, day)
    by_town: dict[str | None, int] = {}
    placed = set[str]()
    for town in towns:
        below = select(queries.below(town.id).c.id)
        there = select(MembershipRow.person_id).where(MembershipRow.unit_id.in_(below), *queries.in_force_on(day))
        inside = {each for each in session.scalars(there) if each} & seats
        by_town[town.name] = by_town.get(town.name, 0) + len(inside)
        placed |= inside
    by_town[None] = len(seats - placed)
    tagged = set(session.scalars(select(PersonTagRow.person_id).where(PersonTagRow.tag == star)))
    return Grouped(len(seats), address_book.counts(session, actor, day).by_sector, by_town, len(tagged & seats))


def posted_from(session: Session, unit: str, day: dt.date) -> list[str]:
    """Names of towns, communities and grids that a unit as a whole is posted to on that day."""
    wanted = select(UnitRow.name).join(MembershipRow, MembershipRow.unit_id == UnitRow.id).where(
        MembershipRow.holder_unit_id == unit, *queries.in_force_on(day)
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(UnitRow.sort_key, UnitRow.id)))


def of_person(session: Session, person: str) -> list[MembershipRow]:
    """One-to-one contacts of the person, on whichever side."""
    either = or_(MembershipRow.person_id == person, MembershipRow.with_person_id == person)
    wanted = select(MembershipRow).where(MembershipRow.kind == MembershipKind.CONTACT, either)
    return list(session.scalars(wanted.order_by(MembershipRow.id)))


def _contacts(day: dt.date) -> Select[MembershipRow]:
    return select(MembershipRow).where(MembershipRow.kind == MembershipKind.CONTACT, *queries.in_force_on(day))
