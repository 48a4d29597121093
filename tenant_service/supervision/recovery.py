"""找回: campaigns of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.members import posting_queries as postings
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import descriptions
from tenant_service.supervision.models import CampaignRow


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The campaign stands as it was last told, signed off: what was told had been. Its lines are those of the record;
    of its bodies, those that our list has by that name.

    What was never told (who drafted it, a report before its close) is as the backup has it, or missing. What it found
    and nobody has settled keeps it open, whether those findings come back or not.
    """
    row = unit.session.get(CampaignRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or _new(unit, told)
    proposed = max(row.unsettled - row.counts().rest, 0)
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.unsettled = row.counts().rest + proposed
    row.approval, row.returned_because = Approval.SIGNED, None
    row.drafted_report = row.report or row.drafted_report
    unit.session.add(row)
    unit.session.flush()
    known = postings.named(unit.session, row.bodies or [])
    descriptions.list_again(unit, row, {id: name for name, id in known.items()})
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome


def _new(unit: Unit, told: Recovered) -> CampaignRow:
    return CampaignRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        drafted_report=None, unsettled=0, open_appraisals=0, changed_at=told.said_at, shares=[],
    )  # fmt: skip
