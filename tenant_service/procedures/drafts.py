"""A procedure's form: its fields, how they are read, how its buttons change the steps, and what it is filled with.

The form of a version has, for each step, fields that end in its place: `stepName-0`, `stepName-1` …
"""

from collections.abc import Iterable

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.procedures import MOST_STEPS, Need, ProcedureUse
from tenant_service.procedures.descriptions import Draft
from tenant_service.procedures.models import ProcedureRow
from tenant_service.procedures.rules import Step
from tenant_service.web.forms import Form

FIELDS = ("code", "name", "use", "note", "steps", "do")
_OF_A_STEP = ("stepCode", "stepName", "stepStage", "stepWorkdays", "stepPapers", "stepNeeds", "stepRoles")
STEP_FIELDS = tuple(f"{name}-{at}" for at in range(MOST_STEPS) for name in _OF_A_STEP)


def begun(form: Form) -> Draft:
    """What the form of a new procedure says: its steps a line each. Raises: Refusal BAD_VALUE."""
    steps = tuple(Step("", line) for line in form.lines("steps"))
    return Draft(form.get("name"), form.needed_kind("use", ProcedureUse), steps, form.text("note"))


def draft_of(form: Form) -> Draft:
    """What the form says, with the steps as the pressed button leaves them. Raises: Refusal BAD_VALUE."""
    steps = _pressed(form.get("do"), list(written(form)))
    return Draft(form.get("name"), form.needed_kind("use", ProcedureUse), tuple(steps), form.text("note"))


def written(form: Form) -> Iterable[Step]:
    """Each step as it was filled in. Raises: Refusal BAD_VALUE, a term that is no number, or a code of no list."""
    for at in range(MOST_STEPS):
        if form.tells(f"stepCode-{at}"):
            yield Step(
                form.get(f"stepCode-{at}"), form.get(f"stepName-{at}"), form.number(f"stepWorkdays-{at}") or 0,
                tuple(map(_need, form.all(f"stepNeeds-{at}"))), form.lines(f"stepPapers-{at}"),
                form.all(f"stepRoles-{at}"), form.get(f"stepStage-{at}"),
            )  # fmt: skip


def filled(row: ProcedureRow) -> dict[str, str]:
    return {"name": row.name, "use": row.use.value, "note": row.note or ""}


def fields_of(steps: Iterable[Step]) -> list[dict[str, object]]:
    """The steps as the form shows them."""
    return [
        {
            "stepCode": step.code, "stepName": step.name, "stepStage": step.stage,
            "stepWorkdays": str(step.workdays or ""), "stepPapers": "\n".join(step.papers), "needs": step.needs,
            "roles": step.roles,
        }
        for step in steps
    ]  # fmt: skip


def again(form: Form) -> list[dict[str, object]]:
    """The steps as they were just written, whatever was wrong with them."""
    found: list[dict[str, object]] = []
    for at in range(MOST_STEPS):
        if form.tells(f"stepCode-{at}"):
            told: dict[str, object] = {name: form.get(f"{name}-{at}") for name in _OF_A_STEP}
            told |= {"needs": form.all(f"stepNeeds-{at}"), "roles": form.all(f"stepRoles-{at}")}
            found.append(told)
    return found


def _pressed(button: str, steps: list[Step]) -> list[Step]:
    """`add`, or `remove-2`, `up-2`, `down-2` of the step that stands there; any other button leaves them."""
    act, _, place = button.partition("-")
    at = int(place) if place.isdecimal() and len(place) <= len(str(MOST_STEPS)) else -1
    if act == "add":
        return [*steps, Step("", f"第{len(steps) + 1}步")]
    if not 0 <= at < len(steps):
        return steps
    match act:
        case "remove":
            return [*steps[:at], *steps[at + 1 :]]
        case "up" if at:
            steps[at - 1], steps[at] = steps[at], steps[at - 1]
        case "down" if at + 1 < len(steps):
            steps[at + 1], steps[at] = steps[at], steps[at + 1]
    return steps


def _need(code: str) -> Need:
    found = Need.known(code)
    if found is None:
        raise Refusal(Code.BAD_VALUE, field="steps", why=Said("请从列表选择", "choose from the list"))
    return found
