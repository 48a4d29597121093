"""Who is posted to which body (派驻), for rooms that let somebody in by it, and for the list of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import BodyRecord, MembershipKind, MembershipState
from tenant_service.members.models import BodyRow, MembershipRow, PersonRow
from tenant_service.members.queries import in_force_on


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
