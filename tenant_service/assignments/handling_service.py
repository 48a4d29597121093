"""办理与反馈: what the body does with what is assigned to it, and what the committee makes of its reply."""

import datetime as dt

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentRecord, AssignmentRole, AssignmentState, ReplyClass, Satisfaction
from tenant_service import wording
from tenant_service.assignments import body_service as bodies
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import papers, rules, telling
from tenant_service.assignments import proposal_queries as proposals
from tenant_service.assignments.body_service import Term, Told, missing_opinions
from tenant_service.assignments.descriptions import Paper, Reply
from tenant_service.assignments.entries import acted, follow, follow_lead, locked_item_of, take
from tenant_service.assignments.models import AssignmentRow, ItemRow, SeenAssignmentRow
from tenant_service.assignments.rules import Act, ItemAct
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.settings import Periods
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays import queries as workdays

__all__ = ["Paper", "Reply", "missing_opinions"]


def accept(unit: Unit, actor: Actor, id: str, paper: Paper | None = None) -> AssignmentRecord:
    """签收: the body handles it; with `paper` the office enters that it said so (代录), as with the two below.

    Raises:
        Refusal: NOT_FOUND, also what is not its own; FORBIDDEN, OUT_OF_TURN; and what `papers.entered` refuses.
    """
    row = _own(unit, actor, id, paper)
    return bodies.accept(unit, actor, row, _told(unit, paper))


def ask_to_return(
    unit: Unit, actor: Actor, periods: Periods, id: str, why: str, suggested: str | None = None,
    paper: Paper | None = None,
) -> AssignmentRecord:  # fmt: skip
    """申请退办: the 交办单位 decides whether it is another body's; nobody passes it on by itself.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; RETURN_OVER, the term for it is over; and what
            `papers.entered` refuses.
    """
    row = _own(unit, actor, id, paper)
    term = Term(last_day_to_return(unit, periods, row), periods.return_workdays)
    return bodies.ask_to_return(unit, actor, row, _told(unit, paper), term, why, suggested)


def ask_extension(unit: Unit, actor: Actor, id: str, until: dt.date, why: str) -> AssignmentRecord:
    """申请延期, before it is late: the 交办单位 decides.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_TIME; EXTENSION_OVER, it is late already;
            ALREADY_DONE, one is asked for.
    """
    row = _own(unit, actor, id, None)
    return bodies.ask_extension(unit, actor, row, _told(unit, None), until, why)


def reply(
    unit: Unit, actor: Actor, id: str, told: Reply, *, without_opinions: bool = False, paper: Paper | None = None
) -> AssignmentRecord:
    """回复: the result as the body tells it; how late it comes is said for good. 会办 opinions go to the 主办, whose
    reply waits for them, or says which are missing. A paper is as late as its own day, whenever it is entered.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE, CLASSIFIED; OPINIONS_MISSING, of these bodies;
            PAPER_NEEDED, and what `papers.entered` refuses.
    """
    row = _own(unit, actor, id, paper)
    return bodies.reply(unit, actor, row, _told(unit, paper), told, without_opinions=without_opinions)


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> AssignmentRecord:
    """退回重办: the reply is not enough, with the reason; it is due when it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = _for_the_committee(handling.locked(unit.session, id))
    take(unit, actor, row, Act.SEND_BACK, wording.reason(why))
    row.sent_back_because = wording.reason(why)
    telling.sent_back(unit, actor, row)
    return acted(unit, actor, row, "assignment.send_back")


def verify(unit: Unit, actor: Actor, id: str, found: str | None = None) -> AssignmentRecord:
    """核实: the office has looked whether it is as it was replied.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_ITEMS)
    locked_item_of(unit, id)
    row = _for_the_committee(handling.locked(unit.session, id))
    row.verification = wording.optional("verification", found, 1_000)
    take(unit, actor, row, Act.VERIFY)
    follow_lead(unit, actor, row, Act.VERIFY)
    return acted(unit, actor, row, "assignment.verify")


def close(unit: Unit, actor: Actor, id: str, satisfaction: Satisfaction, *, unclassified: bool) -> AssignmentRecord:
    """办结: whoever signs has seen the reply, which is told from now on. The item is done where every reply says so.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED; OWN_DRAFT, who signs entered it from paper;
            COMMITMENT_NEEDED, an answer that plans says nothing by when.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    item = locked_item_of(unit, id)
    row = _for_the_committee(handling.locked(unit.session, id))
    take(unit, actor, row, Act.CLOSE)
    if proposals.is_answer(item, row):
        _letter_told(unit, item, row)
    signing.sign(unit, actor, id, UseCase.SIGN_OFF_ITEMS, row.paper_by or "", unclassified=unclassified)
    row.reply, row.reply_class, row.satisfaction = row.drafted_reply, row.drafted_class, satisfaction
    row.closed_at = unit.now
    follow_lead(unit, actor, row, Act.CLOSE)
    made = acted(unit, actor, row, "assignment.close")
    if _is_done(unit, item):
        follow(unit, actor, item, ItemAct.CARRY_OUT)
    return made


# ── what others ask ──


def last_day_to_return(unit: Unit, periods: Periods, row: AssignmentRow) -> dt.date:
    """Until when a body may ask that what was assigned to it be returned."""
    since = row.assigned_on or day_of(unit.now)
    return workdays.calendar(unit.session).after(since, periods.return_workdays).day


def count_files(unit: Unit, id: str, files: int) -> None:
    """So many files of evidence hang on it; called by their room, in its transaction."""
    row = handling.locked(unit.session, id)
    row.files = files
    way_out.revised(unit, row, choices.channels(row.shares))


# ── parts ──


def _own(unit: Unit, actor: Actor, id: str, paper: Paper | None) -> AssignmentRow:
    if paper is not None:
        return papers.entered(unit, actor, id, paper)
    actor.require(UseCase.HANDLE_ASSIGNMENTS)
    return handling.of_body(unit.session, actor, id)


def _told(unit: Unit, paper: Paper | None) -> Told:
    return Told(papers.told_on(unit, paper), paper)


def _for_the_committee(row: AssignmentRow) -> AssignmentRow:
    """A reply that is told to the committee, and no opinion for a lead. Raises: Refusal OUT_OF_TURN."""
    if row.role is AssignmentRole.ASSIST:
        raise Refusal(Code.OUT_OF_TURN, now=row.role)
    return row


def _letter_told(unit: Unit, item: ItemRow, row: AssignmentRow) -> None:
    """The answer to a proposal is its proposers' to read from now on."""
    if row.drafted_class is ReplyClass.PLANNED and not proposals.has_commitments(unit.session, item.list_id):
        raise Refusal(Code.COMMITMENT_NEEDED)
    written = proposals.letters(unit.session, [row.id]).get(row.id, [])
    if written:
        written[-1].told_on = day_of(unit.now)


def _is_done(unit: Unit, item: ItemRow) -> bool:
    rows = [row for row in handling.of_item(unit.session, item.id) if row.state is not AssignmentState.WITHDRAWN]
    told = [row for row in rows if row.role is not AssignmentRole.ASSIST]
    is_over = all(row.state is AssignmentState.CLOSED for row in told)
    pleases = not any(row.satisfaction is Satisfaction.DISSATISFIED for row in told)
    return is_over and pleases and rules.is_settled([row.reply_class for row in told])


project = copies_shown.projection(SeenAssignmentRow)
"""What others tell us of theirs is kept as a copy."""
