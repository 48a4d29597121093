"""履职台账: whoever of ours was present at an activity is credited with it once, here or at another host.

Absent after all, or cancelled after all, is a counter-line. What another host withdraws from us is no correction: the
line stays as we were told it.
"""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.participations import ParticipationState
from tenant_service.activities import queries as activities
from tenant_service.attendance.models import ParticipationColumns, ParticipationRow, SeenParticipationRow
from tenant_service.exchange.copies import Seen
from tenant_service.notifications.service import Heard
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as ledger_queries
from tenant_service.performance.ledger_service import Credit, Writing
from tenant_service.performance.rules import deed_at
from tenant_service.storage.unit_of_work import Unit

_AT_ONCE = 200
"""Rows of one slice."""
_UNKNOWN = "外地活动"
_PRESENT = ParticipationState.PRESENT


def credited(writing: Writing, row: ParticipationColumns) -> int:
    """The ledger says of our member what this participation says now, in the year in which the activity was held; how
    many lines that took.
    """
    if row.person_id is None or owner_of(row.person_id) != writing.committee:
        return 0
    return ledger.settle(writing, row.person_id, row.id, row.revision, _credits(writing, row))


def heard(session: Session, told: Seen) -> None:
    """Another host told us of one of ours."""
    row = session.get(SeenParticipationRow, told.id)
    if told.record is not None and row is not None and row.person_id is not None:
        credited(Heard(session, owner_of(row.person_id), told.as_of), row)


def follow_activity(session: Session, told: Seen) -> None:
    """Another host's activity became known, or is another one now: who of ours was there is credited by that."""
    if told.record is None:
        return
    wanted = select(SeenParticipationRow).where(
        SeenParticipationRow.activity_id == told.id, SeenParticipationRow.state == _PRESENT
    )
    for row in session.scalars(wanted).all():
        if row.person_id is not None:
            credited(Heard(session, owner_of(row.person_id), told.as_of), row)


def catch_up(unit: Unit) -> int:
    """Who was present before the ledger was kept is credited, who was at what was cancelled is not; how many lines."""
    done = 0
    for model in (ParticipationRow, SeenParticipationRow):
        for row in unit.session.scalars(_unsettled(unit, model)).all():
            done += credited(unit, row)
    return done


def _unsettled(unit: Unit, model: Any) -> Any:
    cancelled = model.activity_id.in_(activities.cancelled())
    is_missing = and_(~cancelled, ~ledger_queries.has_lines(model.id, model.person_id))
    is_too_much = and_(cancelled, ledger_queries.stands_for(model.id, model.person_id))
    ours = model.person_id.startswith(f"{unit.committee}.", autoescape=True)
    return select(model).where(model.state == _PRESENT, ours, or_(is_missing, is_too_much)).limit(_AT_ONCE)


def _credits(writing: Writing, row: ParticipationColumns) -> list[Credit]:
    if row.state is not _PRESENT:
        return []
    held = activities.taken_part(writing.session, row.activity_id)
    if held is not None and held.is_cancelled:
        return []
    at = held.starts_at if held else row.checked_in_at or writing.now
    title = held.title if held else _UNKNOWN
    return [Credit(deed_at(held.kind if held else None), day_of(at), title, row.role.value)]
