"""What this room holds of a person: what was answered under one's account, and which forms invited one."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.forms.models import FormAnswerRow, FormInvitedRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("form_answer", say("表单作答")), HeldTable("form_invited", say("表单邀请")))


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, FormAnswerRow, FormAnswerRow.person_id == whom.id, hidden=("respondent",)),
        *held(session, FormInvitedRow, FormInvitedRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """Who it was, and what was written, is gone; that somebody answered, and passed, stays for the count."""
    rows = unit.session.scalars(select(FormAnswerRow).where(FormAnswerRow.person_id == whom.id)).all()
    for row in rows:
        row.name, row.given = ERASED, [[] for _ in row.given]
    invited = delete(FormInvitedRow).where(FormInvitedRow.person_id == whom.id).returning(FormInvitedRow.form_id)
    return len(rows) + len(unit.session.scalars(invited).all())
