"""履职台账: whoever of ours was present at an activity is credited with it once, here or at another host.

A meeting with parts is one deed, whichever of its half-days somebody came to: its line is about the meeting, and the
half-days stand beside it. Absent after all, or cancelled after all, is a counter-line. What another host withdraws from
us is no correction: the line stays as we were told it.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.participations import ParticipationRole, ParticipationState
from tenant_service.activities import queries as activities
from tenant_service.attendance import queries
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
_Role = ParticipationRole
_FOREMOST = (_Role.CHAIR, _Role.SPEAKER, _Role.WRITTEN_SPEAKER, _Role.ATTENDEE, _Role.DEPARTMENT)
"""As what somebody took part who did so in several ways: the first of these."""


def credited(writing: Writing, row: ParticipationColumns) -> int:
    """The ledger says of our member what this participation says now, in the year in which the activity was held; how
    many lines that took.
    """
    if row.person_id is None or owner_of(row.person_id) != writing.committee:
        return 0
    meeting = activities.meeting_of(writing.session, row.activity_id)
    if meeting is None:
        return ledger.settle(writing, row.person_id, row.id, row.revision, _credits(writing, row.activity_id, [row]))
    alone = ledger.settle(writing, row.person_id, row.id, row.revision)
    ids = [meeting, *activities.parts_known(writing.session, meeting)]
    rows = queries.stands_at(writing.session, row.person_id, ids)
    return alone + ledger.settle(
        writing, row.person_id, meeting, row.revision, _credits(writing, meeting, [*rows, row])
    )  # fmt: skip


def heard(session: Session, told: Seen) -> None:
    """Another host told us of one of ours."""
    row = session.get(SeenParticipationRow, told.id)
    if told.record is not None and row is not None and row.person_id is not None:
        credited(Heard(session, owner_of(row.person_id), told.as_of), row)


def follow_activity(session: Session, told: Seen) -> None:
    """Another host's activity became known, or is another one now: who of ours was there, or at a part of it, is
    credited by that.
    """
    if told.record is None:
        return
    ids = [told.id, *activities.parts_known(session, told.id)]
    wanted = select(SeenParticipationRow).where(
        SeenParticipationRow.activity_id.in_(ids), SeenParticipationRow.state == _PRESENT
    )
    for row in session.scalars(wanted).all():
        if row.person_id is not None:
            credited(Heard(session, owner_of(row.person_id), told.as_of), row)


def catch_up(unit: Unit) -> int:
    """Who was present before the ledger was kept is credited, who was at what was cancelled is not, and who has a line
    for each part of a meeting has one for the meeting; how many lines.
    """
    done = 0
    for model in (ParticipationRow, SeenParticipationRow):
        for row in unit.session.scalars(_unsettled(unit, model)).all():
            done += credited(unit, row)
    return done


def _unsettled(unit: Unit, model: Any) -> Any:
    meeting, off = activities.whole_of(model.activity_id), activities.cancelled()
    of_whole = and_(meeting.is_not(None), or_(
        ledger_queries.stands_for(model.id, model.person_id),
        and_(meeting.in_(off), ledger_queries.stands_for(meeting, model.person_id)),
        and_(
            meeting.not_in(off), model.activity_id.not_in(off), ~ledger_queries.has_lines(meeting, model.person_id)
        ),
    ))  # fmt: skip
    alone = and_(meeting.is_(None), or_(
        and_(model.activity_id.not_in(off), ~ledger_queries.has_lines(model.id, model.person_id)),
        and_(model.activity_id.in_(off), ledger_queries.stands_for(model.id, model.person_id)),
    ))  # fmt: skip
    ours = model.person_id.startswith(f"{unit.committee}.", autoescape=True)
    return select(model).where(model.state == _PRESENT, ours, or_(of_whole, alone)).limit(_AT_ONCE)


def _credits(writing: Writing, id: str, rows: Collection[ParticipationColumns]) -> list[Credit]:
    """What somebody is credited with who stands so at an activity, or at a meeting and its parts: once at most."""
    came = [row for row in rows if row.state is _PRESENT and not _is_off(writing, row.activity_id)]
    if not came or _is_off(writing, id):
        return []
    held = activities.taken_part(writing.session, id) or activities.taken_part(writing.session, came[0].activity_id)
    at = held.starts_at if held else came[0].checked_in_at or writing.now
    role = min((row.role for row in came), key=_FOREMOST.index)
    return [Credit(deed_at(held.kind if held else None), day_of(at), held.title if held else _UNKNOWN, role.value)]


def _is_off(writing: Writing, activity: str) -> bool:
    held = activities.taken_part(writing.session, activity)
    return held is not None and held.is_cancelled
