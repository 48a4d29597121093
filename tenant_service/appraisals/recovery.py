"""找回: appraisals of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from sync.contract.errors import Refusal
from tenant_service.appraisals import queries
from tenant_service.appraisals.models import AppraisalRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.members import posting_queries as postings
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import service as supervision


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The result stands as it was last told. Ballots never left: of one that is written anew there are none, and its
    figures are those that were published.
    """
    row = unit.session.get(AppraisalRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or AppraisalRow(
        id=told.id, committee_id=unit.committee, revision=0, questions=[], least=0, objected=None,
        body_id=postings.named(unit.session, [told.record.body]).get(told.record.body), changed_at=told.said_at,
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    try:
        still_open = queries.unsettled(unit.session, row.campaign_id)
        supervision.count_appraisals(unit, row.campaign_id, still_open)
    except Refusal:  # its campaign was told to nobody, so it did not come back
        pass
    return outcome
