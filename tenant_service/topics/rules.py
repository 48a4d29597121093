"""What may happen to a topic, and what its steps need. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.kinds import Kind
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import TopicState
from tenant_service.procedures.rules import Procedure, Step, require
from tenant_service.steps import Steps, leading, staying

NOTICE_WORKDAYS = 5
"""受理告知: within so many workdays whoever raised it is told whether it is accepted (practice rule 7)."""
UNSETTLED_DAYS = 15
"""So many days behind the answer a reporter may once say 仍未解决; only then is a topic archived."""

_RAISED, _ACCEPTED, _STORED = TopicState.RAISED, TopicState.ACCEPTED, TopicState.STORED
_SELECTED, _HANDLED, _RESOLVED = TopicState.SELECTED, TopicState.IN_PROCEDURE, TopicState.RESOLVED
_CLOSED, _REOPENED, _FORWARDED = TopicState.CLOSED, TopicState.REOPENED, TopicState.FORWARDED


class Act(StrEnum):
    """What may be done with a topic that is there, as the services' functions are named."""

    ACCEPT = "accept"
    RETURN = "turn_down"
    FORWARD = "forward"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"
    STORE = "store"
    SELECT = "select"
    PUT_BACK = "put_back"
    BEGIN = "begin"
    HANDLE = "handle"
    PROVE = "prove"
    HOLD = "hold"
    ADVANCE = "advance"
    WRITE_NOTE = "write_note"
    RESOLVE = "resolve"
    SEND_BACK = "send_back"
    ANSWER = "answer"
    REOPEN = "reopen"
    UNSETTLED = "unsettled"
    ARCHIVE = "archive"
    REDESCRIBE = "redescribe"
    TRACK = "track"
    ENTRUST = "entrust"
    HAND_ON = "hand_on"
    RELATE = "relate"
    SHARE = "share"


OFFLINE_STATES = (TopicState.OFFLINE, TopicState.OFFLINE_DONE)
"""Of a place that is kept for a matter on paper: nothing is written about it, and nobody else hears of it."""
_OPEN = (_ACCEPTED, _STORED, _SELECTED, _HANDLED, _RESOLVED, _REOPENED)
STATES = Steps(
    {
        Act.ACCEPT: leading(_ACCEPTED, _RAISED, _FORWARDED),
        Act.RETURN: leading(TopicState.RETURNED, _RAISED, _ACCEPTED),
        Act.FORWARD: leading(_FORWARDED, _RAISED, _ACCEPTED, _FORWARDED),
        Act.MERGE: leading(TopicState.MERGED, _RAISED, _ACCEPTED, _STORED),
        Act.SPLIT: leading(TopicState.SPLIT, _ACCEPTED, _STORED),
        Act.UNDO: leading(_ACCEPTED, TopicState.RETURNED, _FORWARDED, TopicState.MERGED),
        Act.STORE: leading(_STORED, _ACCEPTED),
        Act.SELECT: leading(_SELECTED, _STORED),
        Act.PUT_BACK: leading(_STORED, _SELECTED),
        Act.BEGIN: leading(_HANDLED, _SELECTED, _REOPENED),
        Act.HANDLE: leading(_HANDLED, _ACCEPTED, _STORED, _FORWARDED, _REOPENED),
        Act.PROVE: staying(_HANDLED),
        Act.HOLD: staying(_SELECTED, _HANDLED, _REOPENED),
        Act.ADVANCE: staying(_HANDLED),
        Act.WRITE_NOTE: staying(_HANDLED, _RESOLVED, _REOPENED),
        Act.RESOLVE: leading(_RESOLVED, _HANDLED, _REOPENED),
        Act.SEND_BACK: leading(_HANDLED, _RESOLVED),
        Act.ANSWER: leading(_CLOSED, _RESOLVED),
        Act.REOPEN: leading(_REOPENED, _CLOSED),
        Act.UNSETTLED: leading(_REOPENED, _CLOSED),
        Act.ARCHIVE: leading(TopicState.ARCHIVED, _CLOSED),
        Act.REDESCRIBE: staying(*_OPEN, _FORWARDED),
        Act.TRACK: staying(*_OPEN[1:], _CLOSED),
        Act.ENTRUST: staying(*_OPEN, _FORWARDED),
        Act.HAND_ON: staying(_RAISED),
        Act.RELATE: staying(*_OPEN, _CLOSED),
        Act.SHARE: staying(*(each for each in TopicState if each not in (_RAISED, *OFFLINE_STATES))),
    }
)
"""Nobody outside hears of a topic before it is accepted, and what is archived stays as it is for good."""
UNREAD = Steps({Act.UNDO: leading(_RAISED, TopicState.RETURNED, _FORWARDED, TopicState.MERGED)})
"""Where undoing leads, where nobody has worded yet what somebody reported: it is screened after all."""


