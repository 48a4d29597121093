"""收件: what bodies of our list do with what other committees handed over to them. One function, one use case.

Nothing is written in another's database: each act is a request of ours, which waits while the line is cut, is taken
over by the owner's rules as of the moment at which it was done here, and comes back as accepted, or refused and why.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.handovers import HandlingAct, HandoverRecord
from sync.contract.shapes.items import AssignmentRole, AssignmentState
from sync.contract.shapes.requests import RequestKind, RequestRecord
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.assignments import handover_rules as handing
from tenant_service.assignments import inbox_queries as inbox
from tenant_service.assignments import rules
from tenant_service.assignments.descriptions import Reply
from tenant_service.assignments.models import SeenHandoverRow
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import offer_queries as offers
from tenant_service.members import queries as members
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked, Handling
from tenant_service.storage.unit_of_work import Unit


def accept(unit: Unit, actor: Actor, handlers: Handlers, id: str) -> RequestRecord:
    """签收: the body handles it.

    Raises:
        Refusal: NOT_FOUND, also what is not its own; FORBIDDEN, OUT_OF_TURN, NO_CHANNEL.
    """
    row = _own(unit, actor, id, HandlingAct.ACCEPT)
    return requests.send(unit, actor, handlers, _asked(row, HandlingAct.ACCEPT))


def ask_to_return(
    unit: Unit, actor: Actor, handlers: Handlers, id: str, why: str, suggested: str | None = None
) -> RequestRecord:
    """申请退办: the 交办单位 that assigned it decides; nobody passes it on by itself.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NO_CHANNEL, NEEDS_REASON; RETURN_OVER, the term for it is over.
    """
    return _ask_to_return(unit, actor, handlers, _own(unit, actor, id, HandlingAct.ASK_TO_RETURN), why, suggested)


def ask_extension(
    unit: Unit, actor: Actor, handlers: Handlers, id: str, until: dt.date, why: str
) -> RequestRecord:  # fmt: skip
    """申请延期, before it is late: the 交办单位 that assigned it decides.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NO_CHANNEL, NEEDS_REASON, BAD_TIME; EXTENSION_OVER, it is late
            already; ALREADY_DONE, one is asked for.
    """
    row = _own(unit, actor, id, HandlingAct.ASK_EXTENSION)
    if row.extension_until is not None or HandlingAct.ASK_EXTENSION in inbox.waiting(unit.session, row.id):
        raise Refusal(Code.ALREADY_DONE)
    asked = rules.extended(day_of(unit.now), row.due_on or day_of(unit.now), until)
    told = _asked(row, HandlingAct.ASK_EXTENSION, wording.reason(why), Handling(until=asked))
    return requests.send(unit, actor, handlers, told)


def reply(
    unit: Unit, actor: Actor, handlers: Handlers, id: str, told: Reply, *,
    document_no: str | None = None, without_opinions: bool = False,
) -> RequestRecord:  # fmt: skip
    """回复: the result as the body tells it. Evidence stays here; the owner is told how many files there are.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NO_CHANNEL, BAD_VALUE, CLASSIFIED; OPINIONS_MISSING, of these.
    """
    row = _own(unit, actor, id, HandlingAct.REPLY)
    if row.role is AssignmentRole.LEAD and row.awaited and not without_opinions:
        raise Refusal(Code.OPINIONS_MISSING, bodies="、".join(row.awaited))
    handling = Handling(
        reply_class=told.kind, contact_name=wording.text("contactName", told.contact_name, 40),
        contact_phone=wording.phone("contactPhone", told.contact_phone, 20),
        document_no=wording.optional("paperNumber", document_no, 60), without_opinions=without_opinions,
        files=inbox.evidence(unit.session, row.id),
    )  # fmt: skip
    asked = _asked(row, HandlingAct.REPLY, wording.text("reply", told.text, 5_000), handling)
    return requests.send(unit, actor, handlers, asked)


def let_in(unit: Unit, actor: Actor, id: str) -> HandoverRecord:
    """转交承办: our office lets a body of ours have what came for it unasked; it lies in the body's inbox from now on.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; OUT_OF_TURN, it lies there already, or nothing is owed any more.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = inbox.unasked(unit.session, id)
    row.is_taken = True
    unit.session.flush()
    audit.note(unit, actor, "handover.let_in", row.id)
    return row.record()


