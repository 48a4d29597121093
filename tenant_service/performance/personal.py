"""What this room holds of a person. What they did stays counted, under the pseudonym."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.performance.models import LedgerRow, MemberResultRow, ObjectionRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("ledger_line", say("履职台账"), for_office=True),
    HeldTable("member_result", say("年度履职结果"), for_office=True),
    HeldTable("objection", say("履职结果异议"), for_office=True),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, LedgerRow, LedgerRow.person_id == whom.id),
        *held(session, MemberResultRow, MemberResultRow.person_id == whom.id, hidden=("scored", "short")),
        *held(session, ObjectionRow, ObjectionRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """Titles, notes and what was objected are gone, which may say who it was; that something was done on that day, and
    what it came to, stays.
    """
    rows = unit.session.scalars(select(LedgerRow).where(LedgerRow.person_id == whom.id)).all()
    for row in rows:
        row.title, row.note = ERASED, None
    objections = unit.session.scalars(select(ObjectionRow).where(ObjectionRow.person_id == whom.id)).all()
    for told in objections:
        told.text, told.answer = ERASED, None
        taken.forget_reasons(unit, told.id)
    return len(rows) + len(objections)
