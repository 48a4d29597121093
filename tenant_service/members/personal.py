"""What this room holds of a person, and what is left of it when erased: memberships by kind, sector, term and dates."""

import datetime as dt

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.members import names, queries
from tenant_service.members.models import BodyRow, MembershipRow, PersonRow, PersonTagRow
from tenant_service.storage import search
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("person", say("人员"), for_office=True), HeldTable("person_tag", say("标签"), for_office=True),
    HeldTable("membership", say("任职"), for_office=True), HeldTable("search_text", say("检索")),
    HeldTable("body", say("单位联系人"), for_office=True, named=called(BodyRow.contact_name, BodyRow.id)),
)  # fmt: skip


def whom(session: Session, id: str) -> Whom | None:
    """One of our people, present or past; None: nobody of that id."""
    row = session.get(PersonRow, id)
    if row is None:
        return None
    same = select(PersonRow.id).where(PersonRow.name == row.name, PersonRow.id != row.id).limit(1)
    return Whom(row.id, row.name, row.work_phone, row.birth_month, others=session.scalar(same) is not None)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, PersonRow, PersonRow.id == whom.id),
        *held(session, PersonTagRow, PersonTagRow.person_id == whom.id),
        *held(session, MembershipRow, MembershipRow.person_id == whom.id),
        *held(session, MembershipRow, MembershipRow.with_person_id == whom.id, only=("id", "kind", "since", "until")),
        *held(session, search.SearchTextRow, search.SearchTextRow.id == whom.id),
        *held(session, BodyRow, _of_bodies(whom), only=("id", "name", "contact_name", "contact_phone")),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    session, row = unit.session, queries.locked_person(unit.session, whom.id)
    bodies = session.scalars(select(BodyRow).where(_of_bodies(whom))).all()
    for body in bodies:
        body.contact_name = body.contact_phone = None
    row.name, row.sort_key, row.tags = ERASED, names.sort_key(ERASED, None), []
    row.gender = row.birth_month = row.work_phone = row.employer = row.roster_no = None
    row.revision, row.changed_at = row.revision + 1, unit.now
    session.execute(delete(PersonTagRow).where(PersonTagRow.person_id == whom.id))
    memberships = queries.memberships_of(session, whom.id)
    for each in memberships:
        each.title = each.party = None
        each.revision, each.changed_at = each.revision + 1, unit.now
    search.forget_all(session, [whom.id])
    session.flush()
    return 1 + len(memberships) + len(bodies)


def _of_bodies(whom: Whom) -> ColumnElement[bool]:
    """Bodies whose contact the person is: it has no id there, and is found by the phone."""
    return has_phone(BodyRow.contact_phone, whom.phone)


def left_before(session: Session, day: dt.date) -> list[str]:
    """People who left before this day and still have a name here, who left first first."""
    gone = select(PersonRow.id).where(PersonRow.left_on < day, PersonRow.name != ERASED)
    return list(session.scalars(gone.order_by(PersonRow.left_on, PersonRow.id)))
