"""The directory is handed out to everybody, however large the nation, and nobody can have it handed out for ever."""

from pathlib import Path

import msgspec
import pytest

from sync.bus import wire
from sync.bus.directory_copy import DirectoryCopy, digest
from sync.bus.holder import Budget
from sync.bus.streams import directory_of
from sync.contract import jose
from sync.contract.trust.directory import Contents, Directory
from sync.hub.directory_desk import DirectoryDesk
from sync.hub.server import MOST_DIRECTORY
from tests.directories import signed
from tests.sync.hubs import CITY, COUNTY, SISTER, Hub, refused
from tests.sync.nations import WHOLE, contents

pytestmark = pytest.mark.asyncio
USES = ("token", "event", "request", "code")


def nation() -> Contents:
    """A whole one, each with a key of its own for each use; the keys are a few, for making them takes longest."""
    keys = [jose.public(jose.new_key()) for _ in range(8)]
    told = contents(WHOLE)
    entries = [
        msgspec.structs.replace(each, keys={use: [keys[(at + n) % 8]] for n, use in enumerate(USES)})
        for at, each in enumerate(told.entries)
    ]
    return msgspec.structs.replace(told, entries=entries)


async def test_the_directory_of_a_whole_nation_reaches_everybody(hub: Hub, tmp_path: Path) -> None:
    root = jose.new_key()
    text = signed(nation(), root)
    assert 3_000_000 < len(text) < MOST_DIRECTORY
    hub.controller._text = text
    copy = DirectoryCopy(tmp_path / "directory.jws", root, COUNTY)
    found = await copy.fetch(await hub.connect(COUNTY), None)
    assert found is not None
    assert len(found.committees) == WHOLE


async def test_who_asks_again_and_again_is_told_to_wait_and_others_are_not(hub: Hub) -> None:
    text, now = "x" * 1_000, 100.0
    budget = Budget(each=3_000, together=10**9, clock=lambda: now)
    desk = DirectoryDesk(hub.controller.hub, lambda: text, budget)
    asked = wire.DirectoryAsk("not what there is")
    given = [desk.told(SISTER, asked) for _ in range(10)]
    assert [bool(each.text) for each in given] == [True] * 4 + [False] * 6
    assert all(each.busy for each in given[4:])
    assert desk.told(CITY, asked).text == text
    assert desk.told(SISTER, wire.DirectoryAsk(digest(text))) == wire.DirectoryTold(), "it has it"
    now += 60
    assert desk.told(SISTER, asked).text == text


async def test_one_that_fits_into_no_message_is_handed_out_to_nobody_and_told_of(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    desk = DirectoryDesk(hub.controller.hub, lambda: "x" * MOST_DIRECTORY)
    assert desk.told(CITY, wire.DirectoryAsk()).busy
    assert "nobody is given it" in caplog.text


async def test_what_could_not_be_learned_is_given_again(hub: Hub, tmp_path: Path) -> None:
    copy = DirectoryCopy(tmp_path / "directory.jws", hub.root, COUNTY)
    client, learned, broken = await hub.connect(COUNTY), list[int](), True

    async def learn(directory: Directory) -> None:
        if broken:
            raise OSError("no room on this disk")
        learned.append(directory.serial)

    assert await copy.look(client, None, learn) is None
    broken = False
    assert await copy.look(client, None, learn) is not None
    assert learned == [1]


async def test_nobody_asks_for_it_in_anothers_name(hub: Hub) -> None:
    assert await refused(await hub.connect(SISTER), directory_of(COUNTY))
