"""The recipes of docs/architecture.md are carried out, step by step, on copies of the tree; then what they added is
run.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import MIGRATIONS, ROOT, files

FIELD, ROOM = "## How to add a field to Activity", "## How to add a room"
PARTS = {
    FIELD: (
        "contract/shapes/activities.py", "contract/fields.py", "models.py", "migrations/", "descriptions.py",
        "graphql.py", ".html", "tests/",
    ),
    ROOM: (
        "contract/shapes/", "contract/records.py", "contract/fields.py", "policy.py", "models.py", "migrations/",
        "rules.py", "queries.py", "service.py", "recovery.py", "graphql.py", "pages.py", ".html", "en.po", "/room.py",
        "/rooms.py", "test_rules.py", "test_service.py", "test_graphql.py", "test_pages.py", "test_recovery.py",
    ),
}  # fmt: skip
_BLOCK = re.compile(r"```diff\n--- (?P<path>\S+)\n(?P<lines>.*?)```", re.DOTALL)
_WALK = "tests/tenant_service/schema_walk/test_strangers.py"
_WALKED = (
    "test_the_walk_comes_to_every_type_and_finds_every_kind_of_record",
    "test_a_stranger_is_told_what_record_and_field_allow_no_more_and_no_less",
)
"""The walk finds the new room's record and is told no more of it than its fields allow; that the walk itself sees what
is wrong, and that acts refuse strangers, is proven on the tree as it is.
"""
_ONE_DATABASE = ("-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", "not postgresql")


def steps(recipe: str) -> list[tuple[str, list[str]]]:
    """Each block's file and lines, in order; a migration's with the number it has today."""
    last = max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    text = text.replace('= "LAST"', f'= "{last}"').replace("NNNN", f"{int(last) + 1:04}")
    of_it = text.partition(recipe + "\n")[2].partition("\n## ")[0]
    return [(found["path"], found["lines"].splitlines()) for found in _BLOCK.finditer(of_it)]


def carry_out(tree: Path, path: str, lines: list[str]) -> None:
    """The new lines stand behind those that show the place; without any, at the file's end."""
    file = tree / path
    place = [line[1:] for line in lines if line.startswith(" ")]
    new = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    assert new, f"{path}: a step that adds nothing"
    assert [line for line in lines if line.startswith(" ")] == lines[: len(place)], f"{path}: the place stands first"
    if not place:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + new, encoding="utf-8")
        return
    before, shown = file.read_text(encoding="utf-8"), "".join(f"{line}\n" for line in place)
    assert before.count(shown) == 1, f"{path}: {shown!r} is there {before.count(shown)} times"
    file.write_text(before.replace(shown, shown + new), encoding="utf-8")


def carried_out(tree: Path, recipe: str) -> tuple[Path, str]:
    """A copy of the tree with every step carried out, its generated files too; and what was said of the payloads."""
    for each in files():
        target = tree / each
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / each, target)
    for path, lines in steps(recipe):
        carry_out(tree, path, lines)
    run(tree, "-m", "deploy", "schema", "compose")
    said = run(tree, "-m", "deploy", "schema", "payloads")
    for module in ("deploy.reference", "tests.promises"):
        run(tree, "-m", module)
    return tree, said


@pytest.fixture(scope="module")
def with_field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree, said = carried_out(tmp_path_factory.mktemp("field"), FIELD)
    assert "activity-1.json: compatible: keyword: added" in said
    return tree


@pytest.fixture(scope="module")
def with_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree, _ = carried_out(tmp_path_factory.mktemp("room"), ROOM)
    return tree


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, check=False, capture_output=True, text=True, timeout=600,
        env=os.environ | {"PYTHONPATH": str(tree), "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("recipe", PARTS)
def test_every_part_has_its_step(recipe: str) -> None:
    touched = [path for path, _ in steps(recipe)]
    for part in PARTS[recipe]:
        assert any(part in path for path in touched), part


# ── a field ──


@pytest.mark.timeout(900)
def test_what_the_recipe_adds_works(with_field: Path) -> None:
    said = run(
        with_field, *_ONE_DATABASE,
        *(f"tests/tenant_service/activities/test_{each}.py" for each in ("keyword", "pages", "published", "recovery")),
        "tests/tenant_service/storage/test_migrations.py",
        "tests/architecture/test_words.py",
    )  # fmt: skip
    assert re.search(r"\d+ passed", said), said
    assert re.search(r"/test_keyword\.py::\S+ PASSED", said), said


def test_neighbours_are_told_of_the_new_field(with_field: Path) -> None:
    said = run(with_field, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/promises")
    assert re.search(r"\d+ passed", said), said
    assert "keyword" in (with_field / "docs/schemas/activity-1.json").read_text(encoding="utf-8")


def test_the_new_field_is_in_the_joint_schema_for_everybody(with_field: Path) -> None:
    schema = (with_field / "schema.graphql").read_text(encoding="utf-8")
    assert "keyword: String @visible(to: PUBLIC)" in schema
    assert "keyword" not in (ROOT / "schema.graphql").read_text(encoding="utf-8"), "the tree itself stays as it is"


# ── a room ──


@pytest.mark.timeout(900)
def test_a_room_of_the_recipe_is_whole(with_room: Path) -> None:
    """Its own tests, and whatever looks into all rooms or holds the tree to its rules."""
    said = run(
        with_room, *_ONE_DATABASE, "--ignore", "tests/architecture/test_recipe.py",
        "tests/architecture",
        "tests/tenant_service/notices", "tests/tenant_service/storage/test_migrations.py",
        "tests/tenant_service/graph/test_nodes.py", *(f"{_WALK}::{each}" for each in _WALKED),
    )  # fmt: skip
    assert re.search(r"\d+ passed", said), said
    for part in ("rules", "service", "recovery", "graphql", "pages"):
        assert re.search(rf"/notices/test_{part}\.py::\S+ PASSED", said), part


def test_a_room_of_the_recipe_travels_and_is_asked_for_everywhere(with_room: Path) -> None:
    schema = (with_room / "schema.graphql").read_text(encoding="utf-8")
    for told in ("type Notice ", "notice(id: ID!)", "publishNotice(", "type NoticeConnection", "  NOTICE\n"):
        assert told in schema, told
    assert (with_room / "docs/schemas/notice-1.json").exists()
    assert "PUBLISH_NOTICES" in (with_room / "docs/policy.md").read_text(encoding="utf-8")
