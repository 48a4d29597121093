"""What people ask of other committees, and how we answer. One function, one use case, one transaction.

A request about one of our own records is answered on the spot, by the same handler that answers other committees', so
that signing up at home and abroad are one path.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.directory import Directory
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, owner_of
from sync.contract.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from tenant_service import wording
from tenant_service.exchange.inbox import Seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.requests import queries, rules
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.storage.unit_of_work import Unit, Units

Handler = Callable[[Unit, RequestRecord], Id | None]
"""Does what is asked and returns the record that came of it; refuses with a `Refusal`. Each room gives its own."""
Handlers = Mapping[RequestKind, Handler]


@dataclass(frozen=True)
class Asked:
    """What is asked, about which record, and for whom."""

    kind: RequestKind
    subject_id: str
    person_id: str | None = None
    person_name: str | None = None
    text: str | None = None
    detail: str | None = None


def send(unit: Unit, actor: Actor, directory: Directory, handlers: Handlers, asked: Asked) -> RequestRecord:
    """The request is on its way to the record's owner; one about our own record is answered now. Who may ask is the
    calling room's policy.

    Raises:
        Refusal: NO_CHANNEL, there is no exchange with the owner; CLASSIFIED; and for our own records, what the handler
            refuses.
    """
    owner = owner_of(asked.subject_id)
    channel = f"x_{owner}"
    if owner != unit.committee and channel not in directory.channels_of(unit.committee):
        raise Refusal(Code.NO_CHANNEL, id=owner)
    row = RequestRow(
        id=unit.new_id("request"), committee_id=unit.committee, to_id=owner, kind=asked.kind,
        subject_id=asked.subject_id, person_id=asked.person_id, person_name=asked.person_name,
        text=wording.optional("text", asked.text, 2_000), detail=wording.optional("detail", asked.detail, 40),
        asked_at=unit.now, asked_by=actor.sub, state=RequestState.QUEUED, code=None, reason_zh=None, reason_en=None,
        result_id=None, answered_at=None,
    )  # fmt: skip
    made = row.record()
    if owner == unit.committee:
        row.result_id = handlers[asked.kind](unit, made)
        row.state, row.answered_at = RequestState.ACCEPTED, unit.now
    else:
        unit.publish(made, 1, {channel})
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, f"request.{asked.kind.value.lower()}", row.id)
    return made


def answer_next(units: Units, handlers: Handlers) -> bool:
    """The oldest waiting request of another committee is answered; False when none waits.

    What a handler refuses becomes the answer, and leaves no other trace.
    """
    with units.write() as unit:
        row = queries.waiting(unit.session)
        if row is None:
            return False
        try:
            with unit.session.begin_nested():
                row.result_id = handlers.get(row.kind, _nobody)(unit, row.record())
                row.state = RequestState.ACCEPTED
        except Refusal as refusal:
            row.state, row.code, row.result_id = RequestState.REFUSED, refusal.code.value, None
            row.reason_zh, row.reason_en = refusal.zh, refusal.en
        row.answer_id, row.answered_at = unit.new_id("answer"), unit.now
        unit.publish(row.answer(unit.now), 1, {f"x_{row.committee_id}"})
    return True


def _nobody(_unit: Unit, asked: RequestRecord) -> Id | None:
    raise Refusal(Code.BAD_VALUE, field="kind", why=asked.kind.label)


def project_request(session: Session, seen: Seen) -> None:
    """Another committee's request waits to be answered; it is taken in once, and never taken back."""
    told: RequestRecord | None = seen.record
    if told is None or session.get(IncomingRow, told.id) is not None:
        return
    if told.committee_id != seen.owner or (told.person_id and owner_of(told.person_id) != seen.owner):
        raise ValueError("a committee asks for itself and its own people only")  # kept as a dead letter, and seen there
    session.add(
        IncomingRow(
            **vars(told), answer_id=None, state=RequestState.QUEUED, code=None, reason_zh=None, reason_en=None,
            result_id=None, answered_at=None,
        )
    )  # fmt: skip
    session.flush()


def project_answer(session: Session, seen: Seen) -> None:
    """What the owner said stands beside our request. Only the committee that was asked can answer."""
    told: AnswerRecord | None = seen.record
    row = session.get(RequestRow, told.request_id) if told else None
    if told is None or row is None or row.to_id != seen.owner:
        return
    if rules.onward(row.state, told.state) is not row.state:
        row.state, row.code, row.result_id = told.state, told.code, told.result_id
        row.reason_zh, row.reason_en, row.answered_at = told.reason_zh, told.reason_en, told.answered_at
        session.flush()
