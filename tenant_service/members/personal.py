"""What this room holds of a person, and what is left of it when erased: memberships by kind, sector, term and dates."""

import datetime as dt

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from tenant_service.members import names, queries
from tenant_service.members.models import BatchRow, LineRow, MembershipRow, PersonRow, PersonTagRow
from tenant_service.storage import search
from tenant_service.storage.personal import ERASED, Held, Whom, held
from tenant_service.storage.unit_of_work import Unit


def whom(session: Session, id: str) -> Whom | None:
    """One of our people, present or past; None: nobody of that id."""
    row = session.get(PersonRow, id)
    if row is None:
        return None
    same = select(PersonRow.id).where(PersonRow.name == row.name, PersonRow.id != row.id).limit(1)
    return Whom(row.id, row.name, row.work_phone, row.birth_month, others=session.scalar(same) is not None)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, PersonRow, PersonRow.id == whom.id),
        *held(session, PersonTagRow, PersonTagRow.person_id == whom.id),
        *held(session, MembershipRow, MembershipRow.person_id == whom.id),
        *held(session, LineRow, _lines(whom)),
        *held(session, search.SearchTextRow, search.SearchTextRow.id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    session, row = unit.session, queries.locked_person(unit.session, whom.id)
    row.name, row.sort_key, row.tags = ERASED, names.sort_key(ERASED, None), []
    row.gender = row.birth_month = row.work_phone = row.employer = row.roster_no = None
    row.revision, row.changed_at = row.revision + 1, unit.now
    session.execute(delete(PersonTagRow).where(PersonTagRow.person_id == whom.id))
    memberships = queries.memberships_of(session, whom.id)
    for each in memberships:
        each.title = each.party = None
        each.revision, each.changed_at = each.revision + 1, unit.now
    lines = session.scalars(select(LineRow).where(_lines(whom))).all()
    for line in lines:  # an import that named somebody who is gone cannot be undone for that row
        line.name, line.roster_no, line.birth_month, line.reason = ERASED, None, None, None
        line.cells, line.plan, line.before, line.is_open = [], b"{}", None, False
    search.forget_all(session, [whom.id])
    session.flush()
    return 1 + len(memberships) + len(lines)


def _lines(whom: Whom) -> ColumnElement[bool]:
    """Rows of roster files: those that came to this person, and those that name nobody else."""
    named = (LineRow.name == whom.name) & LineRow.person_id.is_(None)
    if whom.others:
        named &= LineRow.birth_month == whom.birth_month
    return or_(LineRow.person_id == whom.id, named)


def count_files(session: Session, before: dt.datetime) -> int:
    """Rows of roster files that were sent in before that moment."""
    old = select(BatchRow.id).where(BatchRow.at < before)
    return session.scalar(select(func.count()).select_from(LineRow).where(LineRow.batch_id.in_(old))) or 0


def forget_files(unit: Unit, before: dt.datetime) -> int:
    """The oldest of these files is gone with its rows, and cannot be undone any more; how many files."""
    oldest = unit.session.scalar(select(BatchRow).where(BatchRow.at < before).order_by(BatchRow.at).limit(1))
    if oldest is None:
        return 0
    unit.session.execute(delete(LineRow).where(LineRow.batch_id == oldest.id))
    unit.session.delete(oldest)
    return 1


def left_before(session: Session, day: dt.date) -> list[str]:
    """People who left before this day and still have a name here, who left first first."""
    gone = select(PersonRow.id).where(PersonRow.left_on < day, PersonRow.name != ERASED)
    return list(session.scalars(gone.order_by(PersonRow.left_on, PersonRow.id)))
