"""The repository works on any machine and in any network: it names no one's folders and no one's package server."""

import re
import tomllib
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import ROOT, files, text

# Written so that neither matches this file.
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:tmp|work|root|home|Users|private)/[\w.]")
PACKAGE_SERVERS = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|npm[m]irror|jsdelivr\.|unpkg\.com|cdnjs\.|proxy\.golang\.org|crates\.io"
    r"|--(?:extra-)?index-url [^\s]|--find[-]links [^\s]",
)
# Lock files that record where each file was downloaded, and files that make a tool download an interpreter.
FORBIDDEN_FILES = {
    "uv.lock",
    "pylock.toml",
    "poetry.lock",
    "Pipfile.lock",
    "pdm.lock",
    ".python-version",
    "package.json",
}
READABLE = {
    "", ".cfg", ".css", ".csv", ".graphql", ".html", ".in", ".ini", ".j2", ".jinja", ".js", ".json", ".lock", ".mako",
    ".md", ".po", ".pot", ".py", ".service", ".sh", ".sql", ".svg", ".toml", ".tpl", ".txt", ".xml", ".yaml", ".yml",
}  # fmt: skip


def readable() -> list[str]:
    return [path for path in files() if PurePosixPath(path).suffix in READABLE]


def found(pattern: re.Pattern[str], lines: str) -> list[str]:
    return [
        f"{number}: {line.strip()[:120]}" for number, line in enumerate(lines.splitlines(), 1) if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, PACKAGE_SERVERS], ids=["a machine's folders", "a package server"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    seen = {path: lines for path in readable() if (lines := found(pattern, text(path)))}
    assert not seen


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("store = '/~tmp/liandong'", MACHINE_PATH),
        ("see /~work/shared", MACHINE_PATH),
        ("https://pypi~.org/simple", PACKAGE_SERVERS),
        ("--index~-url https://example.org", PACKAGE_SERVERS),
    ],
)
def test_the_rule_sees(line: str, pattern: re.Pattern[str]) -> None:
    assert found(pattern, line.replace("~", ""))


def test_no_file_records_download_addresses_or_fetches_an_interpreter() -> None:
    assert not [path for path in files() if PurePosixPath(path).name in FORBIDDEN_FILES]


def test_the_lock_has_a_hash_for_everything_and_no_address() -> None:
    lock = text("requirements.lock")
    assert "://" not in lock
    assert "file:" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 50
    assert not [
        entry
        for entry in entries
        if not re.match(r"[\w.\[\]-]+==\S+( ;.*)? \\\n( +--hash=sha256:[0-9a-f]{64}.*\n?)+$", entry)
    ]


def test_the_lock_knows_everything_the_project_names() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    named = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *(each for group in project["dependency-groups"].values() for each in group if isinstance(each, str)),
    ]
    locked = set(re.findall(r"^([\w.-]+)==", text("requirements.lock"), re.MULTILINE))
    assert not {re.split(r"[\[><=;~! ]", each)[0].lower().replace("_", "-") for each in named} - locked, (
        "run `make lock`"
    )


def test_the_build_machines_script_can_be_started() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
