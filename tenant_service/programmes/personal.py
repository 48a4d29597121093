"""What this room holds of a person: what a member did for a programme, and whom it was about."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.shapes.programmes import TargetMeasure
from sync.edge.shell.words import say
from tenant_service.programmes.models import ProgrammeEntryRow, ProgrammeRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable(
        "programme_entry", say("专项登记"), for_office=True,
        named=called(ProgrammeEntryRow.subject, ProgrammeEntryRow.programme_id),
    ),
)  # fmt: skip


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, ProgrammeEntryRow, ProgrammeEntryRow.person_id == whom.id, hidden=("sub",))


def erase(unit: Unit, whom: Whom) -> int:
    """What targets count stays, under the pseudonym; whom it was about is gone where nothing is counted by it."""
    rows = unit.session.scalars(select(ProgrammeEntryRow).where(ProgrammeEntryRow.person_id == whom.id)).all()
    for row in rows:
        measures = unit.session.get_one(ProgrammeRow, row.programme_id).target_measures or []
        if measures[row.target - 1 : row.target] != [TargetMeasure.ENTRY_SUBJECTS]:
            row.subject = None
    return len(rows)
