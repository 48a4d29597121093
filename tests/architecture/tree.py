"""The repository as the architecture tests read it."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "tenant_service/storage/migrations/versions"
PACKAGES = ("sync", "gateway", "tenant_service", "deploy")
# Where there is no git (an unpacked source archive), these are what tools left behind.
_LEFT_BEHIND = {".git", ".venv", "__pycache__", "build", "dist", "artifacts"}


@functools.cache
def files() -> tuple[str, ...]:
    """Every file that is in the repository or would be added to it, as paths from the top, sorted."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if told.returncode == 0:
        paths = {path for path in told.stdout.split("\0") if path}
    else:
        walked = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        paths = {path.as_posix() for path in walked if not _LEFT_BEHIND.intersection(path.parts)}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def modules(*tops: str) -> list[str]:
    """Paths of the Python modules below these folders; below the four packages where none is named."""
    return [path for path in files() if path.endswith(".py") and path.partition("/")[0] in (tops or PACKAGES)]


@functools.cache
def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def syntax(path: str) -> ast.Module:
    return ast.parse(text(path), filename=path)


def imports(path: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a module imports, at any depth; `from a import b` is told as `a.b`."""
    package = path.split("/")[:-1]
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{each.name}") for each in node.names)


def calls(path: str) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called; `a.b().c()` is told as `.c`."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""
