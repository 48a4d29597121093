"""Which bodies of other committees take our assignments, and from whom ours take theirs."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.shapes.members import BodyRecord
from sync.contract.trust.directory import Directory
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing.choices import Reader
from tenant_service.members.models import BodyRow, SeenBodyRow


def offered(session: Session, directory: Directory, committee: str, day: dt.date) -> list[BodyRecord]:
    """Bodies of other committees that take assignments of ours on that day, by committee and name."""
    there = or_(SeenBodyRow.until.is_(None), SeenBodyRow.until >= day)
    rows = session.scalars(
        select(SeenBodyRow).where(there).order_by(SeenBodyRow.committee_id, SeenBodyRow.sort_key, SeenBodyRow.id)
    )
    return [row.record() for row in rows if _reaches(row, directory, committee)]


def offered_one(session: Session, directory: Directory, committee: str, id: str) -> BodyRecord | None:
    """The body with this id, of another committee, while it takes assignments of ours."""
    row = session.get(SeenBodyRow, id)
    return row.record() if row and row.until is None and _reaches(row, directory, committee) else None


def name_of(session: Session, id: str) -> str | None:
    """What another committee's body was last told to be called."""
    row = session.get(SeenBodyRow, id)
    return row.name if row else None


def takes_from(session: Session, directory: Directory, id: str, committee: str) -> bool:
    """Whether this body of ours takes assignments of that committee today."""
    row = session.get(BodyRow, id)
    if row is None or row.until is not None:
        return False
    return bool(choices.channels(row.shares) & set(directory.reach(row.committee_id, committee)))


def takers(session: Session, directory: Directory, id: str) -> list[Reader]:
    """Every committee whose assignments this body of ours takes today."""
    row = session.get(BodyRow, id)
    return choices.readers(choices.chosen(row.shares), directory, row.committee_id) if row else []


def listed(session: Session, day: dt.date) -> list[tuple[BodyRecord, list[str]]]:
    """Every body on our list on that day with what was chosen for it, by name. For the office to read."""
    there = or_(BodyRow.until.is_(None), BodyRow.until >= day)
    rows = session.scalars(select(BodyRow).where(there).order_by(BodyRow.sort_key, BodyRow.id))
    return [(row.record(), list(row.shares)) for row in rows]


def _reaches(row: SeenBodyRow, directory: Directory, committee: str) -> bool:
    """Whether what it was told on still joins the two committees: a mechanism that was left offers nothing."""
    return bool(set(row.channels) & set(directory.reach(owner_of(row.id), committee)))
