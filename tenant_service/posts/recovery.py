"""找回: posts of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.posts.models import PostRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The post stands as it was last told, signed off: what was told had been. What was said to it, who read it and
    which account wrote it was never told: it is as the backup has it, or missing.
    """
    row = unit.session.get(PostRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or _new(unit, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.approval, row.returned_because = Approval.SIGNED, None
    unit.session.add(row)
    unit.session.flush()
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome


def _new(unit: Unit, told: Recovered) -> PostRow:
    return PostRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        author_id=None, converted_on=None, changed_at=told.said_at, shares=[],
    )  # fmt: skip
