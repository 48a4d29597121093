"""What may happen to an item of a list and to its assignments. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.items import AssignmentRole, AssignmentState, ItemKind, ItemState, ReplyClass
from tenant_service.steps import Steps, leading, staying

MOST_DAYS_AHEAD = 366
"""How far ahead a due date may lie."""
_P, _A, _S, _D = ItemState.PROPOSED, ItemState.AGREED, ItemState.ASSIGNED, ItemState.DONE
_AGAIN, _NOT = ItemState.REOPENED, ItemState.NOT_ADOPTED


class TalkedBy(Kind):
    """答前沟通: how proposers were talked to before they were answered (practice rule 12)."""

    IN_PERSON = "IN_PERSON", "面商"
    MEETING = "MEETING", "座谈"
    PHONE = "PHONE", "电话"
    LETTER = "LETTER", "书面"
    NOT_AT_ALL = "NOT_AT_ALL", "未沟通"


class ItemAct(StrEnum):
    """What may be done with an item that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    AGREE = "agree"
    FORWARD = "forward"
    ASSIGN = "assign"
    TAKE_BACK = "take_back"
    NOT_ADOPT = "not_adopt"
    CARRY_OUT = "carry_out"
    ADOPT = "adopt"
    REOPEN = "reopen"


ITEMS = Steps(
    {
        ItemAct.REDRAFT: staying(_P),
        ItemAct.DISCARD: staying(_P),
        ItemAct.AGREE: leading(_A, _P),
        ItemAct.FORWARD: staying(_A, _S, _AGAIN),
        ItemAct.ASSIGN: leading(_S, _A, _S, _AGAIN),
        ItemAct.TAKE_BACK: leading(_A, _S),
        ItemAct.NOT_ADOPT: leading(_NOT, _P, _A, _S),
        ItemAct.CARRY_OUT: leading(_D, _S),
        ItemAct.REOPEN: leading(_AGAIN, _D),
        ItemAct.ADOPT: staying(_A, _S, _D, _AGAIN),
    }
)
"""Rows of 《协商建议清单》. TAKE_BACK follows when the last of its assignments is withdrawn."""
OF_THE_SIGNER = frozenset({ItemAct.AGREE, ItemAct.REOPEN, ItemAct.NOT_ADOPT, ItemAct.CARRY_OUT, ItemAct.ADOPT})
"""The others are the office's; ASSIGN and TAKE_BACK follow from what is done with assignments."""


class Act(StrEnum):
    """What may be done with an assignment that is there, as the service's functions are named."""

    ASSIGN = "assign"
    ACCEPT = "accept"
    ASK_TO_RETURN = "ask_to_return"
    UPHOLD = "uphold"
    REASSIGN = "reassign"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REPLY = "reply"
    SEND_BACK = "send_back"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESCHEDULE = "reschedule"
    URGE = "urge"


