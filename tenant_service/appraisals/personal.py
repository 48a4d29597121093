"""What this room holds of a person: that a ballot was asked for, and given. What it says is nobody's."""

from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.appraisals.models import AppraiserRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("appraiser", say("民主评议的参评")),)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, AppraiserRow, AppraiserRow.person_id == whom.id)


def erase(unit: Unit, whom: Whom) -> int:
    """Nothing names anybody here but the pseudonym, by which a turnout is counted."""
    del unit, whom
    return 0
