"""A programme's form: its fields, what they say, and what they are filled with."""

import datetime as dt
from collections.abc import Iterable

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.programmes import ProgrammeKind, TargetMeasure
from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.programmes import rules
from tenant_service.programmes.descriptions import OF_ACTIVITIES, Draft, TargetDraft, TaskDraft
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.web.forms import Form
from tenant_service.web.site import Visit

TARGETS = 12
"""Rows of targets on the form."""
OF_TARGET = ("targetName", "targetUnit", "targetGoal", "targetBy")
FIELDS = ("title", "kind", "year", "until", "purpose", "parentId", "tasks", "targets")
ROWS = tuple(f"{name}{number}" for number in range(TARGETS) for name in OF_TARGET)
_BAR = "｜"
_PARTS = 3


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        title=form.get("title"), kind=form.needed_kind("kind", ProgrammeKind), year=form.needed_number("year"),
        until=form.day("until"), purpose=form.text("purpose"), parent_id=form.text("parentId"),
        tasks=[_task(line) for line in form.lines("tasks")],
        targets=[_target(form, number) for number in range(TARGETS) if form.get(f"targetName{number}")],
    )  # fmt: skip


def _task(line: str) -> TaskDraft:
    text, unit, due, *rest = [*(each.strip() for each in line.replace("|", _BAR).split(_BAR)), "", ""][: _PARTS + 1]
    why = Said(f"应为“任务｜责任单位｜2026-06-30”：{line[:40]}", f"a task, a body, a day like 2026-06-30: {line[:40]}")
    if any(rest):
        raise Refusal(Code.BAD_VALUE, field="tasks", why=why)
    try:
        return TaskDraft(text, unit, dt.date.fromisoformat(due) if due else None)
    except ValueError:
        raise Refusal(Code.BAD_VALUE, field="tasks", why=why) from None


def _target(form: Form, number: int) -> TargetDraft:
    measure, _, detail = form.get(f"targetBy{number}").partition(":")
    known, goal = TargetMeasure.known(measure), form.get(f"targetGoal{number}").replace(",", "")
    if known is None or not goal.isdecimal():
        why = Said("请填写目标值，选择计数方式", "a figure, and how it is counted")
        raise Refusal(Code.BAD_VALUE, field="targets", why=why)
    return TargetDraft(form.get(f"targetName{number}"), form.get(f"targetUnit{number}"), int(goal), known, detail)


def filled(row: ProgrammeRow) -> dict[str, str]:
    """The fields as the plan stands now."""
    told = row.record()
    tasks = (
        _BAR.join((each.text, each.unit, each.due.isoformat() if each.due else "")).rstrip(_BAR)
        for each in rules.tasks_of(told)
    )
    values = {
        "title": row.title, "kind": row.kind.value, "year": str(row.year), "purpose": row.purpose or "",
        "until": row.until.isoformat() if row.until else "", "parentId": row.parent_id or "", "tasks": "\n".join(tasks),
    }  # fmt: skip
    for number, each in enumerate(rules.targets_of(told)):
        by = f"{each.measure.value}:{each.detail}" if each.detail else each.measure.value
        told_of = (each.name, each.unit, str(each.goal), by)
        values |= {f"{name}{number}": value for name, value in zip(OF_TARGET, told_of, strict=True)}
    return values


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}


def ways_to_count(visit: Visit) -> list[tuple[str, str]]:
    """Everything that a target may be counted by, as the form offers it."""
    found = []
    for measure in TargetMeasure:
        label = visit.say(measure.label)
        if measure is TargetMeasure.INDICATOR:
            found += [(f"{measure.value}:{each.value}", f"{label}：{visit.say(each.label)}") for each in IndicatorCode]
            continue
        found.append((measure.value, label))
        if measure in OF_ACTIVITIES:
            found += [(f"{measure.value}:{each.value}", f"{label}：{visit.say(each.label)}") for each in ActivityKind]
    return found


ENTRY_FIELDS = ("targetNo", "day", "subject", "personId", "people")
"""Of what is entered under a programme."""
NO_TARGET = say("没有需要登记的指标")
