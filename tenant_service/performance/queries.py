"""Every read of this room: one's own ledger, and for the office everybody's."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.performance.models import LedgerRow, LedgerYearRow
from tenant_service.performance.rules import Deed, LedgerSource


@dataclass(frozen=True)
class Wanted:
    """Which lines; everything given must hold. `stands`: those that were not taken back, and take nothing back."""

    person: str | None = None
    year: int | None = None
    deed: Deed | None = None
    source: LedgerSource | None = None
    is_late: bool = False
    stands: bool = False


def is_shown(actor: Actor) -> ColumnElement[bool]:
    """Everybody's to the office, one's own to a member, nobody's to others."""
    if actor.is_home and actor.may(UseCase.KEEP_LEDGER):
        return LedgerRow.id.is_not(None)
    return LedgerRow.person_id == actor.person if actor.is_home and actor.person else false()


def has_ledger(actor: Actor) -> None:
    """Raises: Refusal NOT_SIGNED_IN, nobody of this committee; whoever is, and is no member, is shown an empty one."""
    if not actor.is_home:
        raise Refusal(Code.NOT_SIGNED_IN)


def whose(actor: Actor, person: str | None) -> str | None:
    """Of whom is told: oneself, or whom the office names; None: of nobody.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN: somebody else, and not for the office.
    """
    has_ledger(actor)
    if person is not None and person != actor.person:
        actor.require(UseCase.KEEP_LEDGER)
    return person or actor.person


def standing() -> ColumnElement[bool]:
    """It takes nothing back, and was not taken back."""
    other = aliased(LedgerRow)
    return and_(LedgerRow.counters_id.is_(None), ~exists().where(other.counters_id == LedgerRow.id))


def in_year(year: int) -> ColumnElement[bool]:
    """Of a year that no calendar has there is nothing."""
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return false()
    return LedgerRow.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def listed(
    session: Session, actor: Actor, wanted: Wanted, first: int, after: str | None
) -> tuple[list[LedgerRow], str | None]:
    """One page, the newest day first, and behind which id the next one begins; of an id that is none, the first."""
    where = _matching(actor, wanted)
    last = session.get(LedgerRow, after) if after else None
    if last is not None:
        where.append(or_(LedgerRow.day < last.day, and_(LedgerRow.day == last.day, LedgerRow.id < last.id)))
    ordered = select(LedgerRow).where(*where).order_by(LedgerRow.day.desc(), LedgerRow.id.desc())
    found = session.scalars(ordered.limit(first + 1)).all()
    return list(found[:first]), found[first - 1].id if len(found) > first else None


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are of them, on all pages."""
    return session.scalar(select(func.count()).select_from(LedgerRow).where(*_matching(actor, wanted))) or 0


def taken_back(session: Session, ids: Collection[str]) -> set[str]:
    """Which of these lines another one takes back."""
    wanted = select(LedgerRow.counters_id).where(LedgerRow.counters_id.in_(ids))
    return {each for each in session.scalars(wanted) if each}


def one(session: Session, actor: Actor, id: str) -> LedgerRow:
    """Raises: Refusal NOT_FOUND, also of anybody else's."""
    row = session.scalars(select(LedgerRow).where(LedgerRow.id == id, is_shown(actor))).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def deeds(session: Session, person: str, year: int) -> Counter[Deed]:
    """Deed → how many lines stand of this person in that year."""
    return by_person(session, year, [person]).get(person, Counter())


def by_person(session: Session, year: int, persons: Collection[str] | None = None) -> dict[str, Counter[Deed]]:
    """Person → deed → how many lines stand in that year; None: of everybody who has any."""
    grouped = select(LedgerRow.person_id, LedgerRow.deed, func.count()).where(in_year(year), standing())
    if persons is not None:
        grouped = grouped.where(LedgerRow.person_id.in_(persons))
    found: dict[str, Counter[Deed]] = {}
    for person, deed, number in session.execute(grouped.group_by(LedgerRow.person_id, LedgerRow.deed)):
        found.setdefault(person, Counter())[deed] = number
    return found


def years(session: Session, actor: Actor) -> list[int]:
    """Years in which there is a line that the actor is shown, the newest first."""
    first = session.scalar(select(func.min(LedgerRow.day)).where(is_shown(actor)))
    last = session.scalar(select(func.max(LedgerRow.day)).where(is_shown(actor)))
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def closed(session: Session, year: int) -> LedgerYearRow | None:
    """When a year was closed, and by whom."""
    return session.get(LedgerYearRow, year)


# ── for this room's service, and for other rooms ──


def of_record(session: Session, person: str, subject: str) -> Sequence[LedgerRow]:
    """All lines of one person for one record, in the order in which they were written."""
    wanted = select(LedgerRow).where(LedgerRow.person_id == person, LedgerRow.subject == subject)
    return session.scalars(wanted.order_by(LedgerRow.seq)).all()


def has_lines(subject: Any, person: Any) -> ColumnElement[bool]:
    """Whether the ledger ever said something of a person for a record, by the columns of another room's row."""
    return exists().where(LedgerRow.subject == subject, LedgerRow.person_id == person)


def stands_for(subject: Any, person: Any) -> ColumnElement[bool]:
    """The same, and a line of it stands."""
    return exists().where(LedgerRow.subject == subject, LedgerRow.person_id == person, standing())


def any_of(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people has a line."""
    return session.scalar(select(LedgerRow.id).where(LedgerRow.person_id.in_(persons)).limit(1)) is not None


def _matching(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [is_shown(actor)]
    if wanted.person:
        found.append(LedgerRow.person_id == wanted.person)
    if wanted.year is not None:
        found.append(in_year(wanted.year))
    if wanted.deed:
        found.append(LedgerRow.deed == wanted.deed)
    if wanted.source:
        found.append(LedgerRow.source == wanted.source)
    if wanted.is_late:
        found.append(LedgerRow.is_late.is_(True))
    if wanted.stands:
        found.append(standing())
    return found
