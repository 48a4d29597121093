"""作答: who is asked answers once. One function, one use case, one transaction."""

from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.forms import FormKind, FormRecord
from tenant_service import wording
from tenant_service.forms import queries, rules
from tenant_service.forms.models import FormAnswerRow, FormRow
from tenant_service.forms.rules import STATES, Act, Given
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Answered:
    """What became of an answer. `score`, `has_passed`: of a quiz. `is_new`: it was not given before."""

    score: int | None
    has_passed: bool | None
    is_new: bool


def answer(unit: Unit, actor: Actor, id: str, given: Given) -> FormRecord:
    """Somebody of ours whom the form asks answers it; answered again before its end, the newest counts, besides a quiz.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN: it does not ask the account; NOT_FOUND, it is not
            shown to it; OUT_OF_TURN, it is not open, or its last day is over; ALREADY_DONE, the quiz was answered;
            BAD_VALUE, CLASSIFIED.
    """
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if actor.must_change:
        raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
    if not actor.is_inside:
        raise Refusal(Code.FORBIDDEN)
    told = queries.one(unit.session, actor, id)
    if told is None or told.committee_id != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    row = queries.locked(unit.session, id)
    if not queries.is_asked(unit.session, actor, row):
        raise Refusal(Code.FORBIDDEN)
    _kept(unit, row, f"s:{actor.sub}", given, actor)
    audit.note(unit, actor, "form.answer", id)
    return row.record()


def answer_openly(unit: Unit, token: str, device: str, given: Given) -> Answered:
    """Somebody without an account answers a form of the public; `device`: by what one is told from another, a digest.

    Raises:
        Refusal: QR_INVALID; OUT_OF_TURN, ALREADY_DONE, BAD_VALUE, CLASSIFIED as `answer`.
    """
    row = queries.locked(unit.session, queries.by_token(unit.session, token).id)
    return _kept(unit, row, f"d:{device}", given, None)


def _kept(unit: Unit, row: FormRow, respondent: str, given: Given, actor: Actor | None) -> Answered:
    """The form is locked: two answers of one do not stand beside each other."""
    STATES.after(Act.ANSWER, row.state)
    today = day_of(unit.now)
    rules.within(row.closes_on, today)
    questions = row.questions()
    values = rules.checked(questions, given)
    for each in (text for told in values for text in told):
        wording.unclassified(each)
    found = queries.answer_of(unit.session, row.id, respondent)
    if found is not None and row.kind is FormKind.QUIZ:
        raise Refusal(Code.ALREADY_DONE)
    points = rules.score(questions, values) if row.kind is FormKind.QUIZ else None
    made = found or FormAnswerRow(
        id=unit.new_id("answer"), form_id=row.id, respondent=respondent, person_id=actor.person if actor else None,
        name=actor.name if actor else None, given_on=today,
    )  # fmt: skip
    made.given, made.score, made.given_at = values, points, unit.now
    made.has_passed = None if points is None else points >= (row.pass_mark or 0)
    unit.session.add(made)
    unit.session.flush()
    return Answered(points, made.has_passed, is_new=found is None)
