"""Which tests say that they prove a fact or a rule, read from the source: a test that is gone proves nothing."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.tree import files, syntax


@dataclass(frozen=True)
class Marked:
    """One test: `mark` is seed or practice."""

    mark: str
    number: int
    test: str


def marked() -> list[Marked]:
    """By number, then by the test's name."""
    paths = [path for path in files() if path.startswith("tests/") and "/test_" in path and path.endswith(".py")]
    found = {each for path in paths for each in _in(path)}
    return sorted(found, key=lambda each: (each.number, each.test))


def _in(path: str) -> Iterator[Marked]:
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for decorator in node.decorator_list:
                yield from _of(decorator, f"{path}::{node.name}")


def _of(decorator: ast.expr, test: str) -> Iterator[Marked]:
    if not isinstance(decorator, ast.Call) or not ast.unparse(decorator.func).startswith("pytest.mark."):
        return
    mark = ast.unparse(decorator.func).removeprefix("pytest.mark.")
    if mark in ("seed", "practice"):
        for each in decorator.args:
            yield Marked(mark, int(ast.literal_eval(each)), test)
