"""What this room holds of a person: what was asked for them, here and of others. What was asked of another committee is
erased there as well: its copies become holes that we signed.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.storage.personal import Held, Whom, held
from tenant_service.storage.unit_of_work import Unit

_ERASED_AS = 2
"""Version of the delete: a request has one version, and is never told again."""


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, RequestRow, RequestRow.person_id == whom.id),
        *held(session, IncomingRow, IncomingRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(RequestRow).where(RequestRow.person_id == whom.id)).all()
    for row in rows:
        unit.erase(row.record(), _ERASED_AS)
        _blank(row)
    return len(rows)


def forget_asked(session: Session, id: str) -> tuple[str, str] | None:
    """Another committee has erased its request: of ours only that there was one is left. Returns the record and the
    person it was about; None: there was no such request, or it was for nobody.
    """
    row = session.get(IncomingRow, id)
    if row is None:
        return None
    _blank(row)
    session.flush()
    return (row.subject_id, row.person_id) if row.person_id else None


def _blank(row: RequestRow | IncomingRow) -> None:
    row.person_name = row.text = row.detail = None
    row.reason_zh = row.reason_en = None
