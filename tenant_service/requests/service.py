"""What people ask of other committees, and how we answer. One function, one use case, one transaction.

A request about one of our own records is answered on the spot, by the same handler that answers other committees', so
that signing up at home and abroad are one path.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.channels import log_of, partner
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, owner_of
from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from tenant_service import wording
from tenant_service.exchange.alarms import raise_alarm
from tenant_service.exchange.answering import Handlers, Waiting
from tenant_service.exchange.copies import Seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.requests import personal, queries, rules, telling
from tenant_service.requests.models import EarlyAnswerRow, IncomingRow, RequestRow
from tenant_service.storage.unit_of_work import Unit, Units

log = logging.getLogger(__name__)

TAKEN_IN, DECIDED = 1, 2
"""Versions of an answer: what waits for people is answered twice, with one record."""


@dataclass(frozen=True)
class Handling:
    """What a body says with an act, as the record of the request names it."""

    until: dt.date | None = None
    suggested: str | None = None
    reply_class: ReplyClass | None = None
    document_no: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    without_opinions: bool | None = None
    files: int | None = None


@dataclass(frozen=True)
class Asked:
    """What is asked, about which record, and for whom; of HANDLE what the act needs besides."""

    kind: RequestKind
    subject_id: str
    person_id: str | None = None
    person_name: str | None = None
    text: str | None = None
    detail: str | None = None
    handling: Handling | None = None


def send(unit: Unit, actor: Actor, handlers: Handlers, asked: Asked) -> RequestRecord:
    """The request is on its way to the record's owner; one about our own record is answered now. Who may ask is the
    calling room's policy.

    Raises:
        Refusal: NO_CHANNEL, there is no exchange with the owner; CLASSIFIED; and for our own records, what the handler
            refuses.
    """
    owner = owner_of(asked.subject_id)
    channel = partner(owner)
    if owner != unit.committee and channel not in unit.directory.channels_of(unit.committee):
        raise Refusal(Code.NO_CHANNEL, id=owner)
    row = RequestRow(
        **vars(asked.handling or Handling()),
        id=unit.new_id("request"), committee_id=unit.committee, to_id=owner, kind=asked.kind,
        subject_id=asked.subject_id, person_id=asked.person_id, person_name=asked.person_name,
        text=wording.optional("text", asked.text, 5_000), detail=wording.optional("detail", asked.detail, 40),
        asked_at=unit.now, asked_by=actor.sub, state=RequestState.QUEUED, code=None, reason_zh=None, reason_en=None,
        result_id=None, answered_at=None,
    )  # fmt: skip
    made = row.record()
    if owner == unit.committee:
        _done(row, handlers.get(asked.kind, _nobody)(unit, made), unit.now)
    else:
        unit.publish(made, 1, {channel})
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, f"request.{asked.kind.value.lower()}", row.id)
    return made


def answer_next(units: Units, handlers: Handlers) -> bool:
    """The first waiting request of another committee is answered, or rests because that broke; False: none waits.

    What a handler refuses becomes the answer, and leaves no other trace. Where it breaks, nothing of it is left, people
    are told, and the next request has its turn: this one is tried again after a pause that grows.
    """
    id = None
    try:
        with units.write() as unit:
            row = queries.waiting(unit.session, unit.now)
            if row is None:
                return False
            id = row.id
            _answer(unit, row, handlers)
    except Exception as error:
        if id is None:
            raise
        log.exception("request %s is not answered, and is tried again", id)
        with units.write() as unit:
            _rest(unit, id, error)
    return True


def decide(unit: Unit, of: str | queries.About, *, accepted: bool, reason: str | None = None) -> int:
    """What waited for people has their answer, and its home is told: see `Waiting`. Returns how many requests it were.

    Called by the room whose handler returned `Waiting`, in the transaction in which somebody decides, or in which
    there is nothing left to decide. `of`: the request's id, or the record, the person and what was asked of it.
    """
    found = queries.undecided(unit.session, of)
    for row in found:
        row.state = RequestState.ACCEPTED if accepted else RequestState.REFUSED
        row.reason_zh = row.reason_en = wording.optional("reason", reason, 200)
        row.answered_at = unit.now
        if isinstance(row, IncomingRow):
            unit.publish(row.answer(unit.now), DECIDED, {partner(row.committee_id)})
    unit.session.flush()
    return len(found)


def _answer(unit: Unit, row: IncomingRow, handlers: Handlers) -> None:
    try:
        with unit.attempt():
            _done(row, handlers.get(row.kind, _nobody)(unit, row.record()), unit.now)
    except Refusal as refusal:
        row.state, row.code, row.result_id = RequestState.REFUSED, refusal.code.value, None
        row.reason_zh, row.reason_en = refusal.zh, refusal.en
    row.answer_id, row.answered_at = unit.new_id("answer"), unit.now
    version = TAKEN_IN if row.state is RequestState.DELIVERED else DECIDED
    unit.publish(row.answer(unit.now), version, {partner(row.committee_id)})


def _done(row: RequestRow | IncomingRow, came: Id | Waiting | None, now: dt.datetime) -> None:
    """A handler did what was asked, or took it in."""
    if isinstance(came, Waiting):
        row.state, row.result_id = RequestState.DELIVERED, came.result_id
    else:
        row.state, row.result_id = RequestState.ACCEPTED, came
    row.answered_at = now


def _rest(unit: Unit, id: str, error: Exception) -> None:
    """The request waits for a while; nobody answered it meanwhile, or nothing changes."""
    row = unit.session.get_one(IncomingRow, id, with_for_update=True)
    if row.state is not RequestState.QUEUED:
        return
    row.tries += 1
    row.try_after = unit.now + rules.pause(row.tries)
    if not (isinstance(error, Refusal) and error.code is Code.TRY_AGAIN):  # two acts met: nothing is wrong
        raise_alarm(unit, log_of(row.committee_id, f"x_{unit.committee}"), "REQUEST_BROKE", f"{id}: {error!r}")


def _nobody(_unit: Unit, asked: RequestRecord) -> Id | Waiting | None:
    raise Refusal(Code.BAD_VALUE, field="kind", why=asked.kind)


def project_request(session: Session, seen: Seen) -> None:
    """Another committee's request waits to be answered; it is taken in once, and never taken back. What its home erased
    says nothing here any more.
    """
    told: RequestRecord | None = seen.record
    if told is None:
        personal.forget_asked(session, seen.id)
        return
    if session.get(IncomingRow, told.id) is not None:
        return
    if told.committee_id != seen.owner or (told.person_id and owner_of(told.person_id) != seen.owner):
        raise ValueError("a committee asks for itself and its own people only")  # kept as a dead letter, and seen there
    row = IncomingRow(
        **vars(told), answer_id=None, state=RequestState.QUEUED, code=None, reason_zh=None, reason_en=None,
        result_id=None, answered_at=None, arrived_at=seen.as_of, tries=0, try_after=None,
    )  # fmt: skip
    if (early := session.get(EarlyAnswerRow, told.id)) is not None:
        answered(row, early)
        session.delete(early)
    session.add(row)
    session.flush()


def answered(row: IncomingRow, by: AnswerRecord | EarlyAnswerRow) -> None:
    """The request has this answer, which was given before."""
    row.answer_id, row.state, row.code, row.result_id = by.id, by.state, by.code, by.result_id
    row.reason_zh, row.reason_en, row.answered_at = by.reason_zh, by.reason_en, by.answered_at


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
        telling.answered(session, row, seen)
