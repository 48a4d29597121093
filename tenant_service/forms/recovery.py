"""找回: forms of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

import secrets

from sync.contract.shapes.forms import FormState
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.forms.models import FormRow
from tenant_service.forms.rules import TOKEN_BYTES
from tenant_service.history import taken
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The form stands as it was last told, signed off: what was told had been.

    Its key, its answers and whom it invited never left: they are as the backup has them, or missing. So one that comes
    back anew and was open is closed: it would be marked without a key, and answered twice.
    """
    row = unit.session.get(FormRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    row = row or _new(unit, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    if outcome is Outcome.ANEW:
        row.question_key = [[] for _ in row.question_texts]
        row.state = FormState.CLOSED if row.state is FormState.OPEN else row.state
    row.approval, row.returned_because = Approval.SIGNED, None
    unit.session.add(row)
    unit.session.flush()
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome


def _new(unit: Unit, told: Recovered) -> FormRow:
    return FormRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        question_key=[], token=secrets.token_urlsafe(TOKEN_BYTES), changed_at=told.said_at, shares=[],
    )  # fmt: skip
