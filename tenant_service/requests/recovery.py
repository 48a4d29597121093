"""找回: what we asked of others and what we answered them, where a restored backup had forgotten it.

Others' requests come back by themselves, from their owners' logs; one that we had answered must not be answered again,
whichever comes first.
"""

from sqlalchemy import select

from sync.contract.shapes.requests import AnswerRecord, RequestRecord, RequestState
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered
from tenant_service.requests.models import EarlyAnswerRow, IncomingRow, RequestRow
from tenant_service.requests.service import DECIDED, answered
from tenant_service.storage.unit_of_work import Unit


def recover_request(unit: Unit, told: Recovered) -> Outcome:
    """The request stands as it was sent; what was said to it is shown anew by the exchange, as soon as it is here."""
    record: RequestRecord | None = told.record
    if record is None:
        return Outcome.WITHDRAWN
    if unit.session.get(RequestRow, told.id) is not None:
        return Outcome.UPDATED  # nobody changes a request once it is sent, so it stands as it was last told
    unit.session.add(
        RequestRow(
            **vars(record), asked_by=BY, state=RequestState.QUEUED, code=None, reason_zh=None, reason_en=None,
            result_id=None, answered_at=None,
        )
    )  # fmt: skip
    unit.session.flush()
    unit.publish(record, told.version, told.channels)
    return Outcome.ANEW


def recover_answer(unit: Unit, told: Recovered) -> Outcome:
    """The answer stands, beside the request if that is here; a second one that was given since is taken back."""
    record: AnswerRecord | None = told.record
    if record is None:
        return Outcome.WITHDRAWN
    unit.publish(record, told.version, told.channels)
    wanted = select(IncomingRow).where(IncomingRow.id == record.request_id)
    row = unit.session.scalars(wanted.with_for_update()).one_or_none()
    if row is None:
        unit.session.merge(EarlyAnswerRow.of(record))
        unit.session.flush()
        return Outcome.ANEW
    if row.answer_id not in (None, record.id):
        unit.publish(row.answer(unit.now), DECIDED + 1, frozenset())
    answered(row, record)
    unit.session.flush()
    return Outcome.UPDATED
