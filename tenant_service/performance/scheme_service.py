"""What the office does with schemes, and whoever signs puts them in force. One function, one use case."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from sync.contract.errors import Code, Refusal, Said
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.performance import scheme_queries as queries
from tenant_service.performance import scheme_rules as rules
from tenant_service.performance.models import SchemeRow
from tenant_service.performance.scheme_rules import SCHEMES, SchemeAct, SchemeRules, SchemeState
from tenant_service.performance.shipped import TEMPLATES
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit

YEARS = range(1949, 2200)
_EDITS, _SIGNS = UseCase.KEEP_LEDGER, UseCase.SIGN_OFF_PERFORMANCE


@dataclass(frozen=True)
class SchemeDraft:
    """A scheme as the office writes it: name of 1–60 characters, for which year, and what it says."""

    name: str
    year: int
    rules: SchemeRules
    note: str | None = None


def draft(unit: Unit, actor: Actor, told: SchemeDraft, origin: str | None = None) -> SchemeRow:
    """拟订方案: a new version for its year. Raises: Refusal FORBIDDEN, BAD_VALUE, CLASSIFIED; TRY_AGAIN."""
    actor.require(_EDITS)
    row = SchemeRow(
        id=unit.new_id("scheme"), version=queries.last_version(unit.session, told.year) + 1, state=SchemeState.DRAFT,
        origin=origin, drafted_by=actor.sub,
    )  # fmt: skip
    _describe(unit, row, told)
    unit.session.add(row)
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Refusal(Code.TRY_AGAIN) from error
    taken.write(unit, actor, row.id, "draft", None, row.state)
    audit.note(unit, actor, "scheme.draft", row.id)
    return row


def adopt(unit: Unit, actor: Actor, template: str, year: int) -> SchemeRow:
    """采用示例: a shipped scheme is copied for a year, to be edited.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, BAD_VALUE.
    """
    actor.require(_EDITS)
    if template not in TEMPLATES:
        raise Refusal(Code.NOT_FOUND)
    told = TEMPLATES[template]
    return draft(unit, actor, SchemeDraft(told.name, year, told.rules, told.note))


def renew(unit: Unit, actor: Actor, id: str, year: int) -> SchemeRow:
    """另拟一版: a copy as a draft, for the same year or another one.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE.
    """
    actor.require(_EDITS)
    row = queries.locked(unit.session, id)
    SCHEMES.after(SchemeAct.RENEW, row.state)
    return draft(unit, actor, SchemeDraft(row.name, year, row.rules, row.note), origin=id)


def redraft(unit: Unit, actor: Actor, id: str, told: SchemeDraft) -> SchemeRow:
    """The draft is as described now; its year stays. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE."""
    actor.require(_EDITS)
    row = _stepped(unit, actor, id, SchemeAct.REDRAFT)
    if told.year != row.year:
        raise Refusal(Code.BAD_VALUE, field="year", why=Said("草案的年度不能改", "a draft keeps its year"))
    _describe(unit, row, told)
    row.drafted_by = actor.sub
    audit.note(unit, actor, "scheme.redraft", id)
    return row


def discard(unit: Unit, actor: Actor, id: str) -> str:
    """作废: a draft is gone; returns its id. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(_EDITS)
    row = _stepped(unit, actor, id, SchemeAct.DISCARD)
    unit.session.delete(row)
    audit.note(unit, actor, "scheme.discard", id)
    return id


def enact(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> SchemeRow:
    """施行: whoever signs puts it in force for its year; the version before it is closed.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, SECRECY_UNCONFIRMED, OWN_DRAFT; OUT_OF_TURN, also where the year's result is
            published.
    """
    actor.require(_SIGNS)
    row = queries.locked(unit.session, id)
    _unsettled(unit, row)
    signing.sign(unit, actor, id, _SIGNS, row.drafted_by, unclassified=unclassified)
    before = queries.in_force(unit.session, row.year)
    if before is not None:
        taken.take(unit, actor, before, SCHEMES, SchemeAct.CLOSE)
    taken.take(unit, actor, row, SCHEMES, SchemeAct.ENACT)
    row.changed_at = unit.now
    audit.note(unit, actor, "scheme.enact", id)
    return row


def close(unit: Unit, actor: Actor, id: str, why: str) -> SchemeRow:
    """停用: nobody is assessed by it any more.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(_SIGNS)
    row = _stepped(unit, actor, id, SchemeAct.CLOSE, wording.reason(why))
    audit.note(unit, actor, "scheme.close", id)
    return row


def _describe(unit: Unit, row: SchemeRow, told: SchemeDraft) -> None:
    if told.year not in YEARS:
        raise Refusal(Code.BAD_VALUE, field="year", why=f"{YEARS[0]}–{YEARS[-1]}")
    rules.makes_sense(told.rules)
    row.name, row.year, row.rules = wording.text("name", told.name, 60), told.year, told.rules
    row.note, row.changed_at = wording.optional("note", told.note, 1_000), unit.now


def _stepped(unit: Unit, actor: Actor, id: str, act: SchemeAct, because: str | None = None) -> SchemeRow:
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, SCHEMES, act, because)
    row.changed_at = unit.now
    return row


def _unsettled(unit: Unit, row: SchemeRow) -> None:
    """Raises: Refusal OUT_OF_TURN, the year's result was published by another version."""
    if queries.is_settled(unit.session, row.year):
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
