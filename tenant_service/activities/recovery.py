"""找回: activities of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

import secrets

from sqlalchemy import select

from sync.contract.instants import day_of
from tenant_service.activities import queries
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import tell
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, stand, write
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The activity stands as it was last told, signed off: what was told had been. Its ordinal is its own.

    What was never told (contact, drafter, who was counted at the desk) is as the backup has it, or missing.
    """
    row = unit.session.get(ActivityRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    in_the_way = _same_ordinal(unit, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or _new(unit, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.held_on = day_of(row.starts_at)
    row.suggestion_count = len(row.suggestions or ())
    row.ordinal_year = row.held_on.year if row.ordinal else None
    row.approval, row.returned_because = Approval.SIGNED, None
    stand(unit, row, told)
    if in_the_way is not None:
        in_the_way.ordinal = queries.next_ordinal(unit.session, in_the_way)
        tell(unit, in_the_way)
    return outcome


def _new(unit: Unit, told: Recovered) -> ActivityRow:
    return ActivityRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        contact_name=None, contact_phone=None, checked_in=None, desk_secret=secrets.token_hex(16),
        initiated_by=None, papers_open=False, root_id=None,
    )  # fmt: skip


def _same_ordinal(unit: Unit, told: Recovered) -> ActivityRow | None:
    """The session that was given the same 第N次 since the restore, if one was; it gives it up, for nobody was told."""
    if told.record.ordinal is None or told.record.venue_id is None:
        return None
    wanted = select(ActivityRow).where(
        ActivityRow.venue_id == told.record.venue_id, ActivityRow.kind == told.record.kind,
        ActivityRow.ordinal_year == day_of(told.record.starts_at).year,
        ActivityRow.ordinal == told.record.ordinal, ActivityRow.id != told.id,
    )  # fmt: skip
    found = unit.session.scalars(wanted.with_for_update()).one_or_none()
    if found is not None:
        found.ordinal = None
        unit.session.flush()
    return found
