"""异议: a member says which line of the own result is wrong or missing, and the office answers with the reason.

Nothing is put right by the answer itself: the ledger is corrected first, by a line or a counter-line, and the answer
takes that over into the result that was published.
"""

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.performance import result_queries as queries
from tenant_service.performance import result_rules as rules
from tenant_service.performance.models import MemberResultRow, ObjectionRow, ResultRow, SchemeRow
from tenant_service.performance.result_rules import OBJECTIONS, RESULTS, ObjectionAct, ObjectionState, ResultAct
from tenant_service.storage.unit_of_work import Unit


def object_to(unit: Unit, actor: Actor, result: str, words: str, line: str | None = None) -> ObjectionRow:
    """提出异议: to a line of the own result, or because one is missing.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, also of another's; OUT_OF_TURN, it is not published; BAD_TIME, too late;
            NEEDS_REASON, BAD_VALUE, CLASSIFIED; ALREADY_DONE, the same line's objection is open.
    """
    actor.require(UseCase.OBJECT_TO_RESULT)
    row = queries.locked(unit.session, queries.one(unit.session, actor, result).id)
    own = queries.of_person(unit.session, actor, result, actor.person or "")
    RESULTS.after(ResultAct.OBJECT, row.state)
    rules.is_within(day_of(unit.now), row.until)
    if line is not None and line not in {each.line for each in own.scored}:
        raise Refusal(Code.NOT_FOUND)
    there = queries.objections(unit.session, actor, result, ObjectionState.OPEN)
    if any(each.line_id == line and each.person_id == own.person_id for each in there):
        raise Refusal(Code.ALREADY_DONE)
    made = ObjectionRow(
        id=unit.new_id("objection"), result_id=result, person_id=own.person_id, line_id=line,
        state=ObjectionState.OPEN, text=wording.reason(words), at=unit.now, answer=None, answered_at=None, was=None,
        became=None,
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    taken.write(unit, actor, made.id, "object_to", None, made.state)
    audit.note(unit, actor, "objection.object_to", made.id)
    return made


def take_back(unit: Unit, actor: Actor, id: str) -> ObjectionRow:
    """撤回: by the member, while it is open. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.OBJECT_TO_RESULT)
    if queries.objection(unit.session, actor, id).person_id != actor.person:
        raise Refusal(Code.NOT_FOUND)
    row = queries.locked_objection(unit.session, id)
    taken.take(unit, actor, row, OBJECTIONS, ObjectionAct.TAKE_BACK)
    audit.note(unit, actor, "objection.take_back", id)
    return row


def uphold(unit: Unit, actor: Actor, id: str, words: str) -> ObjectionRow:
    """予以更正: the ledger was corrected, and the member's result follows it; what was published first stays beside.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON; BAD_VALUE, the ledger says the same as before.
    """
    row, result = _answered(unit, actor, id, ObjectionAct.UPHOLD, words)
    RESULTS.after(ResultAct.CORRECT, result.state)
    own = unit.session.get_one(MemberResultRow, (row.result_id, row.person_id))
    scheme = unit.session.get_one(SchemeRow, result.scheme_id)
    now = queries.assessed(unit.session, scheme.rules, result.year, [row.person_id])[row.person_id]
    if now.scored == own.scored:
        why = Said("请先在台账中登记或冲销，再答复“予以更正”", "correct the ledger first")
        raise Refusal(Code.BAD_VALUE, field="answer", why=why)
    row.was, row.became = own.points, now.points
    if own.first_points is None:
        own.first_points, own.first_grade = own.points, own.grade
    own.points, own.grade, own.is_warned, own.is_capped = now.points, now.grade, now.is_warned, now.is_capped
    own.scored, own.short = now.scored, now.short
    audit.note(unit, actor, "objection.uphold", id)
    return row


def decline(unit: Unit, actor: Actor, id: str, words: str) -> ObjectionRow:
    """不予更正: the result stays, and the member reads why. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN,
    NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    row, _ = _answered(unit, actor, id, ObjectionAct.DECLINE, words)
    audit.note(unit, actor, "objection.decline", id)
    return row


def _answered(
    unit: Unit, actor: Actor, id: str, act: ObjectionAct, words: str
) -> tuple[ObjectionRow, ResultRow]:  # fmt: skip
    actor.require(UseCase.KEEP_LEDGER)
    row = queries.locked_objection(unit.session, id)
    result = queries.locked(unit.session, row.result_id)
    said = wording.reason(words)
    taken.take(unit, actor, row, OBJECTIONS, act, said)
    row.answer, row.answered_at = said, unit.now
    title = f"{result.year}年度履职结果异议{row.state.label}"
    notifications.tell(unit, [row.person_id], NotificationKind.PERFORMANCE, id, title, said, by=actor)
    return row, result
