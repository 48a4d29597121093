"""How people describe a procedure, and how a row takes it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.procedures import MOST_STEPS, ProcedureUse
from tenant_service import wording
from tenant_service.identity.policy import Role
from tenant_service.procedures.models import ProcedureRow
from tenant_service.procedures.rules import Step

MOST_WORKDAYS = 250
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Draft:
    """A version as somebody describes it. A step without a code is given one."""

    name: str
    use: ProcedureUse
    steps: tuple[Step, ...]
    note: str | None = None


def code_of(told: str) -> str:
    """What all versions of a procedure have in common. Raises: Refusal BAD_VALUE."""
    found = told.strip().lower()
    if not _CODE.fullmatch(found):
        raise Refusal(
            Code.BAD_VALUE, field="code", why=Said("小写字母、数字、-和_，最多40个", "small letters, digits, - and _")
        )
    return found


def describe(row: ProcedureRow, told: Draft) -> None:
    """The row says what was told. Raises: Refusal BAD_VALUE, CLASSIFIED."""
    row.name, row.use = wording.text("name", told.name, 60), told.use
    row.note = wording.optional("note", told.note, 2000)
    write_steps(row, [_checked(at, step) for at, step in enumerate(_coded(told.steps))])


def write_steps(row: ProcedureRow, steps: Sequence[Step]) -> None:
    row.step_codes = [step.code for step in steps]
    row.step_names = [step.name for step in steps]
    row.step_stages = [step.stage for step in steps]
    row.step_workdays = [step.workdays for step in steps]
    row.step_needs = [list(step.needs) for step in steps]
    row.step_papers = [list(step.papers) for step in steps]
    row.step_roles = [list(step.roles) for step in steps]


def _coded(steps: Sequence[Step]) -> list[Step]:
    """Each step with a code of its own. Raises: Refusal BAD_VALUE, there are none, too many, or one twice."""
    if not 0 < len(steps) <= MOST_STEPS:
        raise Refusal(Code.BAD_VALUE, field="steps", why=Said(f"1至{MOST_STEPS}步", f"1 to {MOST_STEPS} steps"))
    taken = {step.code for step in steps if step.code}
    free = (f"step{number}" for number in range(1, 2 * MOST_STEPS + 1) if f"step{number}" not in taken)
    found = [step if step.code else _named(step, next(free)) for step in steps]
    if len({step.code for step in found}) < len(found):
        raise Refusal(Code.BAD_VALUE, field="steps", why=Said("步骤代码重复", "two steps have one code"))
    return found


def _named(step: Step, code: str) -> Step:
    return Step(code, step.name, step.workdays, step.needs, step.papers, step.roles, step.stage)


def _checked(at: int, step: Step) -> Step:
    def field(name: str, called: str) -> Said:
        return Said(f"第{at + 1}步{called}", f"{name}-{at}")

    if not _CODE.fullmatch(step.code):
        raise Refusal(Code.BAD_VALUE, field=field("stepCode", "代码"), why=step.code[:40])
    if not 0 <= step.workdays <= MOST_WORKDAYS:
        raise Refusal(Code.BAD_VALUE, field=field("stepWorkdays", "期限"), why=f"0–{MOST_WORKDAYS}")
    if max(len(step.papers), len(step.roles)) > MOST_STEPS:
        raise Refusal(Code.BAD_VALUE, field=field("stepPapers", "材料"), why=f"0–{MOST_STEPS}")
    if any(Role.known(role) is None for role in step.roles):
        raise Refusal(
            Code.BAD_VALUE, field=field("stepRoles", "角色"), why=Said("请从列表选择", "choose from the list")
        )
    return Step(
        step.code, wording.text(field("stepName", "名称"), step.name, 40), step.workdays,
        tuple(dict.fromkeys(step.needs)),
        tuple(dict.fromkeys(wording.text(field("stepPapers", "材料"), each, 60) for each in step.papers)),
        tuple(dict.fromkeys(step.roles)),
        wording.text(field("stepStage", "阶段"), step.stage, 20, needed=False),
    )  # fmt: skip
