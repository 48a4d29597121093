"""What this room holds of a person: what the office entered for them, and what they said to that."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.on_behalf.models import EntryRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("entry", say("代录"), for_office=True),)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, EntryRow, EntryRow.person_id == whom.id)


def erase(unit: Unit, whom: Whom) -> int:
    """What was objected and answered is gone; that something was entered stays, under the pseudonym."""
    rows = unit.session.scalars(select(EntryRow).where(EntryRow.person_id == whom.id)).all()
    for row in rows:
        row.because = ERASED if row.because else None
        row.answer = ERASED if row.answer else None
        taken.forget_reasons(unit, row.id)
    return len(rows)
