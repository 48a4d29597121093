"""What this room holds of a person: what was asked for them, here and of others. What was asked of another committee is
erased there as well: its copies become holes that we signed.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit

_ERASED_AS = 2
"""Version of the delete: a request has one version, and is never told again."""

_AT_ONCE = 200
"""Rows of one slice."""
TABLES: Tables = (
    HeldTable(
        "request", say("报名、请假与回复"), for_office=True, named=called(RequestRow.contact_name, RequestRow.id)
    ),
    HeldTable("incoming_request", say("外地请求")),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, RequestRow, _theirs(RequestRow, whom)),
        *held(session, IncomingRow, _theirs(IncomingRow, whom)),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(RequestRow).where(_theirs(RequestRow, whom))).all()
    for row in rows:
        unit.erase(row.record(), _ERASED_AS)
        _blank(row)
    of_others = unit.session.scalars(select(IncomingRow).where(has_phone(IncomingRow.contact_phone, whom.phone))).all()
    for each in of_others:
        each.contact_name = each.contact_phone = None
    return len(rows) + len(of_others)


def _theirs(model: Any, whom: Whom) -> ColumnElement[bool]:
    """What was asked for the person, and replies whose contact the person is."""
    return or_(model.person_id == whom.id, has_phone(model.contact_phone, whom.phone))


def forget_asked(session: Session, id: str) -> None:
    """Another committee has erased its request: of ours only that there was one is left."""
    row = session.get(IncomingRow, id)
    if row is not None:
        _blank(row)
        session.flush()


def about_whom(session: Session, id: str) -> tuple[str, str] | None:
    """The record and the person that another committee's request was about; None: there was none, or for nobody."""
    row = session.get(IncomingRow, id)
    return (row.subject_id, row.person_id) if row and row.person_id else None


def _blank(row: RequestRow | IncomingRow) -> None:
    row.person_name = row.text = row.detail = row.contact_name = row.contact_phone = None
    row.reason_zh = row.reason_en = None


def asked_before(subjects: Any) -> list[ColumnElement[bool]]:
    """What other committees asked about these records of ours, and still says for whom."""
    says = or_(IncomingRow.person_name.is_not(None), IncomingRow.text.is_not(None))
    return [IncomingRow.subject_id.in_(subjects), IncomingRow.answered_at.is_not(None), says]


def count_asked(session: Session, subjects: Any) -> int:
    return session.scalar(select(func.count()).select_from(IncomingRow).where(*asked_before(subjects))) or 0


def forget_asked_before(unit: Unit, subjects: Any) -> int:
    """Names and words of them are gone, some hundred at once; how many."""
    rows = unit.session.scalars(select(IncomingRow).where(*asked_before(subjects)).limit(_AT_ONCE)).all()
    for row in rows:
        row.person_name = row.text = row.detail = None
    return len(rows)
