"""名单: questions about members that the office keeps under a name. One function, one use case, one transaction."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.sectors import Party, Sector
from tenant_service import wording
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import rules
from tenant_service.members.address_book import Wanted
from tenant_service.members.models import SegmentRow
from tenant_service.storage.unit_of_work import Unit


def save_segment(unit: Unit, actor: Actor, name: str, wanted: Wanted) -> SegmentRow:
    """The question is kept under this name, in the place of what was.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, also where nothing is asked for, or too many are kept; CLASSIFIED.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    called, told = wording.text("name", name, 40), {key: each for key, each in asdict(wanted).items() if each}
    if not told:
        raise Refusal(Code.BAD_VALUE, field="where", why="∅")
    row = unit.session.scalars(select(SegmentRow).where(SegmentRow.name == called).with_for_update()).one_or_none()
    if row is None:
        if (unit.session.scalar(select(func.count()).select_from(SegmentRow)) or 0) >= rules.MOST_SEGMENTS:
            raise Refusal(Code.BAD_VALUE, field="name", why=f"≤ {rules.MOST_SEGMENTS}")
        row = SegmentRow(id=unit.new_id("segment"), name=called)
        unit.session.add(row)
    row.wanted, row.saved_by, row.saved_at = told, actor.sub, unit.now
    unit.session.flush()
    audit.note(unit, actor, "segment.save", row.id)
    return row


def remove_segment(unit: Unit, actor: Actor, id: str) -> str:
    """The name is gone; nobody who was meant by it is. Raises: Refusal FORBIDDEN, NOT_FOUND."""
    actor.require(UseCase.EDIT_MEMBERS)
    row = unit.session.get(SegmentRow, id, with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.delete(row)
    unit.session.flush()
    audit.note(unit, actor, "segment.remove", id)
    return id


def wanted_of(row: SegmentRow) -> Wanted:
    """The question as it was saved; a code that this release does not know asks for nothing."""
    told: dict[str, Any] = dict(row.wanted)
    told |= {"sector": Sector.known(told.get("sector") or ""), "party": Party.known(told.get("party") or "")}
    return Wanted(**told)
