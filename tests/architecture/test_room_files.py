"""Files of rooms are named as docs/architecture.md lists them: who knows one room knows where to look in all."""

import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import ROOT, files

HEADING = "## The rooms"
GATHERS = ("personal_data", "search")
"""Rooms without a table of their own, which look into the others."""
_ROW = re.compile(r"^\| (?P<names>`[^|]+) \|", re.MULTILINE)


def rooms() -> set[str]:
    """Folders that hang in the service, and those that look into them."""
    told = {path.split("/")[1] for path in files() if re.fullmatch(r"tenant_service/\w+/room\.py", path)}
    return told | set(GATHERS)


def named(text: str) -> tuple[set[str], set[str]]:
    """Whole names that the page lists, and endings of which a room may have one for each of its parts."""
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    told = {name for row in _ROW.finditer(section) for name in re.findall(r"`([^`]+\.py)`", row["names"])}
    endings = {name.removeprefix("<part>") for name in told if name.startswith("<part>")}
    return {name for name in told if not name.startswith("<")} | {"__init__.py"}, endings


def unnamed(paths: list[str], text: str) -> list[str]:
    whole, endings = named(text)
    of_rooms = [path for path in paths if path.split("/")[0] == "tenant_service" and path.split("/")[1] in rooms()]
    return [
        path for path in of_rooms
        if path.endswith(".py") and (name := PurePosixPath(path).name) not in whole
        if not name.endswith(tuple(endings))
    ]  # fmt: skip


def test_every_file_of_a_room_is_named_on_the_page() -> None:
    found = unnamed(list(files()), (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    assert not found, (
        "take the name that stands for it in the table of the rooms' files, or say there what a new one is"
    )


def test_every_name_on_the_page_is_a_file_of_a_room() -> None:
    whole, endings = named((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    there = {
        PurePosixPath(path).name for room in rooms() for path in files() if path.startswith(f"tenant_service/{room}/")
    }
    assert not whole - there
    assert {ending for ending in endings if any(name.endswith(ending) for name in there)}


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("tenant_service/venues/queries.py", True),
        ("tenant_service/venues/booking_service.py", True),
        ("tenant_service/venues/desks.py", False),
        ("tenant_service/web/site.py", True),
    ],
)
def test_the_rule_sees(path: str, fits: bool) -> None:
    text = (
        f"{HEADING}\n\n| `queries.py` | every read |\n| `<part>_service.py`, `<part>_rules.py` | one part |\n\n## Next"
    )
    assert (not unnamed([path], text)) is fits
