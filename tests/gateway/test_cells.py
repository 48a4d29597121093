"""Whatever a committee says, it comes to stand in its cell: as what it is, or as the text that it is."""

import pytest

from gateway.console.records import _read
from gateway.export.columns import Column, columns_of
from gateway.joint import Joint
from gateway.schema import joint_sdl
from sync.contract.instants import instant
from sync.contract.visibility import Visible
from sync.edge.shell.formats import day, moment, span

ROW = Joint(joint_sdl()).schema.type_map["Activity"]
COLUMNS = {each.path: each for each in columns_of(ROW, Visible.PARENT)}  # type: ignore[arg-type]


def column(*path: str) -> Column:
    return COLUMNS[path]


NOW = instant("2026-03-03T00:00:00Z")


@pytest.mark.parametrize("said", ["2026-03-02t17:00:00z", "9999-12-31T23:00:00Z", "2026-13-01T00:00:00Z", "x"])
def test_what_is_no_moment_stays_text(said: str) -> None:
    assert column("startsAt").cell({"startsAt": said}) == said
    read = _read({"startsAt": said, "openedOn": said, "endsAt": "2026-03-02T17:00:00Z"})
    assert (read["startsAt"], read["openedOn"]) == (said, said)
    assert span(read["startsAt"], read["endsAt"], NOW, "en") == f"{said} – 3 Mar 01:00"
    assert (moment(said, NOW, "en"), day(said, NOW.date(), "en")) == (said, said)


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("startsAt", 7, "7"), ("startsAt", "2026-03-02T17:00:00Z", "2026-03-03 01:00"), ("headcount", 12, 12),
        ("headcount", 10**400, str(10**400)), ("headcount", [1], "[1]"), ("hostIds", 7, "7"),
    ],
)  # fmt: skip
def test_what_is_of_no_kind_stays_text(path: str, value: object, shown: object) -> None:
    assert column(path).cell({path: value}) == shown
    assert column("venue", "name").cell({"venue": value}) == str(value)
