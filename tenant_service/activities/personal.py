"""What this room holds of a person: contacts of activities, who have no id and are found by their phone."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.activities.models import ActivityRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("activity", say("活动联系人"), for_office=True, named=called(ActivityRow.contact_name, ActivityRow.id)),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, ActivityRow, _theirs(whom), only=("id", "title", "contact_name", "contact_phone"))


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(ActivityRow).where(_theirs(whom))).all()
    for row in rows:
        row.contact_name = row.contact_phone = None
    return len(rows)


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return has_phone(ActivityRow.contact_phone, whom.phone)
