"""Every read of this room."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.forms import FormAudience, FormKind, FormRecord, FormState, QuestionKind
from tenant_service.exchange.sharing.at_home import AtHome, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.forms import rules
from tenant_service.forms.models import FormAnswerRow, FormInvitedRow, FormRow, SeenFormRow
from tenant_service.identity.actor import Actor
from tenant_service.signing.rules import Approval


@dataclass(frozen=True)
class Wanted:
    """Which forms; everything given must hold. `asks`: a person of ours who is asked and has not answered yet."""

    kinds: Sequence[FormKind] = ()
    states: Sequence[FormState] = ()
    approvals: Sequence[Approval] = ()
    text: str | None = None
    asks: tuple[str, dt.date] | None = None


def _invites(person: str) -> ColumnElement[bool]:
    wanted = select(FormInvitedRow.form_id).where(
        FormInvitedRow.form_id == FormRow.id, FormInvitedRow.person_id == person
    )
    return wanted.exists()


def _asks(person: str, today: dt.date) -> ColumnElement[bool]:
    """Whether the form invited the person, is open today, and was not answered."""
    answered = select(FormAnswerRow.id).where(FormAnswerRow.form_id == FormRow.id, FormAnswerRow.person_id == person)
    in_time = or_(FormRow.closes_on.is_(None), FormRow.closes_on >= today)
    return and_(FormRow.state == FormState.OPEN, in_time, _invites(person), not_(answered.exists()))


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.approvals and model is FormRow:
        found.append(FormRow.approval.in_(wanted.approvals))
    if wanted.text:
        found.append(model.title.contains(wanted.text, autoescape=True))
    if wanted.asks and model is FormRow:
        found.append(_asks(*wanted.asks))
    return found


_SHOWN = FormRow.opened_on.is_not(None)
_HOME = AtHome(
    insiders=[_SHOWN, FormRow.audience != FormAudience.INVITED],
    ways=(to_person(lambda person: and_(_SHOWN, _invites(person))),),
)
"""Whoever belongs to this committee is shown what was opened; a form for those invited, only they and the office."""
FORMS: SharedRepository[FormRow, SeenFormRow, FormRecord, Wanted] = SharedRepository(
    FormRow, SeenFormRow, _matching, _HOME
)
listed, reaching, one, at_work = FORMS.listed, FORMS.reaching, FORMS.one, FORMS.at_work
ours, locked, newest_change = FORMS.ours, FORMS.locked, FORMS.newest_change


def by_token(session: Session, token: str) -> FormRow:
    """The form that asks the public at this address. Raises: Refusal QR_INVALID: none does now."""
    row = session.scalars(select(FormRow).where(FormRow.token == token)).one_or_none()
    if row is None or row.audience is not FormAudience.PUBLIC or row.opened_on is None:
        raise Refusal(Code.QR_INVALID)
    return row


def invited(session: Session, form: str) -> list[str]:
    """Ids of those whom it invited."""
    wanted = select(FormInvitedRow.person_id).where(FormInvitedRow.form_id == form)
    return list(session.scalars(wanted.order_by(FormInvitedRow.person_id)))


def forget_invited(session: Session, form: str) -> None:
    """Nobody is invited by it any more: it is discarded."""
    session.execute(delete(FormInvitedRow).where(FormInvitedRow.form_id == form))


def is_asked(session: Session, actor: Actor, row: FormRow) -> bool:
    """Whether the form asks the person behind the account."""
    if row.audience is FormAudience.INVITED:
        return actor.person is not None and session.get(FormInvitedRow, (row.id, actor.person)) is not None
    return actor.is_inside


def count(session: Session, state: FormState) -> int:
    """How many of our forms stand there."""
    return session.scalar(select(func.count()).select_from(FormRow).where(FormRow.state == state)) or 0


def count_asking(session: Session, person: str, today: dt.date) -> int:
    """How many forms wait for an answer of this person."""
    return session.scalar(select(func.count()).select_from(FormRow).where(_asks(person, today))) or 0


# ── answers ──


def answer_of(session: Session, form: str, respondent: str) -> FormAnswerRow | None:
    held = (FormAnswerRow.form_id == form, FormAnswerRow.respondent == respondent)
    return session.scalars(select(FormAnswerRow).where(*held)).one_or_none()


def answers(session: Session, form: str) -> list[FormAnswerRow]:
    """Every answer, in the order of the first time it was given."""
    wanted = select(FormAnswerRow).where(FormAnswerRow.form_id == form).order_by(FormAnswerRow.id)
    return list(session.scalars(wanted))


@dataclass(frozen=True)
class Counts:
    """How many answered, and how many of them passed; of what is no quiz none did."""

    answers: int
    passed: int


def counts(session: Session, form: str) -> Counts:
    of_it, passing = FormAnswerRow.form_id == form, FormAnswerRow.has_passed.is_(True)
    every = select(func.count()).select_from(FormAnswerRow).where(of_it)
    return Counts(session.scalar(every) or 0, session.scalar(every.where(passing)) or 0)


@dataclass(frozen=True)
class Told:
    """One question as it was answered: how many did, and of a choice, how many took each option."""

    kind: QuestionKind
    text: str
    answered: int
    options: tuple[tuple[str, int], ...]
    mean: float | None


@dataclass(frozen=True)
class Results:
    """What a form came to. `questions`: empty where fewer answered than `least`, so that nobody's own answer can be
    told from the others'. `pass_rate`: of a quiz, likewise.
    """

    answers: int
    passed: int | None
    pass_rate: float | None
    least: int
    questions: tuple[Told, ...]

    @property
    def is_enough(self) -> bool:
        return self.answers >= self.least


def results(session: Session, row: FormRow, least: int) -> Results:
    """Counted from the answers as they are now. Who may see that is for the caller to know."""
    told = counts(session, row.id)
    is_quiz, enough = row.kind is FormKind.QUIZ, told.answers >= least
    given = [each.given for each in answers(session, row.id)] if enough else []
    questions = (
        tuple(_told(each, [of[at] for of in given]) for at, each in enumerate(row.questions())) if enough else ()
    )
    passed = told.passed if is_quiz and enough else None
    return Results(
        told.answers, passed, rules.rate(told.answers, passed) if passed is not None else None, least, questions
    )


def _told(question: rules.Question, given: list[list[str]]) -> Told:
    answered = [each for each in given if each]
    chosen = Counter(number for each in answered for number in each)
    options = tuple((text, chosen[str(number)]) for number, text in enumerate(question.options, 1))
    numbers = [float(each[0]) for each in answered] if question.kind is QuestionKind.NUMBER else []
    mean = sum(numbers) / len(numbers) if numbers else None
    return Told(question.kind, question.text, len(answered), options, mean)
