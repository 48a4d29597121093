"""What a body does with what is assigned to it, whoever tells us of it: the row is at hand, locked, and whoever may act
for the body has been looked at. One rule for a contact of ours, a paper that the office enters, and another committee.
"""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentRecord, AssignmentRole
from tenant_service import wording
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import papers, queries, rules
from tenant_service.assignments import proposal_queries as proposals
from tenant_service.assignments.descriptions import Paper, Reply, enter, enter_letter
from tenant_service.assignments.entries import acted
from tenant_service.assignments.models import AssignmentRow
from tenant_service.assignments.rules import Act
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Told:
    """When the body did it, and on which paper, if it was on paper."""

    at: dt.datetime
    paper: Paper | None = None

    @property
    def day(self) -> dt.date:
        return day_of(self.at)


@dataclass(frozen=True)
class Term:
    """Until when something may be asked to be returned, and of how many workdays that term is."""

    until: dt.date
    days: int


def accept(unit: Unit, actor: Actor, row: AssignmentRow, told: Told) -> AssignmentRecord:
    """签收. Raises: Refusal OUT_OF_TURN."""
    papers.take(unit, actor, row, Act.ACCEPT, None, told.paper)
    return acted(unit, actor, row, "assignment.accept")


def ask_to_return(
    unit: Unit, actor: Actor, row: AssignmentRow, told: Told, term: Term, why: str, suggested: str | None
) -> AssignmentRecord:
    """申请退办. Raises: Refusal OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED; RETURN_OVER, its term is over."""
    papers.take(unit, actor, row, Act.ASK_TO_RETURN, wording.reason(why), told.paper)
    rules.returnable(told.day, term.until, term.days)
    row.return_because = wording.reason(why)
    row.return_to = wording.optional("suggested", suggested, 120)
    return acted(unit, actor, row, "assignment.ask_to_return")


def ask_extension(
    unit: Unit, actor: Actor, row: AssignmentRow, told: Told, until: dt.date, why: str
) -> AssignmentRecord:  # fmt: skip
    """申请延期.

    Raises:
        Refusal: OUT_OF_TURN, NEEDS_REASON, BAD_TIME, CLASSIFIED; EXTENSION_OVER, it is late already; ALREADY_DONE, one
            is asked for.
    """
    papers.take(unit, actor, row, Act.ASK_EXTENSION, wording.reason(why), told.paper)
    if row.extension_until is not None:
        raise Refusal(Code.ALREADY_DONE)
    row.extension_until = rules.extended(told.day, _last_day(row), until)
    row.extension_because = wording.reason(why)
    return acted(unit, actor, row, "assignment.ask_extension")


def reply(
    unit: Unit, actor: Actor, row: AssignmentRow, told: Told, what: Reply, *,
    document_no: str | None = None, without_opinions: bool = False,
) -> AssignmentRecord:  # fmt: skip
    """回复: it is as late as the day on which the body replied, whenever we hear of it.

    Raises:
        Refusal: OUT_OF_TURN, BAD_VALUE, CLASSIFIED; OPINIONS_MISSING, of these bodies; PAPER_NEEDED, LETTER_NEEDED.
    """
    missing = missing_opinions(unit, row)
    if missing and not without_opinions:
        raise Refusal(Code.OPINIONS_MISSING, bodies="、".join(missing))
    papers.take(unit, actor, row, Act.REPLY, f"未收到会办意见：{'、'.join(missing)}" if missing else None, told.paper)
    papers.proven(row)
    enter(row, what)
    if proposals.is_answer(queries.ours(unit.session, row.item_id), row):
        enter_letter(unit, row, what, told.day)
    if document_no:
        row.paper_number = wording.text("paperNumber", document_no, 60)
    row.replied_at = told.at
    row.days_late = rules.lateness(row.days_late, _last_day(row), told.day)
    row.extension_until = row.sent_back_because = None
    return acted(unit, actor, row, "assignment.reply")


def missing_opinions(unit: Unit, lead: AssignmentRow) -> list[str]:
    """Bodies that assist this one and have not told it what they think, by name."""
    if lead.role is not AssignmentRole.LEAD:
        return []
    rows = handling.of_item(unit.session, lead.item_id)
    return [row.body or "" for row in rows if row.role is AssignmentRole.ASSIST and row.state in rules.IN_HANDS]


def _last_day(row: AssignmentRow) -> dt.date:
    """What is in somebody's hands is due some day."""
    if row.due_on is None:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row.due_on
