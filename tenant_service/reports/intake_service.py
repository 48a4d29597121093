"""来稿: the higher committee receives what was sent up to it, works it in, and adopts it or not. What it does is its
own record; the sender hears of it by a request about its report.
"""

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from sync.contract.instants import day_of
from sync.contract.shapes.reports import ReportOutcome
from sync.contract.shapes.requests import RequestKind
from tenant_service import wording
from tenant_service.exchange.answering import Handlers
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import rules
from tenant_service.reports.intake_queries import Incoming
from tenant_service.reports.models import ReportIntakeRow
from tenant_service.reports.rules import INTAKE, IntakeAct
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit


def receive(unit: Unit, actor: Actor, handlers: Handlers, id: str) -> Incoming:
    """收稿: it is taken in, and its sender is told so. What a restored backup of ours forgot stands as its sender last
    heard of us, who is told nothing anew.

    Raises:
        Refusal: FORBIDDEN, BAD_ID; NOT_FOUND, it was not sent to us, or was taken back; ALREADY_DONE; NO_CHANNEL.
    """
    actor.require(UseCase.EDIT_REPORTS)
    told = intakes.sent_to_us(unit.session, unit.committee, str(checked(id)))
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    if intakes.of_report(unit.session, id) is not None:
        raise Refusal(Code.ALREADY_DONE)
    known = rules.known_there(told.state)
    row = ReportIntakeRow(
        id=unit.new_id("intake"), report_id=told.id, from_id=told.committee_id, kind=told.kind, title=told.title,
        state=known or ReportOutcome.RECEIVED, received_on=day_of(unit.now), decided_on=None,
        number=told.adopted_as, because=told.outcome_because, changed_at=unit.now,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "receive", None, row.state)
    if known is None:
        _tell(unit, actor, handlers, row, None)
    return _noted(unit, actor, row, "intake.receive")


def work_in(unit: Unit, actor: Actor, handlers: Handlers, id: str) -> Incoming:
    """采编: it is worked into something of ours. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NO_CHANNEL."""
    actor.require(UseCase.EDIT_REPORTS)
    row = _stepped(unit, actor, id, IntakeAct.WORK_IN)
    _tell(unit, actor, handlers, row, None)
    return _noted(unit, actor, row, "intake.work_in")


def adopt(unit: Unit, actor: Actor, handlers: Handlers, id: str, number: str, *, unclassified: bool) -> Incoming:
    """采用: whoever signs says so, and where (《嘉兴政协信息》第5期); the sender's authors are told.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE, CLASSIFIED, NO_CHANNEL; SECRECY_UNCONFIRMED.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    row = _stepped(unit, actor, id, IntakeAct.ADOPT)
    signing.sign(unit, actor, row.id, UseCase.SIGN_OFF_REPORTS, "", unclassified=unclassified)
    row.number, row.decided_on = wording.text("bulletin", number, 120), day_of(unit.now)
    _tell(unit, actor, handlers, row, row.number)
    return _noted(unit, actor, row, "intake.adopt")


def turn_down(unit: Unit, actor: Actor, handlers: Handlers, id: str, why: str) -> Incoming:
    """不采用, with the reason, which the sender is told.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED, NO_CHANNEL.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    because = wording.reason(why)
    row = _stepped(unit, actor, id, IntakeAct.TURN_DOWN, because)
    row.because, row.decided_on = because, day_of(unit.now)
    _tell(unit, actor, handlers, row, because)
    return _noted(unit, actor, row, "intake.turn_down")


# ── parts ──


def _stepped(unit: Unit, actor: Actor, id: str, act: IntakeAct, because: str | None = None) -> ReportIntakeRow:
    row = intakes.locked(unit.session, id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    taken.take(unit, actor, row, INTAKE, act, because)
    return row


def _tell(unit: Unit, actor: Actor, handlers: Handlers, row: ReportIntakeRow, text: str | None) -> None:
    asked = Asked(RequestKind.REPORT_OUTCOME, row.report_id, text=text, detail=row.state.value)
    requests.send(unit, actor, handlers, asked)


def _noted(unit: Unit, actor: Actor, row: ReportIntakeRow, act: str) -> Incoming:
    row.changed_at = unit.now
    unit.session.flush()
    audit.note(unit, actor, act, row.report_id)
    return intakes.shown(row)
