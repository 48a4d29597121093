"""通讯录 and what staff looks people up by: lists of members, of all persons, of memberships; counts, tags."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import MembershipKind, MembershipRecord, MembershipState, PersonRecord
from sync.contract.shapes.sectors import Party, Sector
from tenant_service import wording
from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries
from tenant_service.members.models import MembershipRow, PersonRow, PersonTagRow, SegmentRow
from tenant_service.storage import search
from tenant_service.storage.paging import Page, page

BY_PLACE = "SORT_KEY_ASC"
"""By roster number, else 姓氏笔画."""
_ABOVE = ("c", "p", "n")
"""Channels to the committees above: these are told how many members there are, and nothing about any."""


@dataclass(frozen=True)
class Member:
    """A member as the committee's own people look them up; shown to nobody else."""

    id: str
    committee_id: str
    sort_key: str
    name: str
    tags: list[str]
    work_phone: str | None
    employer: str | None
    roster_no: str | None
    title: str | None
    term: int | None
    sector: Sector | None
    party: Party | None


@dataclass(frozen=True)
class Wanted:
    """Which people; everything given must hold.

    Attributes:
        term: Who had a seat in this term; None: who has one today.
        unit_id: In this unit or below it today.
        text: Words that all occur in name, tags and titles.
    """

    term: int | None = None
    unit_id: str | None = None
    sector: Sector | None = None
    party: Party | None = None
    title: str | None = None
    name: str | None = None
    tag: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many members there are, by sector and by party; every member once in each."""

    total: int
    by_sector: dict[Sector | None, int]
    by_party: dict[Party | None, int]


def members(session: Session, actor: Actor, wanted: Wanted, day: dt.date, first: int, after: str | None) -> Page:
    """One page of the address book.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN: not one of this committee's members or staff; BAD_PAGE, BAD_CURSOR.
    """
    actor.require(UseCase.SEE_MEMBERS)
    where = [*_people(session, wanted, day), PersonRow.id.in_(_seated(wanted, day))]
    return page(
        session, PersonRow, BY_PLACE, first, after, where, lambda rows: _listed(session, actor, rows, wanted, day)
    )  # fmt: skip


def persons(session: Session, actor: Actor, wanted: Wanted, day: dt.date, first: int, after: str | None) -> Page:
    """One page of everybody on our list who has not left: members, experts, staff. For the office only.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, BAD_PAGE, BAD_CURSOR.
    """
    actor.require(UseCase.SEE_WORK)
    where = [PersonRow.left_on.is_(None), *_people(session, wanted, day)]
    if wanted.term is not None or wanted.sector or wanted.party or wanted.title:
        where.append(PersonRow.id.in_(_seated(wanted, day)))
    return page(session, PersonRow, BY_PLACE, first, after, where)


def memberships(
    session: Session, actor: Actor, person: str | None, unit: str | None, kind: MembershipKind | None,
    first: int, after: str | None,
) -> Page:  # fmt: skip
    """One page of memberships, as they were entered. For the office only.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, BAD_PAGE, BAD_CURSOR.
    """
    actor.require(UseCase.SEE_WORK)
    told = ((MembershipRow.person_id, person), (MembershipRow.unit_id, unit), (MembershipRow.kind, kind))
    where = [column == value for column, value in told if value is not None]
    return page(session, MembershipRow, "ID_ASC", first, after, where)


def may_count(actor: Actor) -> bool:
    return actor.is_inside or any(channel in _ABOVE for channel in actor.channels)


def counts(session: Session, actor: Actor, day: dt.date, term: int | None = None) -> Counts:
    """Members by sector and party, for our own people and for the staff of the committees above us.

    Raises:
        Refusal: FORBIDDEN.
    """
    if not may_count(actor):
        raise Refusal(Code.FORBIDDEN)
    seat = select(MembershipRow.person_id, MembershipRow.sector, MembershipRow.party)
    seat = seat.where(*_seat(Wanted(term=term), day)).order_by(MembershipRow.term, MembershipRow.id)
    each = {person: (sector, party) for person, sector, party in session.execute(seat)}
    return Counts(len(each), _tally(sector for sector, _ in each.values()), _tally(party for _, party in each.values()))


def tags(session: Session, actor: Actor) -> list[tuple[str, int]]:
    """标签墙: every tag and how many people have it, the most frequent first (seed fact 11).

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN.
    """
    actor.require(UseCase.SEE_MEMBERS)
    there = select(PersonTagRow.tag, func.count()).join(PersonRow, PersonRow.id == PersonTagRow.person_id)
    wall = session.execute(there.where(PersonRow.left_on.is_(None)).group_by(PersonTagRow.tag))
    return sorted(((tag, count) for tag, count in wall), key=lambda each: (-each[1], wording.sort_key(each[0])))


def segments(session: Session, actor: Actor) -> list[SegmentRow]:
    """名单, by name. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_MEMBERS)
    return sorted(session.scalars(select(SegmentRow)), key=lambda each: wording.sort_key(each.name))


