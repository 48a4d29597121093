"""Whatever somebody does stands in the audit log: no room changes a record and forgets to say who did."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import ROOT, files, syntax

NOTES = ("tenant_service.identity.audit.note", "tenant_service.identity.audit.note_heard")
"""Where an entry is written."""
PUBLISHES = {
    "tenant_service/exchange/way_out.py": "the one way out, where an act is told and noted",
    "tenant_service/exchange/restoring/recovering.py": "what came back is noted as one restoration",
    "tenant_service/attendance/recovery.py": "the same, with a list that is told to each home alone",
    "tenant_service/requests/recovery.py": "the same, of what is never changed once it was sent",
    "tenant_service/requests/service.py": "a request and its answer have no revisions; sending one is noted",
    "tenant_service/auditing/service.py": "the head of the log itself, told by the hour",
    "tenant_service/auditing/consent_service.py": "a consent, told again as it was noted when it was given",
    "tenant_service/statistics/service.py": "figures, recounted by the machine after what was noted",
}
"""Who tells others by itself, and why nobody's act is missing in the log."""

_ROSTER = "tenant_service.roster.service"
NOTED_BEFORE = {
    f"{_ROSTER}.add": "rows of the preview that `begin` noted",
    f"{_ROSTER}.finish": "the end of the preview that `begin` noted",
    f"{_ROSTER}.apply_slice": "a slice of what `apply` noted",
    f"{_ROSTER}.undo_slice": "a slice of what `undo` noted",
    "tenant_service.personal_data.service.revealed": "shows once more what `reveal` noted, and changes nothing",
    "tenant_service.topics.contact_service.revealed": "the same, of what `reveal_reporter` noted",
    "tenant_service.bookings.service.revealed": "the same, of what `reveal` noted there",
}
"""Use cases without an entry of their own, and which one they stand under."""


def use_cases(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions in which somebody does something: open to other modules, with a unit and an actor."""
    for each in tree.body:
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
            given = {one.arg: ast.unparse(one.annotation) if one.annotation else "" for one in each.args.args}
            if given.get("unit") == "Unit" and given.get("actor") == "Actor":
                yield each


def names(path: str, tree: ast.Module) -> dict[str, str]:
    """What a module calls things → their full names: what it imports, and its own functions."""
    module = dotted(path)
    found = {each.name: f"{module}.{each.name}" for each in tree.body if isinstance(each, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


def called(path: str, tree: ast.Module, function: ast.FunctionDef) -> set[str]:
    """Full names of what the function calls, or hands on to be called."""
    known, found = names(path, tree), set()
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            found.add(f"{known[node.value.id]}.{node.attr}")
        elif isinstance(node, ast.Name) and node.id in known:
            found.add(known[node.id])
    return found


def dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


@cache
def calls_of(name: str) -> frozenset[str]:
    """What a function of ours calls; nothing where the name is none."""
    module, _, function = name.rpartition(".")
    path = module.replace(".", "/") + ".py"
    if not module.startswith("tenant_service.") or not (ROOT / path).is_file():
        return frozenset()
    tree = syntax(path)
    there = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == function]
    return frozenset(called(path, tree, there[0])) if there else frozenset()


def is_noted(name: str) -> bool:
    """Whether an entry is written somewhere below this function."""
    seen, ahead = set(), [name]
    while ahead:
        at = ahead.pop()
        if at in NOTES:
            return True
        if at not in seen:
            seen.add(at)
            ahead += calls_of(at)
    return False


def services() -> list[str]:
    return [
        path for path in files()
        if path.startswith("tenant_service/") and PurePosixPath(path).name.endswith("service.py")
    ]  # fmt: skip


def test_every_use_case_stands_in_the_audit_log() -> None:
    found = {f"{dotted(path)}.{each.name}" for path in services() for each in use_cases(syntax(path))}
    assert len(found) > 40
    unnoted = {each for each in found if not is_noted(each)}
    assert unnoted <= NOTED_BEFORE.keys(), "leave by way_out.changed, or note it"
    assert unnoted == NOTED_BEFORE.keys(), "these are noted, or are not there any more"


def test_nobody_tells_others_past_the_way_out() -> None:
    found = {
        path for path in files()
        if path.startswith("tenant_service/") and path.endswith(".py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute) and node.attr == "publish" and ast.unparse(node.value) == "unit"
    }  # fmt: skip
    assert found <= PUBLISHES.keys(), "leave by way_out.changed, which notes as well as tells"
    assert found == PUBLISHES.keys(), "these tell nothing by themselves any more"


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        ("row.revision += 1", False),
        ("audit.note(unit, actor, 'venue.move', id)", True),
        ("way_out.changed(unit, actor, row, 'venue.move', set())", True),
        ("way_out.revised(unit, row, set())", False),
    ],
)
def test_the_rule_sees_what_is_not_noted(body: str, noted: bool) -> None:
    source = (
        "from tenant_service.exchange import way_out\nfrom tenant_service.identity import audit\n"
        f"def move(unit: Unit, actor: Actor, id: str):\n    {body}\n"
    )
    tree = ast.parse(source)
    (move,) = use_cases(tree)
    assert any(is_noted(each) for each in called("tenant_service/made_up.py", tree, move)) is noted