def turn_away(unit: Unit, actor: Actor, handlers: Handlers, id: str, why: str) -> RequestRecord:
    """退回交办方: our office asks in the body's place that what came for it unasked be returned.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NO_CHANNEL, NEEDS_REASON, RETURN_OVER.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = inbox.unasked(unit.session, id)
    _may_now(unit, row, HandlingAct.ASK_TO_RETURN)
    return _ask_to_return(unit, actor, handlers, row, why, None)


# ── what we are told ──


def projection(directory: Callable[[], Directory]) -> Callable[[Session, Seen], None]:
    """What another committee handed over to a body of ours lies in its inbox, where our office chose that the body
    takes it; else only our office sees it. What was told once never leaves without a word: it is closed, and says so.
    """

    def project(session: Session, seen: Seen) -> None:
        row, told = session.get(SeenHandoverRow, seen.id), seen.record
        if told is None:
            if row is not None:
                _emptied(row, seen)
            return
        if members.body(session, told.body_id) is None or owner_of(told.body_id) != told.to_id:
            raise ValueError("it is for no body of our list")  # kept as a dead letter, and seen there
        if row is None:
            row = SeenHandoverRow(id=seen.id, is_taken=False)
            session.add(row)
        elif row.body_id != told.body_id:
            raise ValueError("it was for another body")
        for name, value in vars(told).items():
            setattr(row, name, value)
        row.channels, row.as_of, row.is_gone = sorted(seen.channels), seen.as_of, False
        row.is_taken = row.is_taken or offers.takes_from(session, directory(), told.body_id, seen.owner)

    return project


def _emptied(row: SeenHandoverRow, seen: Seen) -> None:
    """Its owner tells us nothing of it any more: that it was here is all that is left."""
    row.title = row.text = row.instructions = row.reason = row.opinions = row.awaited = row.urging = None
    row.state, row.channels, row.as_of, row.is_gone = AssignmentState.WITHDRAWN, [], seen.as_of, True


# ── parts ──


def _own(unit: Unit, actor: Actor, id: str, act: HandlingAct) -> SeenHandoverRow:
    actor.require(UseCase.HANDLE_ASSIGNMENTS)
    row = inbox.of_body(unit.session, actor, id)
    _may_now(unit, row, act)
    return row


def _may_now(unit: Unit, row: SeenHandoverRow, act: HandlingAct) -> None:
    """Raises: Refusal OUT_OF_TURN, also when it is another body's now."""
    if row.moved_at is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已改派其他单位", "GIVEN_TO_ANOTHER"))
    rules.STATES.after(handing.DOES[act], handing.expected(row.state, inbox.waiting(unit.session, row.id)))


def _ask_to_return(
    unit: Unit, actor: Actor, handlers: Handlers, row: SeenHandoverRow, why: str, suggested: str | None
) -> RequestRecord:
    reason = wording.reason(why)
    if row.return_until is not None:
        rules.returnable(day_of(unit.now), row.return_until, row.return_days or 0)
    handling = Handling(suggested=wording.optional("suggested", suggested, 120))
    told = _asked(row, HandlingAct.ASK_TO_RETURN, reason, handling)
    return requests.send(unit, actor, handlers, told)


def _asked(
    row: SeenHandoverRow, act: HandlingAct, text: str | None = None, handling: Handling | None = None
) -> Asked:  # fmt: skip
    return Asked(RequestKind.HANDLE, row.id, text=text, detail=act.value, handling=handling)