def own(session: Session, actor: Actor, id: str) -> PersonRow | None:
    """One of our people, if the actor may look them up: the office anybody, members other members and themselves.

    None to everybody else, as if there were no such person.
    """
    row = session.get(PersonRow, id) if actor.may(UseCase.SEE_MEMBERS) else None
    if row is None or actor.may(UseCase.SEE_WORK) or row.id == actor.person:
        return row
    return row if session.scalar(select(exists().where(MembershipRow.person_id == id, *queries.seats()))) else None


def one(session: Session, actor: Actor, id: str) -> PersonRecord | None:
    """One of our people as the address book shows them to the actor; None to everybody else."""
    row = own(session, actor, id)
    return row.record() if row else None


def membership(session: Session, actor: Actor, id: str) -> MembershipRecord | None:
    """What one of our people is or was, for the office and for that person; None to everybody else."""
    row = session.get(MembershipRow, id)
    is_own = actor.is_home and row is not None and actor.person is not None and row.person_id == actor.person
    return row.record() if row is not None and (actor.may(UseCase.SEE_WORK) or is_own) else None


def _people(session: Session, wanted: Wanted, day: dt.date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.name:
        found.append(PersonRow.name.contains(wanted.name, autoescape=True))
    if wanted.text:
        found.append(PersonRow.id.in_(search.matching(session, "person", wanted.text)))
    if wanted.tag:
        found.append(PersonRow.id.in_(select(PersonTagRow.person_id).where(PersonTagRow.tag == wanted.tag)))
    if wanted.unit_id:
        inside = select(MembershipRow.person_id).where(
            MembershipRow.unit_id.in_(select(queries.below(wanted.unit_id).c.id)),
            MembershipRow.person_id.is_not(None), *queries.in_force_on(day),
        )  # fmt: skip
        found.append(PersonRow.id.in_(inside))
    return found


def _seat(wanted: Wanted, day: dt.date) -> list[ColumnElement[bool]]:
    """Seats in the committee that make somebody one of those wanted."""
    found = [*queries.seats(), MembershipRow.person_id.is_not(None)]
    if wanted.term is None:
        found += queries.in_force_on(day)
    else:
        found += [MembershipRow.state != MembershipState.PROPOSED, MembershipRow.term == wanted.term]
    if wanted.sector:
        found.append(MembershipRow.sector == wanted.sector)
    if wanted.party:
        found.append(MembershipRow.party == wanted.party)
    if wanted.title:
        found.append(MembershipRow.title.contains(wanted.title, autoescape=True))
    return found


def _seated(wanted: Wanted, day: dt.date) -> Any:
    return select(MembershipRow.person_id).where(*_seat(wanted, day))


def phone(row: PersonRow, actor: Actor, *, is_seated: bool) -> str | None:
    """工作电话: whole of who has a seat today, and for the person; masked of everybody else (practice: 通讯录)."""
    if row.work_phone is None or is_seated or row.id == actor.person:
        return row.work_phone
    return masks.phone(row.work_phone)


def birth_month(row: PersonRow, actor: Actor) -> str | None:
    """Whole for the person; of everybody else the year."""
    return row.birth_month if row.birth_month is None or row.id == actor.person else masks.birth(row.birth_month)


def _listed(session: Session, actor: Actor, rows: Sequence[Any], wanted: Wanted, day: dt.date) -> list[Member]:
    """The rows with the seat that each was found by; the latest term where there are several."""
    ids = [row.id for row in rows]
    held = select(MembershipRow).where(MembershipRow.person_id.in_(ids), *_seat(wanted, day))
    ordered = held.order_by(MembershipRow.term.asc().nulls_first(), MembershipRow.id)
    seat = {each.person_id: each for each in session.scalars(ordered)}
    seated = queries.seated(session, ids, day)
    return [_member(row, seat[row.id], phone(row, actor, is_seated=row.id in seated)) for row in rows]


def _member(row: PersonRow, seat: MembershipRow, work_phone: str | None) -> Member:
    return Member(
        id=row.id, committee_id=row.committee_id, sort_key=row.sort_key, name=row.name, tags=list(row.tags),
        work_phone=work_phone, employer=row.employer, roster_no=row.roster_no, title=seat.title, term=seat.term,
        sector=seat.sector, party=seat.party,
    )  # fmt: skip


def _tally(codes: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0] or "")))