_FORWARDED, _ASSIGNED, _REASSIGNED = AssignmentState.FORWARDED, AssignmentState.ASSIGNED, AssignmentState.REASSIGNED
_RETURN_ASKED, _IN_PROGRESS = AssignmentState.RETURN_ASKED, AssignmentState.IN_PROGRESS
_REPLIED, _VERIFIED, _CLOSED = AssignmentState.REPLIED, AssignmentState.VERIFIED, AssignmentState.CLOSED
STATES = Steps(
    {
        Act.ASSIGN: leading(_ASSIGNED, _FORWARDED),
        Act.ACCEPT: leading(_IN_PROGRESS, _ASSIGNED, _REASSIGNED),
        Act.ASK_TO_RETURN: leading(_RETURN_ASKED, _ASSIGNED, _REASSIGNED),
        Act.UPHOLD: leading(_ASSIGNED, _RETURN_ASKED),
        Act.REASSIGN: leading(_REASSIGNED, _RETURN_ASKED),
        Act.ASK_EXTENSION: staying(_ASSIGNED, _REASSIGNED, _IN_PROGRESS),
        Act.GRANT_EXTENSION: staying(_ASSIGNED, _REASSIGNED, _IN_PROGRESS),
        Act.REFUSE_EXTENSION: staying(_ASSIGNED, _REASSIGNED, _IN_PROGRESS),
        Act.REPLY: leading(_REPLIED, _IN_PROGRESS),
        Act.SEND_BACK: leading(_IN_PROGRESS, _REPLIED),
        Act.VERIFY: leading(_VERIFIED, _REPLIED),
        Act.CLOSE: leading(_CLOSED, _VERIFIED),
        Act.REOPEN: leading(_IN_PROGRESS, _CLOSED),
        Act.WITHDRAW: leading(
            AssignmentState.WITHDRAWN, _FORWARDED, _ASSIGNED, _REASSIGNED, _RETURN_ASKED, _IN_PROGRESS
        ),
        Act.RESCHEDULE: staying(_ASSIGNED, _REASSIGNED, _RETURN_ASKED, _IN_PROGRESS),
        Act.URGE: staying(_ASSIGNED, _REASSIGNED, _RETURN_ASKED, _IN_PROGRESS),
    }
)
"""Rows of 《责任落实清单》; their replies are 《结果反馈清单》. A committee forwards, and only the 交办单位 assigns."""
OF_THE_OFFICE = frozenset({Act.SEND_BACK, Act.VERIFY, Act.WITHDRAW, Act.URGE})
OF_THE_COORDINATOR = frozenset(
    {Act.ASSIGN, Act.UPHOLD, Act.REASSIGN, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION, Act.REOPEN, Act.RESCHEDULE}
)
TURNS = frozenset(each.value for each in (Act.ASSIGN, Act.REASSIGN, Act.UPHOLD, Act.SEND_BACK, Act.REOPEN))
"""Acts with which it is the body's turn: what it does in answer cannot have been done before."""
OF_THE_BODY = frozenset({Act.ACCEPT, Act.ASK_TO_RETURN, Act.ASK_EXTENSION, Act.REPLY})
"""CLOSE is of whoever signs: with it the reply may leave. The 交办单位 urges as well as the office."""
ON_PAPER = frozenset({Act.ACCEPT, Act.ASK_TO_RETURN, Act.REPLY})
"""代录: what the office enters for a body that has no account."""

OVER = (AssignmentState.CLOSED, AssignmentState.WITHDRAWN)
TO_ACCEPT = (_ASSIGNED, _REASSIGNED)
"""待签收."""
REPLIED = (_REPLIED, _VERIFIED, _CLOSED)
IN_HANDS = (_ASSIGNED, _REASSIGNED, _RETURN_ASKED, _IN_PROGRESS)
"""A reply is still owed, so the day counts."""

_WITH_LEAD = {
    Act.VERIFY: (Act.VERIFY,), Act.CLOSE: (Act.VERIFY, Act.CLOSE, Act.WITHDRAW),
    Act.WITHDRAW: (Act.SEND_BACK, Act.WITHDRAW),
}  # fmt: skip


def with_lead(act: Act, opinion: AssignmentState) -> list[Act]:
    """What is done with a 会办 opinion that stands there when this is done with its 主办, one after the other."""
    found = []
    for way in _WITH_LEAD[act]:
        if way in STATES.possible(opinion):
            found.append(way)
            opinion = STATES.after(way, opinion)
    return found


class Taken(NamedTuple):
    """An item as whoever takes up a part in it finds it.

    Attributes:
        state: Where the item stands.
        reason: Why it is taken up again; None: it is not.
        is_led: Whether anybody leads it now, for whom opinions would be.
    """

    state: ItemState
    reason: str | None
    is_led: bool


def is_taken_up(item: Taken, role: AssignmentRole) -> bool:
    """Whether a closed part of the item may be taken up: the committee took up the item, and an opinion has a lead."""
    again = item.state is ItemState.REOPENED or (item.state is ItemState.ASSIGNED and item.reason is not None)
    return again and (item.is_led or role is not AssignmentRole.ASSIST)


def says_why(item: Taken) -> bool:
    """Whether the item's own reason is that of its parts as well: until the first of them is taken up."""
    return item.state is ItemState.REOPENED


class Counts(NamedTuple):
    """What a list comes to, for whoever has it. What was never agreed is in `unsettled` alone.

    Attributes:
        agreed: 已确认: what has a number, besides what was not adopted after that.
        handed_over: Of these assigned, done or taken up again.
        fixed: Of these, whose bodies all say that it is solved; those that are done are among them.
        not_adopted: What has a number and is set aside for a reason.
        unsettled: Neither done nor set aside, proposed ones too.
    """

    findings: int = 0
    suggestions: int = 0
    agreed: int = 0
    handed_over: int = 0
    fixed: int = 0
    done: int = 0
    findings_done: int = 0
    not_adopted: int = 0
    unsettled: int = 0

    @property
    def open(self) -> int:
        """Agreed, and not done yet."""
        return self.agreed - self.done


