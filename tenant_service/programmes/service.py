"""What the office does with programmes themselves. One function, one use case, one transaction."""

import datetime as dt

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.programmes import ProgrammeRecord, ProgrammeState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.counting.figures import Counting
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.programmes import queries, rules
from tenant_service.programmes.descriptions import Draft, describe
from tenant_service.programmes.entries import changed, stepped
from tenant_service.programmes.models import ProgrammeRow, SeenProgrammeRow
from tenant_service.programmes.progress_service import count
from tenant_service.programmes.rules import Act
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Draft"]


def plan(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> ProgrammeRecord:
    """筹备: the programme is written down; nobody outside sees it before its plan is signed.

    Raises:
        Refusal: FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, and what `describe` refuses.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = ProgrammeRow(
        id=unit.new_id("programme"), committee_id=unit.committee, state=ProgrammeState.PLANNED, revision=0,
        changed_at=unit.now, **signing.drafted(actor), shares=choices.check(shares, directory, unit.committee),
        begun_on=None, closed_on=None, report=None, cancelled_because=None, drafted_report=None,
    )  # fmt: skip
    describe(unit, actor, row, told)
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "plan", None, row.state)
    return changed(unit, actor, row, "programme.plan")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> ProgrammeRecord:
    """The plan is as described now. What is signed is not rewritten.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `plan` refuses.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = stepped(unit, actor, id, Act.REDRAFT)
    row.drafted_by = actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(unit, actor, row, told)
    return changed(unit, actor, row, "programme.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ProgrammeRecord:
    """作废: a plan that was never signed, so never told to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    return way_out.discarded(unit, actor, stepped(unit, actor, id, Act.DISCARD), "programme.discard")


def submit(unit: Unit, actor: Actor, id: str) -> ProgrammeRecord:
    """送审: the plan waits for whoever signs. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_PROGRAMMES)
    return changed(unit, actor, stepped(unit, actor, id, Act.SUBMIT), "programme.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> ProgrammeRecord:
    """退回: the office has the plan again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_OFF_PROGRAMMES)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    return changed(unit, actor, row, "programme.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> ProgrammeRecord:
    """签发: the plan stands, and leaves to whom it is shared with. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_PROGRAMMES)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_PROGRAMMES, unclassified=unclassified)
    return changed(unit, actor, row, "programme.sign_off")


def begin(unit: Unit, actor: Actor, id: str, day: dt.date | None = None) -> ProgrammeRecord:
    """启动: the programme runs from that day on; from today, if none is named.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; NOT_SIGNED_OFF, its plan is not signed; BAD_TIME, that day is to
            come.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row, today = stepped(unit, actor, id, Act.BEGIN), day_of(unit.now)
    if day is not None and day > today:
        raise Refusal(Code.BAD_TIME, why=Said("尚未到这一天", "that day is to come"))
    row.begun_on = day or today
    return changed(unit, actor, row, "programme.begin")


def write_report(unit: Unit, actor: Actor, id: str, text: str) -> ProgrammeRecord:
    """The report is written; it is told to nobody before the programme is closed.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = stepped(unit, actor, id, Act.WRITE_REPORT)
    row.drafted_report, row.drafted_by = wording.text("report", text, 20_000), actor.sub
    return changed(unit, actor, row, "programme.write_report")


def close(unit: Unit, actor: Actor, counting: Counting, id: str, *, unclassified: bool) -> ProgrammeRecord:
    """办结: whoever signs has seen the report; it is told from now on, with what every target had come to.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REPORT; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_PROGRAMMES)
    count(unit, counting, queries.locked(unit.session, id))
    row = stepped(unit, actor, id, Act.CLOSE)
    row.report, row.closed_on = rules.reported(row.drafted_report), day_of(unit.now)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_PROGRAMMES, unclassified=unclassified)
    return changed(unit, actor, row, "programme.close")


def cancel(unit: Unit, actor: Actor, id: str, why: str) -> ProgrammeRecord:
    """取消: it is not carried out, or not to its end; everybody it was shared with is told so at once, with the reason;
    it is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; NOT_SIGNED_OFF, a plan that nobody signed is
            discarded instead.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = stepped(unit, actor, id, Act.CANCEL, wording.reason(why))
    row.cancelled_because = wording.reason(why)
    reviews.left_at_once(unit, actor, id, AtOnce.PROGRAMME_CANCEL)
    return changed(unit, actor, row, "programme.cancel")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ProgrammeRecord:
    """The programme is shared with exactly these, once it is signed; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    shared_with_more(
        row.approval, row.shares, stored, signs=signing.may_widen(actor, UseCase.SIGN_OFF_PROGRAMMES, row.drafted_by)
    )
    row.shares = stored
    return changed(unit, actor, row, "programme.share")


project = copies_shown.projection(SeenProgrammeRow)
"""What others tell us of theirs is kept as a copy."""
