"""Who is posted to which body (派驻), for rooms that let somebody in by it, and for the list of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import BodyRecord, MembershipKind, MembershipState
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members.models import BodyRow, MembershipRow, PersonRow, UnitRow
from tenant_service.members.queries import bodies_named, in_force_on, persons_named, units_named
from tenant_service.storage.paging import Page, page


def bodies_of(person: str) -> Select[str | None]:
    """Ids of the bodies that the person is posted to: from the posting's confirmation until somebody enters its end.

    A condition knows no day, so a posting that is entered ahead of its first day counts, and one whose end is entered
    ahead of its last day does not any more. What is done by a posting asks `is_posted`.
    """
    return select(MembershipRow.body_id).where(
        MembershipRow.kind == MembershipKind.POSTING, MembershipRow.person_id == person,
        MembershipRow.state == MembershipState.ACTIVE, MembershipRow.body_id.is_not(None),
    )  # fmt: skip


def is_posted(session: Session, person: str | None, body: str, day: dt.date) -> bool:
    """Whether the person is posted to this body on that day."""
    wanted = select(MembershipRow.id).where(
        MembershipRow.kind == MembershipKind.POSTING, MembershipRow.person_id == person,
        MembershipRow.body_id == body, *in_force_on(day),
    )  # fmt: skip
    return person is not None and session.scalar(wanted.limit(1)) is not None


@dataclass(frozen=True)
class Posted:
    """One person's posting to one body. Both days are included; None: open."""

    body_id: str
    body: str
    person_id: str
    person: str
    term: int | None
    since: dt.date | None
    until: dt.date | None


def posted(session: Session, day: dt.date) -> list[Posted]:
    """Who is posted where on that day, body by body. For the office to read."""
    wanted = select(MembershipRow, BodyRow.name, PersonRow.name).join(
        BodyRow, BodyRow.id == MembershipRow.body_id
    ).join(PersonRow, PersonRow.id == MembershipRow.person_id)  # fmt: skip
    rows = session.execute(
        wanted.where(MembershipRow.kind == MembershipKind.POSTING, *in_force_on(day))
        .order_by(BodyRow.sort_key, BodyRow.id, PersonRow.sort_key, PersonRow.id)
    ).all()  # fmt: skip
    return [
        Posted(row.body_id or "", body, row.person_id or "", person, row.term, row.since, row.until)
        for row, body, person in rows
    ]


@dataclass(frozen=True)
class Wanted:
    """Which postings; everything given must hold.

    Attributes:
        text: In the name of whoever is posted or of where.
        place: To this body or unit; `person`: of this one of our people.
        ended: Those that are over on a day, in the place of those that stand.
    """

    text: str | None = None
    place: str | None = None
    person: str | None = None
    ended: bool = False


@dataclass(frozen=True)
class Placed:
    """A posting as the office reads it: who is posted where, and for how long. Both days are included; None: open."""

    id: str
    who: str
    where: str
    where_id: str
    term: int | None
    since: dt.date | None
    until: dt.date | None


def postings(session: Session, actor: Actor, wanted: Wanted, day: dt.date, first: int, after: str | None) -> Page:
    """One page of postings, as they were entered. Raises: Refusal FORBIDDEN."""
    actor.require(UseCase.SEE_WORK)
    return page(
        session, MembershipRow, "ID_ASC", first, after, _matching(wanted, day), lambda rows: _placed(session, rows)
    )  # fmt: skip


def one(session: Session, id: str) -> Placed:
    """One posting. Raises: Refusal NOT_FOUND."""
    row = session.get(MembershipRow, id)
    if row is None or row.kind is not MembershipKind.POSTING:
        raise Refusal(Code.NOT_FOUND)
    return _placed(session, [row])[0]


def _matching(wanted: Wanted, day: dt.date) -> list[ColumnElement[bool]]:
    over = MembershipRow.until < day
    stands = or_(MembershipRow.until.is_(None), MembershipRow.until >= day)
    found = [MembershipRow.kind == MembershipKind.POSTING, over if wanted.ended else stands]
    if wanted.person:
        found.append(MembershipRow.person_id == wanted.person)
    if wanted.place:
        found.append(or_(MembershipRow.body_id == wanted.place, MembershipRow.unit_id == wanted.place))
    if wanted.text:
        places = (
            (MembershipRow.person_id, PersonRow), (MembershipRow.body_id, BodyRow), (MembershipRow.unit_id, UnitRow),
            (MembershipRow.holder_unit_id, UnitRow),
        )  # fmt: skip
        found.append(or_(*(
            column.in_(select(model.id).where(model.name.contains(wanted.text, autoescape=True)))
            for column, model in places
        )))  # fmt: skip
    return found


def _placed(session: Session, rows: Sequence[MembershipRow]) -> list[Placed]:
    people = persons_named(session, [row.person_id for row in rows if row.person_id])
    units = units_named(session, [each for row in rows for each in (row.unit_id, row.holder_unit_id) if each])
    bodies = bodies_named(session, [row.body_id for row in rows if row.body_id])
    return [
        Placed(
            row.id, people.get(row.person_id or "") or units.get(row.holder_unit_id or "") or "",
            bodies.get(row.body_id or "") or units.get(row.unit_id or "") or "", row.body_id or row.unit_id or "",
            row.term, row.since, row.until,
        )
        for row in rows
    ]  # fmt: skip


def bodies_with_somebody(session: Session, day: dt.date) -> int:
    """How many bodies somebody is posted to on that day."""
    wanted = select(func.count(MembershipRow.body_id.distinct())).where(
        MembershipRow.kind == MembershipKind.POSTING, MembershipRow.person_id.is_not(None), *in_force_on(day)
    )
    return session.scalar(wanted) or 0


def listed_bodies(session: Session, day: dt.date) -> list[BodyRecord]:
    """Every body on our list on that day, by name: what a form offers. For the office to read."""
    there = or_(BodyRow.until.is_(None), BodyRow.until >= day)
    return [
        row.record() for row in session.scalars(select(BodyRow).where(there).order_by(BodyRow.sort_key, BodyRow.id))
    ]


def named(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Name → id of those bodies of ours that are called so."""
    return dict(session.execute(select(BodyRow.name, BodyRow.id).where(BodyRow.name.in_(names))).all())
