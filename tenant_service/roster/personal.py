"""What rows of roster files hold of a person, and what is left of it when erased: which row of which file it was."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.roster.models import BatchRow, LineRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("roster_line", say("名册文件中的行")),)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, LineRow, _lines(whom))


def erase(unit: Unit, whom: Whom) -> int:
    lines = unit.session.scalars(select(LineRow).where(_lines(whom))).all()
    for line in lines:  # an import that named somebody who is gone cannot be undone for that row
        line.name, line.roster_no, line.birth_month, line.reason = ERASED, None, None, None
        line.cells, line.plan, line.before, line.is_open = [], b"{}", None, False
    unit.session.flush()
    return len(lines)


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


def _lines(whom: Whom) -> ColumnElement[bool]:
    """Rows of roster files: those that came to this person, and those that came to nobody and tell the same month of
    birth: the name alone may be a stranger's.
    """
    named = and_(
        LineRow.name == whom.name, LineRow.person_id.is_(None), LineRow.birth_month == whom.birth_month,
        LineRow.birth_month.is_not(None),
    )  # fmt: skip
    return or_(LineRow.person_id == whom.id, named)
