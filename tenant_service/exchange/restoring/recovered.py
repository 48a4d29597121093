"""What was got back after a restoration, and whether somebody has looked at it since."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tenant_service.exchange.models import AlarmRow, RecoveredRow, RestorationRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit

__all__ = ["RecoveredRow", "RestorationRow"]

BACK = (Outcome.ANEW, Outcome.UPDATED)
"""What stands again as it was shared."""


def last(session: Session) -> RestorationRow | None:
    """The newest restoration of this database; None: there never was one."""
    return session.scalars(select(RestorationRow).order_by(RestorationRow.id.desc()).limit(1)).one_or_none()


def listed(session: Session, restoration: int) -> list[RecoveredRow]:
    """Everything that was got back then, or could not be, and what nobody has looked at since an earlier restoration;
    what nobody has looked at comes first.
    """
    of_then, still_waits = RecoveredRow.restoration_id == restoration, RecoveredRow.checked_at.is_(None)
    wanted = select(RecoveredRow).where(or_(of_then, still_waits))
    order = (RecoveredRow.checked_at.is_not(None), RecoveredRow.kind, RecoveredRow.record)
    return list(session.scalars(wanted.order_by(*order)))


def one(session: Session, id: str) -> RecoveredRow | None:
    return session.get(RecoveredRow, id)


def unchecked(session: Session) -> int:
    """How many records nobody has looked at."""
    return session.scalar(select(func.count()).where(RecoveredRow.checked_at.is_(None))) or 0


def unchecked_among(session: Session, ids: Iterable[str]) -> set[str]:
    """Those of these records that came back and that nobody has looked at."""
    wanted = select(RecoveredRow.record).where(
        RecoveredRow.record.in_(sorted(ids)), RecoveredRow.checked_at.is_(None), RecoveredRow.outcome.in_(BACK)
    )
    return set(session.scalars(wanted))


def is_incomplete(session: Session, id: str) -> bool:
    """Whether the record came back without what only we had known of it, such as our own people on its list."""
    row = session.get(RecoveredRow, id)
    return row is not None and row.outcome in BACK


def not_salvaged(session: Session, of: RestorationRow) -> list[str]:
    """Logs of which nobody answered when this restoration was settled."""
    before = select(func.max(RestorationRow.at)).where(RestorationRow.id < of.id)
    wanted = select(AlarmRow.log).where(AlarmRow.code == "NOT_SALVAGED", AlarmRow.last_at <= of.at)
    if (last_one := session.scalar(before)) is not None:
        wanted = wanted.where(AlarmRow.last_at > last_one)
    return list(session.scalars(wanted.order_by(AlarmRow.log)))


def look(unit: Unit, actor: Actor, id: str) -> bool:
    """已核对: somebody has looked at the record, or saved it, since it came back; False: it did not, or was before."""
    row = unit.session.get(RecoveredRow, id)
    if row is None or row.checked_at is not None:
        return False
    row.checked_at, row.checked_by = unit.now, actor.sub
    audit.note(unit, actor, "recovered.check", id)
    return True
