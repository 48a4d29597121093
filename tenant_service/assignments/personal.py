"""What this room holds of a person: contacts of replies, who have no id and are found by their phone."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.assignments.models import AssignmentRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable(
        "assignment", say("承办联系人"), for_office=True, named=called(AssignmentRow.contact_name, AssignmentRow.id)
    ),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, AssignmentRow, _theirs(whom), only=("id", "body", "contact_name", "contact_phone"))


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(AssignmentRow).where(_theirs(whom))).all()
    for row in rows:
        row.contact_name = row.contact_phone = None
    return len(rows)


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return has_phone(AssignmentRow.contact_phone, whom.phone)
