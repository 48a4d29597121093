"""What may happen to a programme, and what its targets have come to. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.programmes import Joining, ProgrammeRecord, ProgrammeState, TargetMeasure
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_PLANNED, _RUNNING = ProgrammeState.PLANNED, ProgrammeState.RUNNING


class Act(StrEnum):
    """What may be done with a programme that is there, as the services' functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    BEGIN = "begin"
    ATTACH = "attach"
    DETACH = "detach"
    ENTER = "enter"
    STRIKE = "strike"
    TICK = "tick"
    JOIN = "join"
    WRITE_REPORT = "write_report"
    CLOSE = "close"
    CANCEL = "cancel"


STATES = Steps(
    {
        Act.REDRAFT: staying(_PLANNED),
        Act.DISCARD: staying(_PLANNED),
        Act.SUBMIT: staying(_PLANNED),
        Act.SEND_BACK: staying(_PLANNED),
        Act.SIGN_OFF: staying(_PLANNED),
        Act.BEGIN: leading(_RUNNING, _PLANNED),
        Act.ATTACH: staying(_RUNNING),
        Act.DETACH: staying(_RUNNING),
        Act.ENTER: staying(_RUNNING),
        Act.STRIKE: staying(_RUNNING),
        Act.TICK: staying(_RUNNING),
        Act.JOIN: staying(_PLANNED, _RUNNING),
        Act.WRITE_REPORT: staying(_RUNNING),
        Act.CLOSE: leading(ProgrammeState.CLOSED, _RUNNING),
        Act.CANCEL: leading(ProgrammeState.CANCELLED, _PLANNED, _RUNNING),
    }
)
"""A plan is signed before it begins; what it came to stands as it was counted when it is closed."""
SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.DISCARD: signing.Act.DISCARD, Act.SUBMIT: signing.Act.SUBMIT,
    Act.SEND_BACK: signing.Act.SEND_BACK, Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF, Act.CLOSE})
"""The others are the office's; besides ENTER and STRIKE, which a member has for what is their own."""
BY_ENTRIES = frozenset(
    {TargetMeasure.ENTRIES, TargetMeasure.ENTRY_SUBJECTS, TargetMeasure.ENTRY_PEOPLE, TargetMeasure.EACH_MEMBER}
)
"""Counted from what is entered under the programme itself."""


class Standing(NamedTuple):
    """Where a programme stands: what decides about the next act."""

    approval: Approval
    state: ProgrammeState


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签; where it leads the programme is for `STATES` to say.

    Raises:
        Refusal: OUT_OF_TURN; NOT_SIGNED_OFF, it is for later than the plan's sign-off.
    """
    if act in SIGNED_AS:
        return signing.SIGNING.after(SIGNED_AS[act], at.approval)
    STATES.after(act, at.state)
    if at.approval is not Approval.SIGNED:
        raise Refusal(Code.NOT_SIGNED_OFF)
    return at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the programme stands, whoever may do it."""
    return signing.fitting(STATES.possible(at.state), approval_after, at)


def may_be_told(approval: Approval) -> bool:
    """Whether the record may leave this committee at all."""
    return approval is Approval.SIGNED


def reported(report: str | None) -> str:
    """Raises: Refusal NEEDS_REPORT, a programme is closed with what came of it."""
    if not report:
        raise Refusal(Code.NEEDS_REPORT, what=Said("专项总结", "the report of the programme"))
    return report


# ── targets and tasks, as they stand side by side in a record ──


class Target(NamedTuple):
    """指标: one target, numbered from 1; `counted` None: nobody told what it has come to."""

    number: int
    name: str
    unit: str
    goal: int
    measure: TargetMeasure
    detail: str
    counted: int | None

    @property
    def share(self) -> float | None:
        """Of its goal, 0 and up; more than 1 where more was done."""
        return None if self.counted is None else self.counted / self.goal


class Task(NamedTuple):
    """任务: one task, numbered from 1."""

    number: int
    text: str
    unit: str
    due: dt.date | None
    done: dt.date | None

    def is_open_after(self, day: dt.date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done is None and self.due is not None and self.due < day


def targets_of(of: ProgrammeRecord, counts: Sequence[int] | None = None) -> list[Target]:
    """Its targets in order, with what they came to as it was told, or as it was counted now."""
    counted = list(counts if counts is not None else of.target_counts or ())
    sides = zip(
        of.targets or (), of.target_units or (), of.target_goals or (), of.target_measures or (),
        of.target_details or (), strict=False,
    )  # fmt: skip
    return [
        Target(number, *side, counted[number - 1] if number <= len(counted) else None)
        for number, side in enumerate(sides, 1)
    ]


def tasks_of(of: ProgrammeRecord) -> list[Task]:
    sides = zip(of.tasks or (), of.task_units or (), of.task_dues or (), of.task_done or (), strict=False)
    return [Task(number, text, unit, _day(due), _day(done)) for number, (text, unit, due, done) in enumerate(sides, 1)]


def _day(told: str) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


# ── what another committee says to a programme, as the detail of its request ──


def told_as(joining: Joining, items: Sequence[int]) -> str:
    """Its code, and of a part which tasks: as bits, because a detail is short."""
    bits = sum(1 << (number - 1) for number in set(items))
    return f"{joining.value}:{bits:x}" if items else joining.value


def heard(detail: str | None, tasks: int) -> tuple[Joining, list[int]]:
    """The same, read back; of a programme with so many tasks. Raises: Refusal BAD_VALUE."""
    code, _, bits = (detail or "").partition(":")
    joining = Joining.known(code)
    try:
        mask = int(bits, 16) if bits else 0
    except ValueError:
        mask = -1
    if joining is None or mask < 0 or mask >> tasks:
        raise Refusal(Code.BAD_VALUE, field="joining", why=Said("无此参加意向或条目", "no such answer or item"))
    return joining, [number for number in range(1, tasks + 1) if mask >> (number - 1) & 1]


def makes_sense(joining: Joining, reason: str | None, items: Sequence[int], tasks: int) -> None:
    """确认参加 takes all of it; 部分参加 says which tasks, where there are some, or why; 暂不参加 says why.

    Raises:
        Refusal: NEEDS_REASON, BAD_VALUE.
    """
    if not all(1 <= number <= tasks for number in items) or (items and joining is not Joining.PARTLY):
        raise Refusal(Code.BAD_VALUE, field="items", why=Said("无此条目", "no such item"))
    if joining is Joining.NOT_NOW and not reason:
        raise Refusal(Code.NEEDS_REASON)
    if joining is Joining.PARTLY and not items and not reason:
        raise Refusal(Code.NEEDS_REASON)
