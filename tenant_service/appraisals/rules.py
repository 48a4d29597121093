"""What may happen to an appraisal, and what its ballots come to. Pure: no clock, no database, no network."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.supervision import AppraisalState, BallotOpinion
from tenant_service.steps import Steps, leading, staying

FORM = ("总体评价", "依法履职", "服务效能", "工作作风", "问题整改")
"""Questions that a new form begins with; each is answered 满意, 基本满意, 不满意 or 不了解."""
MOST_QUESTIONS = 20
_OPEN, _COUNTED, _PUBLISHED = AppraisalState.OPEN, AppraisalState.COUNTED, AppraisalState.PUBLISHED
_OBJECTED, _FINAL = AppraisalState.OBJECTED, AppraisalState.FINAL


class Act(StrEnum):
    """What may be done with an appraisal that is there, as the service's functions are named."""

    GIVE_BALLOT = "give_ballot"
    COUNT = "count"
    PUBLISH = "publish"
    OBJECT = "object_to"
    ANSWER = "answer"
    FINALIZE = "finalize"
    CANCEL = "cancel"


STATES = Steps(
    {
        Act.GIVE_BALLOT: staying(_OPEN),
        Act.COUNT: leading(_COUNTED, _OPEN),
        Act.PUBLISH: leading(_PUBLISHED, _COUNTED),
        Act.OBJECT: leading(_OBJECTED, _PUBLISHED),
        Act.ANSWER: leading(_PUBLISHED, _OBJECTED),
        Act.FINALIZE: leading(_FINAL, _PUBLISHED),
        Act.CANCEL: leading(AppraisalState.CANCELLED, _OPEN, _COUNTED, _OBJECTED),
    }
)
"""Ballots are counted once: nobody opens the urn again. An objection is answered, or the appraisal is cancelled."""
OF_THE_SIGNER = frozenset({Act.PUBLISH, Act.ANSWER, Act.FINALIZE})
"""GIVE_BALLOT is a member's; the others are the office's."""
COUNTED_STATES = frozenset({_COUNTED, _PUBLISHED, _OBJECTED, _FINAL})
SETTLED = frozenset({_FINAL, AppraisalState.CANCELLED})


class Result(NamedTuple):
    """What the ballots say to one question."""

    question: str
    satisfied: int
    basically: int
    dissatisfied: int
    unknown: int


def answered(questions: Sequence[str], answers: Sequence[BallotOpinion | None]) -> list[str]:
    """The answers as a ballot has them: one to each question.

    Raises:
        Refusal: BAD_VALUE.
    """
    if len(answers) != len(questions) or None in answers:
        raise Refusal(Code.BAD_VALUE, field="answers", why=Said("每题须选一项", "one answer to each question"))
    return [each.value for each in answers if each is not None]


def tallied(questions: Sequence[str], ballots: Iterable[Sequence[str]]) -> list[Result]:
    """What the ballots say, question by question."""
    told = list(ballots)
    return [
        Result(question, *(sum(ballot[at] == opinion.value for ballot in told) for opinion in BallotOpinion))
        for at, question in enumerate(questions)
    ]
