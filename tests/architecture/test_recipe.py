"""The recipe of docs/architecture.md is carried out, step by step, on a copy of the tree; then what it added is run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files

RECIPE = "## How to add a field to Activity"
_BLOCK = re.compile(r"```diff\n--- (?P<path>\S+)\n(?P<lines>.*?)```", re.DOTALL)


def steps() -> list[tuple[str, list[str]]]:
    """Each block's file and lines, in order."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    recipe = text.partition(RECIPE)[2].partition("\n## ")[0]
    return [(found["path"], found["lines"].splitlines()) for found in _BLOCK.finditer(recipe)]


def carry_out(tree: Path, path: str, lines: list[str]) -> None:
    """The new lines stand behind those that show the place; without any, at the file's end."""
    file = tree / path
    place = [line[1:] for line in lines if line.startswith(" ")]
    new = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    assert new, f"{path}: a step that adds nothing"
    assert [line for line in lines if line.startswith(" ")] == lines[: len(place)], f"{path}: the place stands first"
    if not place:
        file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + new, encoding="utf-8")
        return
    before, shown = file.read_text(encoding="utf-8"), "".join(f"{line}\n" for line in place)
    assert before.count(shown) == 1, f"{path}: {shown!r} is there {before.count(shown)} times"
    file.write_text(before.replace(shown, shown + new), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with every step carried out."""
    tree = tmp_path_factory.mktemp("copy")
    for each in files():
        target = tree / each
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / each, target)
    for path, lines in steps():
        carry_out(tree, path, lines)
    run(tree, "-m", "deploy", "schema", "compose")
    assert "activity-1.json: compatible: theme: added" in run(tree, "-m", "deploy", "schema", "payloads")
    run(tree, "-m", "tests.promises")
    return tree


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, check=False, capture_output=True, text=True, timeout=600,
        env=os.environ | {"PYTHONPATH": str(tree), "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_every_part_has_its_step() -> None:
    touched = [path for path, _ in steps()]
    parts = ("shapes/activities.py", "models.py", "migrations/", "descriptions.py", "graphql.py", ".html", "tests/")
    for part in parts:
        assert any(part in path for path in touched), part


@pytest.mark.timeout(900)
def test_what_the_recipe_adds_works(copy: Path) -> None:
    said = run(
        copy, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", "not postgresql",
        "tests/tenant_service/activities", "tests/tenant_service/storage/test_migrations.py",
        "tests/architecture/test_words.py",
    )  # fmt: skip
    assert re.search(r"\d+ passed", said), said
    assert re.search(r"/test_theme\.py::\S+ PASSED", said), said


def test_neighbours_are_told_of_the_new_field(copy: Path) -> None:
    said = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/promises")
    assert re.search(r"\d+ passed", said), said
    assert "theme" in (copy / "docs/schemas/activity-1.json").read_text(encoding="utf-8")


def test_the_new_field_is_in_the_joint_schema_for_everybody(copy: Path) -> None:
    schema = (copy / "schema.graphql").read_text(encoding="utf-8")
    assert "theme: String @visible(to: PUBLIC)" in schema
    assert "theme" not in (ROOT / "schema.graphql").read_text(encoding="utf-8"), "the tree itself stays as it is"
