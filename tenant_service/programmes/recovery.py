"""找回: programmes of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The programme stands as it was last told, signed off: what was told had been.

    What was never told (who drafted it, a report before its close, what was entered one by one) is as the backup has
    it, or missing; what it had come to is counted anew from what is there.
    """
    row = unit.session.get(ProgrammeRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or ProgrammeRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        drafted_report=None, changed_at=told.said_at, shares=[],
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.approval, row.returned_because = Approval.SIGNED, None
    row.drafted_report = row.report or row.drafted_report
    unit.session.add(row)
    unit.session.flush()
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome
