"""How we take over what the body of another committee's list did with what we handed over to it.

By the same rules as what a contact of our own does, as of the moment at which it was done there
(docs/decisions/0032-one-inbox-per-body.md has why). Only the home of the body may ask, of what the body has in hands,
and each act is done once.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import Id, kind_of
from sync.contract.shapes.handovers import HandlingAct
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.assignments import body_service as bodies
from tenant_service.assignments import handover_queries as handovers
from tenant_service.assignments import handover_rules as rules
from tenant_service.assignments.body_service import Told
from tenant_service.assignments.descriptions import Letter, Reply
from tenant_service.assignments.handling_queries import turned_at
from tenant_service.assignments.models import AssignmentRow, HandoverRow
from tenant_service.assignments.rules import TalkedBy
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Seen
from tenant_service.identity.actor import Actor
from tenant_service.requests import queries as requests
from tenant_service.storage.unit_of_work import Unit


def _handled(unit: Unit, asked: RequestRecord) -> Id:
    """What the body did is done to our assignment, and what came of it is told in our own record.

    Raises:
        Refusal: NOT_FOUND, it was handed over to no body of that committee, or is gone; OUT_OF_TURN, also when another
            body has it by now; BAD_VALUE; and what the act itself refuses to a contact of our own.
    """
    if kind_of(asked.subject_id) != "handover":
        raise Refusal(Code.NOT_FOUND)
    row, assignment = handovers.of_home(unit.session, asked.subject_id, asked.committee_id)
    act = HandlingAct.known(asked.detail or "")
    if act is None:
        raise Refusal(Code.BAD_VALUE, field="kind", why=Said("未知的办理行为", "no such act"))
    by = Actor(unit.committee, iss=asked.committee_id)
    at = rules.moment(asked.asked_at, _turn(unit, row), unit.now)
    _DOES[act](unit, by, assignment, row, asked, Told(at))
    return Id(row.id)


def _turn(unit: Unit, row: HandoverRow) -> dt.datetime:
    """Since when it has been the body's turn."""
    turned = turned_at(unit.session, row.assignment_id)
    return max(row.since, turned) if turned else row.since


def _accept(
    unit: Unit, by: Actor, row: AssignmentRow, _handover: HandoverRow, _asked: RequestRecord, told: Told
) -> None:  # fmt: skip
    bodies.accept(unit, by, row, told)


def _ask_to_return(
    unit: Unit, by: Actor, row: AssignmentRow, handover: HandoverRow, asked: RequestRecord, told: Told
) -> None:  # fmt: skip
    term = bodies.Term(handover.return_until or told.day, handover.return_days or 0)
    bodies.ask_to_return(unit, by, row, told, term, asked.text or "", asked.suggested)


def _ask_extension(
    unit: Unit, by: Actor, row: AssignmentRow, _handover: HandoverRow, asked: RequestRecord, told: Told
) -> None:  # fmt: skip
    if asked.until is None:
        raise Refusal(Code.BAD_VALUE, field="dueOn", why=Said("必填", "it is needed"))
    bodies.ask_extension(unit, by, row, told, asked.until, asked.text or "")


def _reply(
    unit: Unit, by: Actor, row: AssignmentRow, handover: HandoverRow, asked: RequestRecord, told: Told
) -> None:  # fmt: skip
    if asked.reply_class is None:
        raise Refusal(Code.BAD_VALUE, field="replyClass", why=Said("必填", "it is needed"))
    handover.files = asked.files
    who = asked.contact_name or ""
    letter = Letter(asked.document_no, who, TalkedBy.NOT_AT_ALL) if asked.document_no else None
    reply = Reply(asked.text or "", asked.reply_class, who, asked.contact_phone or "", letter)
    bodies.reply(
        unit, by, row, told, reply, document_no=asked.document_no, without_opinions=asked.without_opinions or False
    )


_Does = Callable[[Unit, Actor, AssignmentRow, HandoverRow, RequestRecord, Told], None]
_DOES: Mapping[HandlingAct, _Does] = {
    HandlingAct.ACCEPT: _accept, HandlingAct.ASK_TO_RETURN: _ask_to_return,
    HandlingAct.ASK_EXTENSION: _ask_extension, HandlingAct.REPLY: _reply,
}  # fmt: skip
HANDLERS: Handlers = {RequestKind.HANDLE: _handled}
"""How requests about what we handed over are answered; the requests room calls these."""


def follow_request(session: Session, seen: Seen) -> None:
    """What a home asked is here once more, after the requests room. What it erased says nobody's name here any more; a
    reply that we had taken over before a restore forgot it stands on its assignment again.
    """
    told: RequestRecord | None = seen.record
    subject = told.subject_id if told else requests.subject_of(session, seen.id)
    row = session.get(HandoverRow, subject) if subject else None
    assignment = session.get(AssignmentRow, row.assignment_id) if row and row.moved_at is None else None
    if row is None or assignment is None or row.to_id != seen.owner:
        return
    if told is None:
        assignment.contact_name = assignment.contact_phone = None
    elif requests.is_accepted(session, told.id) and told.detail == HandlingAct.REPLY.value and assignment.replied_at:
        put_back(assignment, told)
    session.flush()


def put_back(row: AssignmentRow, told: RequestRecord) -> None:
    """What was replied stands where nothing does."""
    if row.drafted_reply is None:
        row.drafted_reply, row.drafted_class = told.text, told.reply_class
        row.contact_name, row.contact_phone = told.contact_name, told.contact_phone
