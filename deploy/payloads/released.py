"""What an earlier state of the repository promised, such as the last release, is still promised."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from deploy.payloads.compatibility import changes
from deploy.payloads.schema import Schema


class NoSuchState(Exception):
    """The repository knows no such tag, branch or commit."""


def promised(ref: str, folder: Path) -> dict[str, Schema]:
    """File below `folder` → the schema in it, as they were at `ref`.

    Raises:
        NoSuchState.
    """
    names = _git(folder, "ls-tree", "-r", "--name-only", ref, ".").split()
    return {
        name: msgspec.json.decode(_git(folder, "show", f"{ref}:./{name}")) for name in names if name.endswith(".json")
    }


def broken(was: dict[str, Schema], folder: Path) -> Iterator[str]:
    """Promises that the files in `folder` no longer keep: whoever runs that release would misunderstand us."""
    for name, schema in sorted(was.items()):
        if not (folder / name).exists():
            yield f"{name}: gone"
            continue
        now = msgspec.json.decode((folder / name).read_bytes())
        yield from (f"{name}: {each}" for each in changes(schema, now) if not each.is_compatible)


def _git(folder: Path, *words: str) -> str:
    told = subprocess.run(
        ["git", "-C", folder, *words],  # noqa: S607 — the git of whoever works on the checkout
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise NoSuchState(told.stderr.strip())
    return told.stdout
