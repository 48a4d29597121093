"""How a programme is described by the office, and how a row takes it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, kind_of
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.programmes import MOST_GOAL, MOST_TARGETS, MOST_TASKS, ProgrammeKind, TargetMeasure
from sync.contract.shapes.values import IndicatorCode
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.programmes import queries
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.storage.unit_of_work import Unit

FIRST_YEAR, LAST_YEAR = 1949, 2999
OF_ACTIVITIES = frozenset({TargetMeasure.ACTIVITIES, TargetMeasure.MEMBER_TIMES, TargetMeasure.PEOPLE_TIMES})
"""Counted from activities, so of one kind of them where one is named."""


@dataclass(frozen=True)
class TaskDraft:
    """任务, 责任单位 and 完成期限."""

    text: str
    unit: str = ""
    due: dt.date | None = None


@dataclass(frozen=True)
class TargetDraft:
    """指标: as many `unit` as `goal`, counted as `measure` says, of the kind that `detail` names."""

    name: str
    unit: str
    goal: int
    measure: TargetMeasure
    detail: str = ""


@dataclass(frozen=True)
class Draft:
    """A programme as the office plans it: at least one task or one target."""

    title: str
    kind: ProgrammeKind
    year: int
    until: dt.date | None = None
    purpose: str | None = None
    parent_id: str | None = None
    tasks: Sequence[TaskDraft] = ()
    targets: Sequence[TargetDraft] = ()


def describe(unit: Unit, actor: Actor, row: ProgrammeRow, told: Draft) -> None:
    """The row is as `told`; nothing of it is done yet, and nothing counted.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, the programme that it is to be a part of is not shown to the
            actor.
    """
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        raise Refusal(Code.BAD_VALUE, field="year", why=f"{FIRST_YEAR}–{LAST_YEAR}")
    row.title, row.kind, row.year = wording.text("title", told.title, 120), told.kind, told.year
    row.until, row.purpose = told.until, wording.optional("purpose", told.purpose, 2000)
    row.parent_id = _parent(unit, actor, row.id, told.parent_id)
    if not (told.tasks or told.targets):
        why = Said("请列出任务或指标", "say what is to be done: tasks or targets")
        raise Refusal(Code.BAD_VALUE, field="tasks", why=why)
    _tasks(row, told.tasks)
    _targets(row, told.targets)


def _tasks(row: ProgrammeRow, told: Sequence[TaskDraft]) -> None:
    if len(told) > MOST_TASKS:
        raise Refusal(Code.BAD_VALUE, field="tasks", why=f"≤ {MOST_TASKS}")
    row.tasks = [wording.text("tasks", each.text, 300) for each in told]
    row.task_units = [wording.text("tasks", each.unit, 120, needed=False) for each in told]
    row.task_dues = [each.due.isoformat() if each.due else "" for each in told]
    row.task_done = [""] * len(told)


def _targets(row: ProgrammeRow, told: Sequence[TargetDraft]) -> None:
    if len(told) > MOST_TARGETS:
        raise Refusal(Code.BAD_VALUE, field="targets", why=f"≤ {MOST_TARGETS}")
    row.targets = [wording.text("targets", each.name, 60) for each in told]
    row.target_units = [wording.text("targets", each.unit, 10) for each in told]
    row.target_goals = [_goal(each.goal) for each in told]
    row.target_measures = [each.measure for each in told]
    row.target_details = [_detail(each) for each in told]
    row.target_counts, row.counted_at = [0] * len(told), None


def _goal(told: int) -> int:
    if not 1 <= told <= MOST_GOAL:
        raise Refusal(Code.BAD_VALUE, field="targets", why=Said(f"目标值为1至{MOST_GOAL}", f"1 to {MOST_GOAL}"))
    return told


def _detail(told: TargetDraft) -> str:
    """Raises: Refusal BAD_VALUE, there is no such kind of what is counted, or an indicator is not named."""
    detail = told.detail.strip()
    if told.measure is TargetMeasure.INDICATOR:
        fits = IndicatorCode.known(detail) is not None
    else:
        fits = not detail or (told.measure in OF_ACTIVITIES and ActivityKind.known(detail) is not None)
    if not fits:
        raise Refusal(Code.BAD_VALUE, field="targets", why=Said("计数方式有误", "nothing is counted like this"))
    return detail


def _parent(unit: Unit, actor: Actor, id: str, told: str | None) -> str | None:
    if not told:
        return None
    if kind_of(checked(told)) != "programme" or queries.one(unit.session, actor, told) is None:
        raise Refusal(Code.NOT_FOUND)
    if queries.leads_to(unit.session, told, id):
        raise Refusal(Code.LINK_CYCLE)
    return told