class OfflineAct(StrEnum):
    """What may be done with the place of a matter that is handled on paper."""

    FINISH = "finish_offline"
    RESUME = "resume_offline"
    DISCARD = "discard_offline"


OFFLINE = Steps(
    {
        OfflineAct.FINISH: leading(TopicState.OFFLINE_DONE, TopicState.OFFLINE),
        OfflineAct.RESUME: leading(TopicState.OFFLINE, TopicState.OFFLINE_DONE),
        OfflineAct.DISCARD: staying(TopicState.OFFLINE),
    }
)
"""线下办理: no other act fits these states, so no word ever comes to such a topic."""
PLACED = "place_offline"
"""The first step of one."""


def offline_title(year: int, number: int) -> str:
    """Its number, which stands in the place of a title."""
    return f"线下办理〔{year}〕{number}号"


OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.ANSWER, Act.REOPEN})
"""What whoever signs does."""
OF_RECEIVERS = frozenset({Act.ACCEPT, Act.HAND_ON})
"""What whoever receives it first does beside the office, as long as nobody accepted it."""
OF_REPORTERS = frozenset({Act.UNSETTLED})
"""What whoever raised it does, by the code that they were given; all else is the office's."""
GIVEN_BY_HAND = (Need.PLAN, Need.DEPARTMENTS_CAME, Need.REPORT, Need.RECHECK, Need.FINDINGS)
"""Needs that no record of the platform shows: the office says on which day, and by what."""
TAKES_OTHERS = (*_OPEN, _FORWARDED, _CLOSED)
"""States of a topic into which another may be merged."""


class PublicStep(Kind):
    """公开进度: what whoever raised it sees, whatever lies behind."""

    SUBMITTED = "SUBMITTED", "已提交"
    ACCEPTED = "ACCEPTED", "已受理"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予受理"
    FORWARDED = "FORWARDED", "已转交"
    HANDLED = "HANDLED", "办理中"
    ANSWERED = "ANSWERED", "已答复"


_PUBLIC = {
    _RAISED: PublicStep.SUBMITTED, _ACCEPTED: PublicStep.ACCEPTED, _STORED: PublicStep.ACCEPTED,
    _SELECTED: PublicStep.ACCEPTED, TopicState.RETURNED: PublicStep.NOT_ACCEPTED, _FORWARDED: PublicStep.FORWARDED,
    _HANDLED: PublicStep.HANDLED, _RESOLVED: PublicStep.HANDLED, _REOPENED: PublicStep.HANDLED,
    _CLOSED: PublicStep.ANSWERED, TopicState.ARCHIVED: PublicStep.ANSWERED,
    TopicState.MERGED: PublicStep.ACCEPTED, TopicState.SPLIT: PublicStep.ACCEPTED,
    TopicState.OFFLINE: PublicStep.HANDLED, TopicState.OFFLINE_DONE: PublicStep.ANSWERED,
}  # fmt: skip


def days_to_answer(state: TopicState, raised_at: dt.datetime, closed_at: dt.datetime | None) -> int | None:
    """办结用时: days in Asia/Shanghai from the report to the answer that stands, the first not counted; None: none
    stands.
    """
    stands = public_step(state) is PublicStep.ANSWERED
    return (day_of(closed_at) - day_of(raised_at)).days if closed_at and stands else None


def public_step(state: TopicState) -> PublicStep:
    """Of one topic by itself; of a merged one that of the topic it went into is shown, of a split one those of all its
    parts.
    """
    return _PUBLIC[state]


@dataclass(frozen=True)
class Listed:
    """What the list of a topic comes to, as the room of its items counts it.

    Attributes:
        agreed: 建议 that are numbered and not set aside.
        done: Those of them that were carried out.
        open: Those of them that were not yet.
        unassigned: Those of them for which no body has been named; None: nobody has counted.
    """

    agreed: int = 0
    done: int = 0
    open: int = 0
    unassigned: int | None = None


@dataclass(frozen=True)
class Shown:
    """What the records of the platform show of a topic under way.

    Attributes:
        by_hand: What the office said is there.
        papers: Names of the papers that are attached.
    """

    decided: bool
    researched: bool
    consulted: bool
    answered: bool
    listed: Listed
    by_hand: frozenset[Need]
    papers: tuple[str, ...] = ()


