"""A module is one thought and says in its name which."""

import ast
import statistics
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import PACKAGES, modules, syntax, text

# Names under which anything could be put, and so everything would be.
SAY_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "base",
    "manager",
    "managers",
    "misc",
    "stuff",
    "shared_code",
}
MOST_LINES = 400
MOST_FUNCTION_LINES = 40


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [
        path
        for path in modules(*PACKAGES, "tests")
        if any(SAY_NOTHING.intersection(part.split("_")) for part in PurePosixPath(path).with_suffix("").parts)
    ]
    assert not found, "name the domain thing or the one thought it holds"


def test_no_class_is_a_manager_or_a_helper() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ClassDef)
        and node.name.endswith(("Manager", "Helper", "Helpers", "Util", "Utils", "Mixin"))
    ]
    assert not found, "say what it is or does"


def test_a_module_can_be_read_at_one_sitting() -> None:
    """Migrations are written by a tool, a column a line, and never changed."""
    read = [path for path in modules(*PACKAGES, "tests") if "/migrations/versions/" not in path]
    found = {path: lines for path in read if (lines := text(path).count("\n")) > MOST_LINES}
    assert not found, f"a module of more than {MOST_LINES} lines holds more than one thought"


@pytest.mark.parametrize("package", PACKAGES)
def test_nine_functions_of_ten_fit_the_eye(package: str) -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in modules(package)
        if "/migrations/versions/" not in path
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    if len(lengths) < 10:
        pytest.skip(f"{package} has only {len(lengths)} functions yet")
    assert statistics.quantiles(lengths, n=10)[-1] <= MOST_FUNCTION_LINES
