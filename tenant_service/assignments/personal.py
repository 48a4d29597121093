"""What this room holds of a person: contacts of replies, who have no id and are found by their phone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.assignments.models import AssignmentRow, LetterRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit


def _signs(session: Session, name: str) -> Sequence[str]:
    """Assignments with a letter that somebody of this name signed or wrote."""
    found = or_(LetterRow.signed_by == name, LetterRow.handler == name)
    return session.scalars(select(LetterRow.assignment_id).where(found).distinct()).all()


TABLES: Tables = (
    HeldTable(
        "assignment", say("承办联系人"), for_office=True, named=called(AssignmentRow.contact_name, AssignmentRow.id)
    ),
    HeldTable("assignment_letter", say("答复函"), for_office=True, named=_signs),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, AssignmentRow, _theirs(whom), only=("id", "body", "contact_name", "contact_phone")),
        *held(session, LetterRow, _wrote(whom), only=("assignment_id", "seq", "number", "handler", "phone")),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(AssignmentRow).where(_theirs(whom))).all()
    for row in rows:
        row.contact_name = row.contact_phone = None
    letters = unit.session.scalars(select(LetterRow).where(_wrote(whom))).all()
    for letter in letters:
        letter.handler = letter.phone = None
    return len(rows) + len(letters)


def _wrote(whom: Whom) -> ColumnElement[bool]:
    return has_phone(LetterRow.phone, whom.phone)


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return has_phone(AssignmentRow.contact_phone, whom.phone)
