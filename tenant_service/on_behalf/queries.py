"""What the office entered for members: all of it for the office, each member's own for that member."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.on_behalf.models import EntryRow
from tenant_service.on_behalf.rules import Entered, EntryState


def require_shown(actor: Actor) -> None:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN of whoever is neither of the office nor a person of ours."""
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if not (actor.is_inside and (actor.sees_work or actor.person)):
        raise Refusal(Code.FORBIDDEN)


def listed(
    session: Session, actor: Actor, state: EntryState | None, most: int, record: str | None = None
) -> Sequence[EntryRow]:  # fmt: skip
    """Those that the actor is shown, newest first. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    require_shown(actor)
    wanted = select(EntryRow).where(*_shown(actor))
    if state is not None:
        wanted = wanted.where(EntryRow.state == state)
    if record is not None:
        wanted = wanted.where(EntryRow.record_id == record)
    return session.scalars(wanted.order_by(EntryRow.entered_at.desc(), EntryRow.id).limit(most)).all()


def count(session: Session, actor: Actor, state: EntryState) -> int:
    """How many of those stand so. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    require_shown(actor)
    held = (EntryRow.state == state, *_shown(actor))
    return session.scalar(select(func.count()).select_from(EntryRow).where(*held)) or 0


def own_waiting(session: Session, person: str) -> int:
    """How many wait for what this member says."""
    held = (EntryRow.state == EntryState.TO_CONFIRM, EntryRow.person_id == person)
    return session.scalar(select(func.count()).select_from(EntryRow).where(*held)) or 0


def one(session: Session, actor: Actor, id: str) -> EntryRow | None:
    """As the actor is shown it."""
    if not (actor.is_inside and (actor.sees_work or actor.person)):
        return None
    return session.scalar(select(EntryRow).where(EntryRow.id == id, *_shown(actor)))


def locked(session: Session, id: str) -> EntryRow:
    """To be changed. Raises: Refusal NOT_FOUND."""
    row = session.get(EntryRow, id, with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def of(session: Session, record: str, person: str, kind: Entered) -> EntryRow | None:
    """What was entered of this kind for this member at this record, to be changed."""
    held = (EntryRow.record_id == record, EntryRow.person_id == person, EntryRow.kind == kind)
    return session.scalar(select(EntryRow).where(*held).with_for_update())


def _shown(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if actor.sees_work else [EntryRow.person_id == (actor.person or "")]
