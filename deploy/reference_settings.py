"""Settings as docs/ prints them: read from the source, where each stands with its default and, below it, a text."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


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


def settings_modules() -> list[Path]:
    """Every module of settings in the checkout, in the order of the packages."""
    tops = (ROOT / package for package in ("tenant_service", "gateway", "sync", "deploy"))
    return [path for top in tops for path in sorted(top.rglob("settings.py"))]


def tables_of(source: str) -> Iterator[Table]:
    """The classes of a module of settings whose attributes are settings."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and (settings := list(_settings(node))):
            yield Table(node.name, (ast.get_docstring(node) or "").strip(), settings)


def _settings(node: ast.ClassDef) -> Iterator[Setting]:
    for each, below in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(each, ast.AnnAssign) or not isinstance(each.target, ast.Name):
            continue
        said = below.value if isinstance(below, ast.Expr) else None
        text = said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""
        default = ast.unparse(each.value) if each.value else ""
        yield Setting(each.target.id, ast.unparse(each.annotation), default, " ".join(text.split()))
