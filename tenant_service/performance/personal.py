"""What this room holds of a person. What they did stays counted, under the pseudonym."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.performance.models import LedgerRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("ledger_line", say("履职台账"), for_office=True),)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, LedgerRow, LedgerRow.person_id == whom.id)


def erase(unit: Unit, whom: Whom) -> int:
    """Titles and notes are gone, which may say who it was; that something was done on that day stays."""
    rows = unit.session.scalars(select(LedgerRow).where(LedgerRow.person_id == whom.id)).all()
    for row in rows:
        row.title, row.note = ERASED, None
    return len(rows)
