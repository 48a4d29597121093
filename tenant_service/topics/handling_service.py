"""办理: what becomes of a topic that is taken up, until its answer is archived. One function, one use case."""

import datetime as dt

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.instants import day_of
from sync.contract.shapes.procedures import Need, ProcedureUse
from sync.contract.shapes.topics import TopicRecord
from tenant_service import wording
from tenant_service.activities import queries as activities
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.procedures import queries as procedures
from tenant_service.procedures.rules import Procedure, Step
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import SIGNING, Approval
from tenant_service.signing.rules import Act as Signed
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import descriptions, queries, rules, telling, tracking_queries
from tenant_service.topics.descriptions import Plan
from tenant_service.topics.entries import changed, rated_anew, standing, stepped, with_wholes
from tenant_service.topics.models import TopicProofRow, TopicRow
from tenant_service.topics.rules import Act, Leaver
from tenant_service.workdays import queries as workdays

# ── taking up ──


def select(unit: Unit, actor: Actor, id: str, told: Plan) -> TopicRecord:
    """选题: the topic is taken up, as somebody decided on a day that is not to come.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED; BAD_TIME, that day is to come.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.SELECT)
    row.decided_by = wording.text("decidedBy", told.decided_by, 60)
    row.decided_on = rules.not_ahead("decidedOn", told.decided_on, day_of(unit.now))
    row.year, row.theme = descriptions.year(told.year), wording.optional("theme", told.theme, 60)
    return changed(unit, actor, row, "topic.select")


def put_back(unit: Unit, actor: Actor, id: str, why: str) -> TopicRecord:
    """退回题库: it waits again, and nobody has decided.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.PUT_BACK, wording.reason(why))
    row.decided_by = row.decided_on = row.year = row.theme = None
    return changed(unit, actor, row, "topic.put_back")


def begin(unit: Unit, actor: Actor, id: str, procedure_id: str) -> TopicRecord:
    """启动: the topic stands at the first step of a procedure that is in force, and keeps that version to its end.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_ID; NOT_IN_FORCE, or it is not for topics.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.BEGIN)
    in_force = {each.id: each for each in procedures.in_force(unit.session, ProcedureUse.TOPIC)}
    procedure = in_force.get(str(checked(procedure_id)))
    if procedure is None:
        raise Refusal(Code.NOT_IN_FORCE)
    _anew(unit, row)
    row.procedure_id = procedure.id
    _stand(unit, row, procedure.first)
    return changed(unit, actor, row, "topic.begin")


def handle(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """直接办理: without a procedure. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.HANDLE)
    _anew(unit, row)
    row.procedure_id = row.step = row.step_due_on = None
    return changed(unit, actor, row, "topic.handle")


# ── along the procedure ──


def prove(unit: Unit, actor: Actor, id: str, need: Need, day: dt.date, note: str) -> TopicRecord:
    """登记依据: the office says that something is there which no record shows, since when and by what.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED; BAD_TIME, that day is to come.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.PROVE)
    if need not in rules.GIVEN_BY_HAND:
        raise Refusal(Code.BAD_VALUE, field="need", why=Said("由平台记录认定", "records of the platform show it"))
    known = queries.proof(unit.session, row.id, need) or TopicProofRow(topic_id=row.id, need=need)
    known.day = rules.not_ahead("day", day, day_of(unit.now))
    known.note, known.sub = wording.text("note", note, 200), actor.sub
    unit.session.add(known)
    return changed(unit, actor, row, "topic.prove")


def hold(unit: Unit, actor: Actor, id: str, activity: str) -> TopicRecord:
    """关联活动: one of our activities is about the topic: research, a consultation.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_ID, TOO_MANY_LINKS.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.HOLD)
    held = activities.locked(unit.session, str(checked(activity)))
    links.lay(unit, actor, held.id, Relation.PART_OF, row.id)
    return changed(unit, actor, row, "topic.hold")


def release(unit: Unit, actor: Actor, id: str, activity: str) -> TopicRecord:
    """The activity is not about the topic after all.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.HOLD)
    if not links.take_away(unit, str(checked(activity)), Relation.PART_OF, row.id):
        raise Refusal(Code.NOT_FOUND)
    return changed(unit, actor, row, "topic.release")


def advance(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """进入下一步: the present step is left, because all that it needs is there.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, also without a procedure; NEED_NOT_MET, LAST_STEP, STEP_OF_OTHERS.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.ADVANCE)
    procedure = _under(unit, row)
    if procedure is None or row.step is None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("直接办理", "handled without a procedure"))
    ahead = rules.onward(procedure, row.step, queries.shown(unit.session, row), _leaver(actor))
    taken.take(unit, actor, row, rules.STATES, Act.ADVANCE, f"{procedure.step(row.step).name} → {ahead.name}")
    _stand(unit, row, ahead)
    return changed(unit, actor, row, "topic.advance")