class Counted(NamedTuple):
    """How many items of a list are alike. `is_fixed`: all whose they are replied that it is solved."""

    kind: ItemKind
    state: ItemState
    has_number: bool
    is_fixed: bool
    n: int


def counts(rows: Sequence[Counted]) -> Counts:
    """What they come to together."""
    on_it = [row for row in rows if row.has_number]

    def of(*states: ItemState, rows: Sequence[Counted] = on_it, only: ItemKind | None = None) -> int:
        return sum(row.n for row in rows if row.state in states and only in (None, row.kind))

    every = tuple(ItemState)
    findings = of(*every, only=ItemKind.FINDING)
    return Counts(
        findings=findings, suggestions=of(*every) - findings, agreed=of(_A, _S, _D, _AGAIN),
        handed_over=of(_S, _D, _AGAIN), fixed=of(_D) + sum(row.n for row in on_it if row.is_fixed and row.state is _S),
        done=of(_D), findings_done=of(_D, only=ItemKind.FINDING), not_adopted=of(_NOT),
        unsettled=of(_P, _A, _S, _AGAIN, rows=rows),
    )  # fmt: skip


class Part(NamedTuple):
    """One body's part in an item. `due_on`: None: after as many workdays as is usual."""

    body_id: str
    role: AssignmentRole
    due_on: dt.date | None = None


def in_parts(parts: Sequence[Part]) -> list[Part]:
    """The parts as they are assigned, the first of them the one that was forwarded: one 主办 before all 会办, or 分办.

    Raises:
        Refusal: PARTS_UNCLEAR.
    """
    leads = [each for each in parts if each.role is AssignmentRole.LEAD]
    separate = [each for each in parts if each.role is AssignmentRole.SEPARATE]
    assisting = [each for each in parts if each.role is AssignmentRole.ASSIST]
    by_lead = len(leads) == 1 and not separate
    each_its_own = len(separate) > 1 and not leads and not assisting
    if len({each.body_id for each in parts}) != len(parts) or not (by_lead or each_its_own):
        raise Refusal(Code.PARTS_UNCLEAR)
    return [*leads, *separate, *assisting]


def due_date(told: dt.date, today: dt.date) -> dt.date:
    """Raises: Refusal BAD_TIME, the day is over or today already, or too far ahead."""
    if told <= today:
        raise Refusal(Code.BAD_TIME, field="dueOn", why=Said("办理期限须晚于今天", "it is due later than today"))
    if (told - today).days > MOST_DAYS_AHEAD:
        why = Said(f"办理期限最长{MOST_DAYS_AHEAD}天", f"at most {MOST_DAYS_AHEAD} days ahead")
        raise Refusal(Code.BAD_TIME, field="dueOn", why=why)
    return told


def is_late(today: dt.date, due: dt.date | None) -> bool:
    return due is not None and today > due


def returnable(today: dt.date, until: dt.date, days: int) -> None:
    """Raises: Refusal RETURN_OVER, `until` was the last day to ask that it be returned."""
    if today > until:
        raise Refusal(Code.RETURN_OVER, days=days, until=str(until))


def extended(today: dt.date, due: dt.date, asked: dt.date) -> dt.date:
    """The day that is asked for, before the present one is over.

    Raises:
        Refusal: EXTENSION_OVER, it is late already; BAD_TIME, what is asked for is no extension, or too far ahead.
    """
    if today > due:
        raise Refusal(Code.EXTENSION_OVER, due=str(due))
    if asked <= due:
        raise Refusal(Code.BAD_TIME, field="dueOn", why=Said("须晚于现定期限", "later than it is due now"))
    return due_date(asked, today)


def lateness(before: int | None, due: dt.date, replied: dt.date) -> int:
    """逾期N天, for good: by the last day in force when the reply came, and no less than it was late before: when that
    day was changed, or by an earlier reply.
    """
    return max((replied - due).days, before or 0, 0)


def slipped(before: int | None, due: dt.date, today: dt.date) -> int | None:
    """How late it is for good when its last day is changed; None: it never was late."""
    return lateness(before, due, today) or before


def is_settled(classes: Sequence[ReplyClass | None]) -> bool:
    """Whether the item is done by itself when these replies are closed: all of them say that it is solved."""
    return bool(classes) and all(each is ReplyClass.SOLVED for each in classes)
