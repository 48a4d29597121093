"""找回: versions of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from sqlalchemy import select

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, stand, write
from tenant_service.procedures.models import ProcedureRow
from tenant_service.procedures.service import tell
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The version stands as it was last told; everything of it was. One that was given the same number since the
    restore goes behind it.
    """
    row = unit.session.get(ProcedureRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    _make_room(unit, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or ProcedureRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None
    )
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    return outcome


def _make_room(unit: Unit, told: Recovered) -> None:
    same = select(ProcedureRow).where(ProcedureRow.code == told.record.code, ProcedureRow.id != told.id)
    others = unit.session.scalars(same.order_by(ProcedureRow.version.desc()).with_for_update()).all()
    for each in others:
        if each.version == told.record.version:
            each.version = max(others[0].version, told.record.version) + 1
            tell(unit, each)
