"""找回: reports and recognitions of ours that a restored backup had forgotten, as those last knew them whom they were
shared with.
"""

from sync.contract.channels import Scope, Share
from sync.contract.ids import owner_of
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.reports.descriptions import Author, authors_of, sign_authors
from tenant_service.reports.models import RecognitionRow, ReportRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The report stands as it was last told, signed off: what was told had been. Of its authors those are known as our
    people whom the backup knows; others by name. That it was sent up is no choice of sharing.
    """
    row = unit.session.get(ReportRow, told.id, with_for_update=True)
    if told.is_gone:
        if row is not None:
            sign_authors(unit, row, ())
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    known = {each.name: each for each in authors_of(unit, told.id)}
    row = row or ReportRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        returned_because=None, changed_at=told.said_at, shares=[],
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.approval, row.returned_because = Approval.SIGNED, None
    unit.session.add(row)
    unit.session.flush()
    sign_authors(unit, row, [known.get(each, Author(each)) for each in row.authors or ()])
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    up = choices.stored([Share(Scope.PARTNER, row.sent_to)]) if row.sent_to else []
    row.shares = [each for each in row.shares if each not in up]
    return outcome


def recover_recognition(unit: Unit, told: Recovered) -> Outcome:
    """The recognition stands as it was last told: confirmed, as whatever is told is. That its sender was told is no
    choice of sharing.
    """
    row = unit.session.get(RecognitionRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or RecognitionRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, changed_at=told.said_at, shares=[],
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    back = choices.stored([Share(Scope.PARTNER, owner_of(row.subject_id))]) if row.subject_id else []
    row.shares = [each for each in row.shares if each not in back]
    return outcome
