"""Settings as docs/ prints them: read from the source, where each stands with its default and, below it, a text."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeGuard

ROOT = Path(__file__).resolve().parents[1]
WORDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matching"}
"""What msgspec's bounds mean."""


class Setting(NamedTuple):
    """One line of a configuration file."""

    name: str
    type: str
    default: str
    """As Python writes it; empty: it must be given."""
    text: str
    """What it does, with an example that is not the default."""


class Table(NamedTuple):
    """The settings that stand together."""

    name: str
    text: str
    settings: list[Setting]
    prefix: str
    """How the names of their environment variables begin; empty: they are not read from the environment."""


def settings_modules() -> list[Path]:
    """Every module of settings in the checkout, in the order of the packages."""
    tops = (ROOT / package for package in ("tenant_service", "gateway", "sync", "deploy"))
    return [path for top in tops for path in sorted(top.rglob("settings.py"))]


def tables_of(source: str) -> Iterator[Table]:
    """The classes of a module of settings whose attributes are settings. One that is an attribute of another is a table
    of the same file.
    """
    body = ast.parse(source).body
    named = {
        each.targets[0].id: each.value
        for each in body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }
    prefix = next((value.value for name, value in named.items() if name.endswith("PREFIX") and _is_text(value)), "")
    found = {node.name: (node, list(_settings(node, named))) for node in body if isinstance(node, ast.ClassDef)}
    of_tables = {each.type: f"{each.name.upper()}_" for _, settings in found.values() for each in settings}
    for name, (node, settings) in found.items():
        if settings:
            begins = str(prefix) + of_tables.get(name, "") if prefix else ""
            yield Table(name, " ".join((ast.get_docstring(node) or "").split()), settings, begins)


def _settings(node: ast.ClassDef, named: dict[str, ast.expr]) -> Iterator[Setting]:
    for each, below in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(each, ast.AnnAssign) or not isinstance(each.target, ast.Name):
            continue
        text = below.value.value if isinstance(below, ast.Expr) and _is_text(below.value) else ""
        default = ast.unparse(each.value) if each.value else ""
        yield Setting(each.target.id, _type(each.annotation, named), default, " ".join(str(text).split()))


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _type(annotation: ast.expr, named: dict[str, ast.expr]) -> str:
    """The type as Python writes it, with its bounds in words: `int, at least 0, at most 65535`."""
    if isinstance(annotation, ast.Name) and annotation.id in named:
        annotation = named[annotation.id]
    if not isinstance(annotation, ast.Subscript) or ast.unparse(annotation.value) != "Annotated":
        return ast.unparse(annotation)
    assert isinstance(annotation.slice, ast.Tuple)
    plain, *limits = annotation.slice.elts
    bounds = [
        f"{WORDS[each.arg]} {ast.unparse(each.value)}"
        for limit in limits
        if isinstance(limit, ast.Call)
        for each in limit.keywords
        if each.arg in WORDS
    ]
    return ", ".join([ast.unparse(plain), *bounds])
