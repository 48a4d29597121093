"""报送: a signed report goes up to the higher committee, and what became of it there is heard from it."""

from sync.contract.channels import partner
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, kind_of
from sync.contract.instants import day_of
from sync.contract.shapes.reports import ReportOutcome, ReportRecord
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.answering import Handlers
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.reports import crediting, queries, telling
from tenant_service.reports.entries import changed, stepped
from tenant_service.reports.rules import STATES, TOLD_AS, Act
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit


def send(unit: Unit, actor: Actor, id: str) -> ReportRecord:
    """报送: the parent is told the whole report, sealed for it alone, and takes it in there.

    It goes to more than it was signed for, so who sends it may sign and did not word it.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, OWN_DRAFT; NO_PARENT, this committee has none; NO_CHANNEL, there is
            no exchange with it.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    row = stepped(unit, actor, id, Act.SEND)
    if not signing.may_widen(actor, UseCase.SIGN_OFF_REPORTS, row.drafted_by):
        raise Refusal(Code.OWN_DRAFT)
    parent = unit.directory.parent(unit.committee)
    if parent is None:
        raise Refusal(Code.NO_PARENT)
    if partner(parent) not in unit.directory.channels_of(unit.committee):
        raise Refusal(Code.NO_CHANNEL, id=parent)
    row.sent_to, row.sent_on = parent, day_of(unit.now)
    return changed(unit, actor, row, "report.send")


def take_back(unit: Unit, actor: Actor, id: str, why: str) -> ReportRecord:
    """撤回报送: the higher committee has it no more; it had not been received there yet.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = stepped(unit, actor, id, Act.TAKE_BACK, wording.reason(why))
    row.sent_to = row.sent_on = None
    return changed(unit, actor, row, "report.take_back")


def _heard(unit: Unit, asked: RequestRecord) -> Id:
    """What the higher committee made of our report stands with it, and in its history.

    Raises:
        Refusal: NOT_FOUND, also what was not sent to that committee; OUT_OF_TURN.
    """
    outcome = ReportOutcome.known(asked.detail or "")
    if kind_of(asked.subject_id) != "report" or outcome is None:
        raise Refusal(Code.NOT_FOUND)
    row = queries.locked(unit.session, asked.subject_id)
    if row.sent_to != asked.committee_id:
        raise Refusal(Code.NOT_FOUND)
    by = Actor(unit.committee, iss=asked.committee_id)
    taken.take(unit, by, row, STATES, TOLD_AS[outcome], asked.text)
    telling.heard(unit, by, row, outcome, asked.text)
    if outcome is ReportOutcome.ADOPTED:
        row.adopted_as = asked.text
    elif outcome is ReportOutcome.NOT_ADOPTED:
        row.outcome_because = asked.text
    way_out.revised(unit, row, queries.channels_of(row))
    crediting.credited(unit, row)
    return Id(row.id)


HANDLERS: Handlers = {RequestKind.REPORT_OUTCOME: _heard}
"""How requests about our reports are answered; the requests room calls these."""
