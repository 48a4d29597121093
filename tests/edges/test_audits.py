"""GraphQL over HTTP: every audit of the public suite, whether it says MUST, SHOULD or MAY, at both doors."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from tests.edges.doors import Door, Doors

PACKAGES = ("graphql-http@1.23.1", "graphql@16.11.0")
AUDITS = 61
SCRIPT = Path(__file__).parent / "audits.mjs"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the suite in it, taken from whatever registry npm is set up with.

    A build machine has to have it; elsewhere its absence is a reason to skip.
    """
    folder = tmp_path_factory.mktemp("audits")
    if shutil.which("npm") is None or shutil.which("node") is None:
        _absent("node and npm are not installed")
    (folder / "package.json").write_text("{}")
    command = ["npm", "install", "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    done = subprocess.run([*command, *PACKAGES], cwd=folder, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        _absent("npm cannot install the audits: its registry was not reached")
    return folder


def _absent(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def failed(folder: Path, door: Door, token: str = "") -> list[dict[str, str]]:
    """The audits that this door does not pass."""
    command = ["node", str(SCRIPT), str(folder), door.url, token]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told: list[dict[str, str]] = json.loads(done.stdout)
    assert len(told) == AUDITS
    return [each for each in told if each["status"] != "ok"]


@pytest.mark.parametrize("name", ["committee", "gateway"])
def test_every_audit_of_graphql_over_http_is_passed(installed: Path, shown: Doors, name: str) -> None:
    assert failed(installed, getattr(shown, name)) == []


@pytest.mark.parametrize("name", ["committee", "gateway"])
def test_an_administrator_meets_the_same_in_production(installed: Path, closed: Doors, name: str) -> None:
    """Some audits look at the schema, which is closed to others there."""
    door: Door = getattr(closed, name)
    assert failed(installed, door, door.tokens("admin")) == []


def test_an_audit_that_is_not_passed_is_seen(installed: Path, closed: Doors) -> None:
    """The audits tell two doors apart: to nobody, production does not show what they look for in the schema."""
    assert {each["id"] for each in failed(installed, closed.committee)} >= {"28B9", "6A70"}