def write_note(unit: Unit, actor: Actor, id: str, text: str) -> TopicRecord:
    """办理情况: for the office alone, as it stands now.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.WRITE_NOTE)
    row.work_note = wording.optional("workNote", text, 10_000)
    return changed(unit, actor, row, "topic.write_note")


# ── answering ──


def resolve(unit: Unit, actor: Actor, id: str, answer: str) -> TopicRecord:
    """办结: the public answer is drafted and waits for whoever signs; nobody outside reads it yet.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED; STEPS_LEFT, NEED_NOT_MET, STEP_OF_OTHERS,
            its procedure is not walked to the end.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.RESOLVE)
    procedure = _under(unit, row)
    if procedure is not None and row.step is not None:
        rules.through(procedure, row.step, queries.shown(unit.session, row, answered=True), _leaver(actor))
    row.drafted_answer, row.drafted_by = wording.text("answer", answer, 4_000), actor.sub
    row.approval, row.returned_because = Approval.IN_REVIEW, None
    telling.resolved(unit, actor, row)
    return changed(unit, actor, row, "topic.resolve")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> TopicRecord:
    """退回办理: the answer will not do, with the reason.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_TOPICS)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    row.approval = SIGNING.after(Signed.SEND_BACK, row.approval)
    signing.sent_back(row, why)
    telling.sent_back(unit, actor, row)
    return changed(unit, actor, row, "topic.send_back")


def answer(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> TopicRecord:
    """签发答复: everybody who raised it reads the answer, and so does whoever the topic is shared with. The signer
    confirms 已经保密审查，不涉密.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_TOPICS)
    rows = with_wholes(unit, id)
    row = stepped(unit, actor, id, Act.ANSWER)
    row.approval = SIGNING.after(Signed.SIGN_OFF, row.approval)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_TOPICS, unclassified=unclassified)
    row.answer, row.closed_at, row.answered_on = row.drafted_answer, unit.now, day_of(unit.now)
    row.step_due_on = None
    rated_anew(unit, row, rows)
    telling.answered(unit, row)
    return changed(unit, actor, row, "topic.answer")


def reopen(unit: Unit, actor: Actor, id: str, why: str) -> TopicRecord:
    """重新办理: the answer does not settle it, as whoever signs has found.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_TOPICS)
    row = stepped(unit, actor, id, Act.REOPEN, wording.reason(why))
    taken_up_again(row)
    return changed(unit, actor, row, "topic.reopen")


def archive(unit: Unit, actor: Actor, id: str, days: int = rules.UNSETTLED_DAYS) -> TopicRecord:
    """归档: for good, when no reporter may say any more that it is not settled: `days` days behind the answer.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; ARCHIVED_TOO_EARLY.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.ARCHIVE)
    last = row.answered_on or row.raised_on
    joined = tracking_queries.joined_on(unit.session, queries.gathered(unit.session, id))
    first = rules.archivable_on(max(last, joined or last), days)
    if day_of(unit.now) < first:
        raise Refusal(Code.ARCHIVED_TOO_EARLY, days=days, until=first.isoformat())
    return changed(unit, actor, row, "topic.archive")


def track(unit: Unit, actor: Actor, id: str, until: dt.date | None) -> TopicRecord:
    """跟踪: it is looked after over the years until a day that is to come; None: no longer.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_TIME, that day is not to come.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.TRACK)
    row.tracked_until = rules.ahead("trackedUntil", until, day_of(unit.now)) if until else None
    return changed(unit, actor, row, "topic.track")


# ── parts ──


def taken_up_again(row: TopicRow) -> None:
    """The answer that was signed stays readable until there is another one, and is no longer counted."""
    row.reopened = (row.reopened or 0) + 1
    row.answered_on = row.drafted_answer = row.step = row.step_due_on = None
    row.approval = Approval.DRAFTING


def _leaver(actor: Actor) -> Leaver:
    return Leaver(frozenset(role.value for role in actor.roles), {role.value: role.label for role in Role})


def _under(unit: Unit, row: TopicRow) -> Procedure | None:
    return procedures.version(unit.session, row.procedure_id) if row.procedure_id else None


def _anew(unit: Unit, row: TopicRow) -> None:
    """What was shown by hand for an earlier walk shows nothing for this one."""
    unit.session.execute(delete(TopicProofRow).where(TopicProofRow.topic_id == row.id))


def _stand(unit: Unit, row: TopicRow, step: Step) -> None:
    row.step = step.code
    due = workdays.calendar(unit.session).after(day_of(unit.now), step.workdays) if step.workdays else None
    row.step_due_on, row.step_due_is_estimate = (due.day, due.is_estimate) if due else (None, False)
