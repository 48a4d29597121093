"""成果认定: the office writes down what was recognised, whoever signs confirms it. Only then it counts and is told."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, is_committee, kind_of, owner_of
from sync.contract.instants import day_of
from sync.contract.records import RECORDS
from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel, RecognitionRecord, RecognitionState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.reports import crediting, rules
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import recognition_queries as queries
from tenant_service.reports.models import RecognitionRow, ReportRow, SeenRecognitionRow
from tenant_service.reports.rules import RECOGNITIONS, RecognitionAct
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval, shared_with_more
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Recognised:
    """What was recognised, as the office writes it down.

    Attributes:
        title: Of what is no report of ours or of those sent up to us; reports have their own.
        subject_id: A record of ours, or a report that was sent up to us.
        favourable: 肯定性, of instructions.
        document: Into which document, on which list, which award.
        side: Which office or side recognised it; an instruction names none.
    """

    kind: RecognitionKind
    level: RecognitionLevel
    day: dt.date
    title: str = ""
    subject_id: str | None = None
    favourable: bool | None = None
    document: str | None = None
    side: str | None = None


def record(unit: Unit, actor: Actor, told: Recognised) -> RecognitionRecord:
    """登记: it is written down; it counts, and is told, when it is confirmed.

    Raises:
        Refusal: FORBIDDEN, BAD_ID, BAD_VALUE, CLASSIFIED; NOT_FOUND, there is no such record of ours; ALREADY_DONE, the
            same was written down before; BAD_TIME, that day is to come.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = RecognitionRow(
        id=unit.new_id("recognition"), committee_id=unit.committee, state=RecognitionState.RECORDED, revision=0,
        changed_at=unit.now, shares=[], drafted_by=actor.sub,
    )  # fmt: skip
    _describe(unit, row, told)
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "record", None, row.state)
    return _changed(unit, actor, row, "recognition.record")


def correct(unit: Unit, actor: Actor, id: str, told: Recognised, why: str) -> RecognitionRecord:
    """更正: it says this now and is confirmed anew; until then it neither counts nor is told.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, and what `record` refuses.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, RECOGNITIONS, RecognitionAct.CORRECT, wording.reason(why))
    _describe(unit, row, told)
    row.drafted_by = actor.sub
    return _changed(unit, actor, row, "recognition.correct")


def confirm(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> RecognitionRecord:
    """确认: whoever signs says that it is so; it counts from now on.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_REPORTS)
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, RECOGNITIONS, RecognitionAct.CONFIRM)
    signing.sign(unit, actor, id, UseCase.SIGN_OFF_REPORTS, row.drafted_by, unclassified=unclassified)
    return _changed(unit, actor, row, "recognition.confirm")


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> RecognitionRecord:
    """撤销: it was none, and counts no more. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON."""
    actor.require(UseCase.EDIT_REPORTS)
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, RECOGNITIONS, RecognitionAct.WITHDRAW, wording.reason(why))
    return _changed(unit, actor, row, "recognition.withdraw")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> RecognitionRecord:
    """It is shared with exactly these once it is confirmed, besides whoever sent up what was recognised.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, what is
            confirmed is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_REPORTS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    at = Approval.SIGNED if row.state is RecognitionState.CONFIRMED else Approval.DRAFTING
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_REPORTS, row.drafted_by)
    shared_with_more(at, row.shares, stored, signs=signs)
    row.shares = stored
    return _changed(unit, actor, row, "recognition.share")


# ── parts ──


def _describe(unit: Unit, row: RecognitionRow, told: Recognised) -> None:
    if told.level not in rules.levels_of(told.kind):
        raise Refusal(Code.BAD_VALUE, field="level", why=Said("与类别不符", "not a level of that kind"))
    if told.day > day_of(unit.now):
        raise Refusal(Code.BAD_TIME, why=Said("尚未到这一天", "that day is to come"))
    is_instruction = told.kind is RecognitionKind.INSTRUCTION
    if is_instruction and (told.document or told.side):
        field, why = "document" if told.document else "side", Said("批示只记层级、日期和是否肯定", "only level and day")
        raise Refusal(Code.BAD_VALUE, field=field, why=why)
    row.kind, row.level, row.day = told.kind, told.level, told.day
    row.subject_id, row.title = _subject(unit, told)
    row.favourable = bool(told.favourable) if is_instruction else None
    if told.kind in rules.NAMES_A_DOCUMENT:
        row.document = wording.text("document", told.document, 200)
    else:
        row.document = wording.optional("document", told.document, 200)
    row.side = wording.optional("side", told.side, 120)
    if queries.is_there(unit.session, row):
        raise Refusal(Code.ALREADY_DONE)


def _subject(unit: Unit, told: Recognised) -> tuple[str | None, str]:
    """Which record it is about, and its title: a report's own, of all else as it is told."""
    if told.subject_id is None:
        return None, wording.text("title", told.title, 120)
    id = checked(told.subject_id)
    if is_committee(id) or kind_of(id) not in RECORDS:
        raise Refusal(Code.NOT_FOUND)
    if kind_of(id) == "report":
        row = unit.session.get(ReportRow, id) or intakes.sent_to_us(unit.session, unit.committee, id)
        if row is None:
            raise Refusal(Code.NOT_FOUND)
        return id, row.title
    if owner_of(id) != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    return id, wording.text("title", told.title, 120)


def _changed(unit: Unit, actor: Actor, row: RecognitionRow, act: str) -> RecognitionRecord:
    told = way_out.changed(unit, actor, row, act, queries.told_on(row))
    crediting.recognised(unit, row)
    return told


project = copies_shown.projection(SeenRecognitionRow)
"""What others tell us of theirs is kept as a copy."""
