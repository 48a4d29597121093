"""Our people as a roster could mean them."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import MembershipKind, MembershipState
from tenant_service.members import queries
from tenant_service.members.models import MembershipRow, PersonRow
from tenant_service.members.plans import About, Held, Known, Seat

Place = tuple[str, str]
"""Where a page of the export ended: sort key and id."""


def candidates(session: Session, abouts: Sequence[About], day: dt.date) -> list[Known]:
    """Everybody whom one of these could mean: with the same roster number, or of the same name and not left."""
    numbers = [each.roster_no for each in abouts if each.roster_no]
    names = [each.name for each in abouts]
    present = PersonRow.name.in_(names) & PersonRow.left_on.is_(None)
    rows = session.scalars(select(PersonRow).where(or_(PersonRow.roster_no.in_(numbers), present))).all()
    return _known(session, rows, day)


def exported(session: Session, day: dt.date, most: int, after: Place | None) -> tuple[list[Known], Place | None]:
    """Members of `day` behind `after`, in the roster's order; and where to go on, if there are more."""
    seated = select(MembershipRow.person_id).where(*queries.seats(), *queries.in_force_on(day))
    wanted = select(PersonRow).where(PersonRow.id.in_(seated)).order_by(PersonRow.sort_key, PersonRow.id)
    if after is not None:
        behind = or_(PersonRow.sort_key > after[0], and_(PersonRow.sort_key == after[0], PersonRow.id > after[1]))
        wanted = wanted.where(behind)
    rows = session.scalars(wanted.limit(most)).all()
    place = (rows[-1].sort_key, rows[-1].id) if len(rows) == most else None
    return _known(session, rows, day), place


def _known(session: Session, rows: Sequence[PersonRow], day: dt.date) -> list[Known]:
    """With what they hold, or will hold from a day that is still to come."""
    held: dict[str, list[MembershipRow]] = {row.id: [] for row in rows}
    wanted = select(MembershipRow).where(
        MembershipRow.person_id.in_(held), MembershipRow.kind == MembershipKind.MEMBER,
        MembershipRow.state == MembershipState.ACTIVE, or_(MembershipRow.until.is_(None), MembershipRow.until >= day),
    )  # fmt: skip
    for each in session.scalars(wanted.order_by(MembershipRow.term.asc().nulls_first(), MembershipRow.id)):
        held[each.person_id or ""].append(each)
    return [_as_known(row, held[row.id]) for row in rows]


def _as_known(row: PersonRow, held: Sequence[MembershipRow]) -> Known:
    return Known(
        id=row.id, revision=row.revision, about=about_of(row), has_left=row.left_on is not None,
        seats=[Held(id=each.id, seat=seat_of(each)) for each in held if each.unit_id is None],
        units=frozenset(each.unit_id for each in held if each.unit_id),
    )  # fmt: skip


def about_of(row: PersonRow) -> About:
    return About(
        name=row.name, roster_no=row.roster_no, gender=row.gender.value if row.gender else None,
        birth_month=row.birth_month, work_phone=row.work_phone, employer=row.employer, tags=list(row.tags) or None,
    )  # fmt: skip


def seat_of(row: MembershipRow) -> Seat:
    since = row.since.isoformat() if row.since else None
    return Seat(title=row.title, term=row.term, sector=row.sector, party=row.party, since=since)