def met(shown: Shown) -> frozenset[Need]:
    """Needs that are there."""
    listed = shown.listed
    found = {
        Need.DECISION: shown.decided, Need.RESEARCH: shown.researched, Need.SESSION: shown.consulted,
        Need.ANSWER: shown.answered, Need.ITEMS: listed.agreed > 0,
        Need.ASSIGNMENTS: listed.agreed > 0 and listed.unassigned == 0,
        Need.REPLIES: listed.agreed > 0 and listed.open == 0,
    }  # fmt: skip
    return frozenset(need for need, there in found.items() if there) | shown.by_hand


@dataclass(frozen=True)
class Leaver:
    """Who is about to leave a step: the codes of the roles that they hold, and what people call each code."""

    holds: frozenset[str]
    labels: Mapping[str, str]


def onward(procedure: Procedure, at: str, shown: Shown, who: Leaver) -> Step:
    """The step behind this one, which may be left.

    Raises:
        Refusal: LAST_STEP; STEP_OF_OTHERS; NEED_NOT_MET, with all that is missing.
    """
    step, ahead = procedure.step(at), procedure.after(at)
    if ahead is None:
        raise Refusal(Code.LAST_STEP, step=step.name)
    _leave(step, shown, who)
    return ahead


def through(procedure: Procedure, at: str, shown: Shown, who: Leaver) -> None:
    """The procedure is walked to its end, and the last step may be left.

    Raises:
        Refusal: STEPS_LEFT; STEP_OF_OTHERS; NEED_NOT_MET, with all that is missing.
    """
    step = procedure.step(at)
    if procedure.after(at) is not None:
        raise Refusal(Code.STEPS_LEFT, step=step.name)
    _leave(step, shown, who)


def _leave(step: Step, shown: Shown, who: Leaver) -> None:
    if step.roles and not who.holds.intersection(step.roles):
        labels = "、".join(who.labels.get(code, code) for code in step.roles)
        raise Refusal(Code.STEP_OF_OTHERS, roles=Said(labels, ", ".join(step.roles)))
    require(step, met(shown), there(step, shown.papers))


def there(step: Step, names: tuple[str, ...]) -> tuple[str, ...]:
    """Papers of the step that are attached: a file is one when its name says so, with or without 《》."""
    return tuple(paper for paper in step.papers if any(_bare(paper) in _bare(name) for name in names))


def _bare(name: str) -> str:
    return "".join(each for each in name if each not in "《》“”\"' 　").lower()


def archivable_on(closed_on: dt.date, days: int = UNSETTLED_DAYS) -> dt.date:
    """The first day on which an answered topic may be archived."""
    return unsettled_until(closed_on, days) + dt.timedelta(days=1)


def unsettled_until(answered_on: dt.date, days: int) -> dt.date:
    """The last day on which a reporter may say that the answer did not settle it (仍未解决)."""
    return answered_on + dt.timedelta(days=days)


def is_of(answered_at: dt.datetime | None, moment: dt.datetime | None) -> bool:
    """Whether what was said at this moment is about the answer of that one, and not about one before it."""
    return moment is not None and answered_at is not None and moment >= answered_at


MOST_AT_A_VENUE, MOST_OF_ALL = 60, 300
"""反映 that come in without an account in one hour: by the code of one venue, and altogether. A crowd at a venue stays
below; what a program sends does not.
"""


def has_room(where: Said, come: int, most: int, seconds: int) -> None:
    """One more may come in. Raises: Refusal REPORTS_FULL, with the seconds after which there is room again."""
    if come >= most:
        raise Refusal(Code.REPORTS_FULL, where=where, most=most, seconds=max(1, seconds))


def ahead(field: str, day: dt.date, today: dt.date) -> dt.date:
    """The day, which is to come. Raises: Refusal BAD_TIME, it is not."""
    if day <= today:
        raise Refusal(Code.BAD_TIME, field=field, why=Said("须晚于今天", "it is to come"))
    return day


def not_ahead(field: str, day: dt.date, today: dt.date) -> dt.date:
    """The day, which is not to come. Raises: Refusal BAD_TIME, it is."""
    if day > today:
        raise Refusal(Code.BAD_TIME, field=field, why=Said("尚未到这一天", "that day is to come"))
    return day


def not_before(field: str, day: dt.date, first: dt.date) -> dt.date:
    """The day, which is not before the other. Raises: Refusal BAD_TIME, it is."""
    if day < first:
        raise Refusal(Code.BAD_TIME, field=field, why=Said(f"不早于{first}", f"not before {first}"))
    return day
