"""找回: participations of others' members at our activities, as their homes last knew them.

Our own members' are told to nobody, so they are as the backup has them. Nothing here counts anybody: how many members
were present is what the activity's own record says.
"""

from typing import Any

from sync.contract.shapes.participations import LeaveKind, ParticipationState
from sync.contract.shapes.requests import RequestKind
from tenant_service.activities import service as activity_service
from tenant_service.attendance import queries
from tenant_service.attendance.entries import UNNAMED
from tenant_service.attendance.models import ParticipationRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, write
from tenant_service.requests import queries as requests
from tenant_service.storage.unit_of_work import Unit

_ON_LEAVE = (ParticipationState.LEAVE_ASKED, ParticipationState.ON_LEAVE)


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The person stands on the list as the home was last told.

    Whoever was put on the list again since the restore stands there once, under the new id.

    Raises:
        IntegrityError: the activity itself has not come back; it was shared with nobody.
    """
    row = unit.session.get(ParticipationRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return Outcome.WITHDRAWN
    again = None if row else queries.row_for(unit.session, told.record.activity_id, told.record.person_id or "")
    outcome = Outcome.UPDATED if row or again else Outcome.ANEW
    row = row or again or _new(unit, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.changed_at = told.said_at
    unit.session.add(row)
    unit.session.flush()
    unit.publish(row.record(), row.revision, told.channels)
    if row.state is ParticipationState.PRESENT:
        activity_service.count_present(unit, row.activity_id, queries.present(unit.session, row.activity_id))
    return outcome


def _new(unit: Unit, told: Recovered) -> ParticipationRow:
    record: Any = told.record
    name, leave = UNNAMED, None
    if record.person_id is not None:
        name = requests.name_told(unit.session, record.activity_id, record.person_id) or UNNAMED
        asked = requests.last_received(unit.session, record.activity_id, record.person_id, RequestKind.LEAVE)
        leave = LeaveKind.known(asked.detail or "") if asked and record.state in _ON_LEAVE else None
    return ParticipationRow(
        id=told.id, committee_id=unit.committee, participant=record.person_id, name=name, must_answer=False,
        leave=leave, recorded_by=BY, queued_at=told.said_at, revision=0,
    )  # fmt: skip
