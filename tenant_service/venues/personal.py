"""What this room holds of a person: contacts of venues, who have no id and are found by their phone."""

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues.models import VenueKeeperRow, VenueRow

TABLES: Tables = (
    HeldTable("venue", say("阵地联系人"), for_office=True, named=called(VenueRow.contact_name, VenueRow.id)),
    HeldTable("venue_keeper", say("阵地负责委员"), for_office=True),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, VenueRow, _theirs(whom), only=("id", "name", "contact_name", "contact_phone")),
        *held(session, VenueKeeperRow, VenueKeeperRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    rows = unit.session.scalars(select(VenueRow).where(_theirs(whom))).all()
    for row in rows:
        row.contact_name = row.contact_phone = None
    kept = delete(VenueKeeperRow).where(VenueKeeperRow.person_id == whom.id).returning(VenueKeeperRow.venue_id)
    return len(rows) + len(unit.session.scalars(kept).all())


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return has_phone(VenueRow.contact_phone, whom.phone)
