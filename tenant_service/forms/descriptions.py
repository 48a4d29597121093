"""How a form is described by the office, and how its row takes it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.forms import MOST_OPTIONS, MOST_QUESTIONS, FormAudience, FormKind, QuestionKind
from tenant_service import wording
from tenant_service.forms.models import FormInvitedRow, FormRow
from tenant_service.forms.rules import CHOSEN, Question
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit

LEAST_OPTIONS, PASS_MARK = 2, 60


@dataclass(frozen=True)
class Draft:
    """A form as the office words it. `invited`: names, roster numbers or ids of our people, where the audience is that.

    `pass_mark`: percent, of a quiz; 60 where none is said.
    """

    kind: FormKind
    title: str
    audience: FormAudience
    questions: tuple[Question, ...]
    text: str | None = None
    closes_on: dt.date | None = None
    pass_mark: int | None = None
    invited: tuple[str, ...] = ()


def describe(row: FormRow, told: Draft) -> None:
    """The row is as `told`; whom it asks is for `invite`, once it is there.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED.
    """
    row.kind, row.audience, row.closes_on = told.kind, told.audience, told.closes_on
    row.title, row.text = wording.text("title", told.title, 120), wording.optional("text", told.text, 4_000)
    questions = _questions(told)
    row.question_texts = [each.text for each in questions]
    row.question_kinds = [each.kind for each in questions]
    row.question_options = [list(each.options) for each in questions]
    row.question_needed = [each.is_needed for each in questions]
    row.question_key = [sorted(each.key) for each in questions]
    row.pass_mark = _pass_mark(told)


def invite(unit: Unit, row: FormRow, told: Sequence[str]) -> None:
    """Exactly these of our people are asked, where a form asks whom it invited.

    Raises:
        Refusal: BAD_VALUE, nobody or more than one of ours is meant, or nobody is invited.
    """
    unit.session.execute(delete(FormInvitedRow).where(FormInvitedRow.form_id == row.id))
    if row.audience is not FormAudience.INVITED:
        return
    persons = dict.fromkeys(_meant(unit, each) for each in told)
    if not persons:
        raise Refusal(
            Code.BAD_VALUE, field="invited", why=Said("请填写受邀委员，每行一人", "say who is invited, one a line")
        )
    unit.session.add_all([FormInvitedRow(form_id=row.id, person_id=each) for each in persons])
    unit.session.flush()


def _meant(unit: Unit, told: str) -> str:
    found = members.meant(unit.session, told)
    if len(found) != 1:
        why = Said(
            f"“{told[:40]}”：{'查无此人' if not found else '有同名的，请写名册编号'}",
            f"{told[:40]}: {len(found)} of ours",
        )
        raise Refusal(Code.BAD_VALUE, field="invited", why=why)
    return found[0].id


def _questions(told: Draft) -> list[Question]:
    if not 1 <= len(told.questions) <= MOST_QUESTIONS:
        why = Said(f"1–{MOST_QUESTIONS}题", f"1–{MOST_QUESTIONS} questions")
        raise Refusal(Code.BAD_VALUE, field="questions", why=why)
    questions = [_question(number, each, told.kind) for number, each in enumerate(told.questions, 1)]
    if told.kind is FormKind.QUIZ and not any(each.key for each in questions):
        raise Refusal(
            Code.BAD_VALUE, field="questions", why=Said("小测试须标出正确选项", "a quiz says which options are right")
        )
    return questions


def _question(number: int, told: Question, kind: FormKind) -> Question:
    text = wording.text("questions", told.text, 500)
    options = tuple(wording.text("questions", each, 200) for each in told.options)
    if told.kind in CHOSEN and not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise _wrong(number, f"选项须有{LEAST_OPTIONS}–{MOST_OPTIONS}个", f"{LEAST_OPTIONS}–{MOST_OPTIONS} options")
    if told.kind not in CHOSEN and (options or told.key):
        raise _wrong(number, "文字题、数字题没有选项", "a text or a number has no options")
    if told.key and kind is not FormKind.QUIZ:
        raise _wrong(number, "只有小测试标正确选项", "only a quiz says what is right")
    if not set(told.key) <= set(range(1, len(options) + 1)):
        raise _wrong(number, "正确选项不在选项中", "what is right is no option")
    if told.kind is QuestionKind.SINGLE and len(told.key) > 1:
        raise _wrong(number, "单选题只有一个正确选项", "one option of a single choice is right")
    return Question(told.kind, text, options, told.is_needed, tuple(sorted(set(told.key))))


def _wrong(number: int, zh: str, en: str) -> Refusal:
    return Refusal(Code.BAD_VALUE, field="questions", why=Said(f"第{number}题：{zh}", f"question {number}: {en}"))


def _pass_mark(told: Draft) -> int | None:
    if told.kind is not FormKind.QUIZ:
        return None
    mark = PASS_MARK if told.pass_mark is None else told.pass_mark
    if not 1 <= mark <= 100:  # percent  # noqa: PLR2004
        raise Refusal(Code.BAD_VALUE, field="passMark", why="1–100")
    return mark
