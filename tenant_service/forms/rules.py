"""What may happen to a form, what is an answer to it, and when a quiz is passed. Pure: no clock, no database."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.forms import FormKind, FormState, QuestionKind
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_DRAFT, _REVIEWED, _OPEN, _CLOSED = FormState.DRAFT, FormState.REVIEWED, FormState.OPEN, FormState.CLOSED


class Act(StrEnum):
    """What may be done with a form that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    OPEN = "open_form"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"


STATES = Steps(
    {
        Act.REDRAFT: staying(_DRAFT),
        Act.DISCARD: staying(_DRAFT),
        Act.SUBMIT: staying(_DRAFT),
        Act.SEND_BACK: staying(_DRAFT),
        Act.SIGN_OFF: leading(_REVIEWED, _DRAFT),
        Act.OPEN: leading(_OPEN, _REVIEWED),
        Act.ANSWER: staying(_OPEN),
        Act.CLOSE: leading(_CLOSED, _OPEN),
        Act.WITHDRAW: leading(FormState.WITHDRAWN, _REVIEWED, _OPEN, _CLOSED),
    }
)
"""A form is signed before it is opened; it is answered while it is open, and what was answered is never deleted."""
SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.DISCARD: signing.Act.DISCARD, Act.SUBMIT: signing.Act.SUBMIT,
    Act.SEND_BACK: signing.Act.SEND_BACK, Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF})
"""The others are the office's; ANSWER is of whoever is asked."""
NAMED = frozenset({FormKind.REGISTRATION, FormKind.OPEN_CALL, FormKind.MOCK_PROPOSAL})
"""Kinds whose answers the office sees with who gave them; quizzes and surveys say nothing of who it was."""
CHOSEN = frozenset({QuestionKind.SINGLE, QuestionKind.MULTI})
LONGEST_ANSWER = 5_000
_LONGEST_NUMBER = 20
TOKEN_BYTES = 12
"""Of the address by which the public comes to a form."""


class Standing(NamedTuple):
    """Where a form stands: what decides about the next act."""

    approval: Approval
    state: FormState


class Question(NamedTuple):
    """One question. `key`: numbers of the options that are right, from 1; none: it is not marked."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()
    is_needed: bool = False
    key: tuple[int, ...] = ()


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签. Raises: Refusal OUT_OF_TURN."""
    STATES.after(act, at.state)
    return signing.SIGNING.after(SIGNED_AS[act], at.approval) if act in SIGNED_AS else at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the form stands, whoever may do it."""
    return signing.fitting(STATES.possible(at.state), approval_after, at)


# ── answers ──

Given = Sequence[Sequence[str]]
"""Per question what was answered: numbers of options from 1, one text, one number; empty: nothing."""


def within(closes_on: dt.date | None, today: dt.date) -> None:
    """Raises: Refusal OUT_OF_TURN, its last day is over."""
    if closes_on is not None and today > closes_on:
        raise Refusal(Code.OUT_OF_TURN, now=FormState.CLOSED)


def checked(questions: Sequence[Question], given: Given) -> list[list[str]]:
    """The answer as it is kept, one list a question.

    Raises:
        Refusal: BAD_VALUE, field `q1`, `q2` …: it is needed, no option of the question, no number, or too long.
    """
    if len(given) > len(questions):
        raise Refusal(Code.BAD_VALUE, field="values", why=Said("题数不符", "not as many questions"))
    padded = [*given, *([()] * (len(questions) - len(given)))]
    return [_one(number, each, told) for number, (each, told) in enumerate(zip(questions, padded, strict=True), 1)]


def _one(number: int, question: Question, told: Sequence[str]) -> list[str]:
    field, kept = f"q{number}", [each.strip() for each in told if each.strip()]
    if question.is_needed and not kept:
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("必答", "it has to be answered"))
    if len(kept) > 1 and question.kind is not QuestionKind.MULTI:
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("只能有一个答案", "one answer"))
    if question.kind in CHOSEN:
        known = {str(each) for each in range(1, len(question.options) + 1)}
        if not set(kept) <= known:
            raise Refusal(Code.BAD_VALUE, field=field, why=Said("请从选项中选择", "choose from the options"))
        return sorted(set(kept), key=int)
    if question.kind is QuestionKind.NUMBER and kept and not _is_number(kept[0]):
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("请填写数字", "a number"))
    if kept and len(kept[0]) > LONGEST_ANSWER:
        why = Said(f"最多{LONGEST_ANSWER}字", f"at most {LONGEST_ANSWER} characters")
        raise Refusal(Code.BAD_VALUE, field=field, why=why)
    return kept


def _is_number(told: str) -> bool:
    whole, _, part = told.removeprefix("-").partition(".")
    return told.isascii() and len(told) <= _LONGEST_NUMBER and whole.isdigit() and (part.isdigit() or "." not in told)


def score(questions: Sequence[Question], values: Given) -> int | None:
    """Percent of the marked questions that are right, rounded down; None: nothing is marked."""
    marked = [(each, told) for each, told in zip(questions, values, strict=True) if each.key]
    if not marked:
        return None
    right = sum({str(number) for number in each.key} == set(told) for each, told in marked)
    return 100 * right // len(marked)


def rate(answers: int, passed: int) -> float | None:
    """合格率; None: nobody answered."""
    return passed / answers if answers else None
