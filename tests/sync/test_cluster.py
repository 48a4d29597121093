"""Three servers are one hub: any one may be lost, and nothing that was taken in is. Two lost make everybody wait."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec
import pytest

from sync.bus.line import Line
from sync.bus.ports import Moved, Unreachable
from sync.contract.shapes.committees import CommitteeState
from sync.hub import service
from sync.log import Event
from tests.directories import signed
from tests.sync.clusters import NAMES, ROOT, Places, contents, three
from tests.sync.hubs import CITY, COUNTY, SISTER, said
from tests.sync.test_hub import read
from tests.waiting import eventually

LOG = f"{COUNTY}/c"

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(720)]


async def published(line: Line, events: Sequence[Event]) -> None:
    """All of them lie on the log, each once; where nothing answers it is tried again, as the relay does."""

    async def are_there() -> bool:
        try:
            at, last = await line.last(LOG)
            done = last.seq if last else 0
            if done < len(events):
                await line.publish(LOG, events[done : done + 50], at)
        except (Moved, Unreachable):
            return False
        return done == len(events)

    await eventually(are_there, within=90, what=f"{len(events)} events lie on {LOG}")


async def everything_read(line: Line, count: int) -> list[int]:
    """What CITY is given, without repetition, in the order in which it came."""
    source, found = line.source("SH_33", CITY), list[int]()

    async def more() -> bool:
        try:
            found.extend(each for each in await read(source) if each not in found)
        except Unreachable:
            return False
        return len(found) >= count

    await eventually(more, within=60)
    return found


async def settles(ask: Callable[[], Awaitable[object]]) -> bool:
    try:
        await ask()
    except Unreachable:
        return False
    return True


async def acting(places: Places) -> list[str]:
    """The places whose controller acts, by their own metrics."""
    found = []
    for name in places.running:
        async with service.looking(places.settings[name]) as controller:
            if await controller._leads():
                found.append(name)
    return found


async def test_one_of_three_is_lost_while_everybody_goes_on(tmp_path: Path) -> None:
    async with three(tmp_path) as places:
        assert len(await acting(places)) == 1
        line, city = await places.line(COUNTY), await places.line(CITY)
        events = said(LOG, 600)
        work = asyncio.create_task(published(line, events))
        await eventually(lambda: settles(lambda: line.last(LOG)))
        [leader] = await acting(places)
        await places.kill(leader)
        await work
        assert await everything_read(city, 600) == list(range(600))
        left = [name for name in NAMES if name != leader]
        for name in left:
            await eventually(partial(says, places, name, []), within=60)
        assert len(await acting(places)) == 1
        places.start(leader)
        await places.settled()


async def says(places: Places, name: str, plan: list[str]) -> bool:
    return await places.planned(name) == plan


async def test_two_of_three_are_lost_and_publishing_waits_until_one_is_back(tmp_path: Path) -> None:
    async with three(tmp_path) as places:
        line, city = await places.line(COUNTY, wait=1.0), await places.line(CITY)
        events = said(LOG, 100)
        await published(line, events[:50])
        await places.kill("one")
        await places.kill("two")
        with pytest.raises(Unreachable):
            await line.publish(LOG, events[50:], 50)
        work = asyncio.create_task(published(line, events))
        places.start("one")
        await work
        assert await everything_read(city, 100) == list(range(100))


async def test_a_server_that_lost_its_store_gets_it_back_from_the_others(tmp_path: Path) -> None:
    async with three(tmp_path) as places:
        line, city = await places.line(COUNTY), await places.line(CITY)
        await published(line, said(LOG, 200))
        await places.kill("two")
        places.lose_store("two")
        places.start("two")
        await places.settled()
        await places.kill("one")
        assert await everything_read(city, 200) == list(range(200)), "one of the two that hold it had lost it before"


async def test_a_newer_directory_put_into_one_place_is_followed_at_all_and_declared_once(tmp_path: Path) -> None:
    """No account is made twice: each place makes the same key of the same party."""
    async with three(tmp_path) as places:
        some = contents(2)
        away = [msgspec.structs.replace(each, state=CommitteeState.SUSPENDED) for each in some.entries[3:]]
        some = msgspec.structs.replace(some, entries=[*some.entries[:3], *away])
        for name in NAMES:
            (places.settings[name].directory).write_text(signed(some, ROOT))
        await places.settled()
        newer = signed(contents(3), ROOT)
        places.settings["three"].directory.write_text(newer)
        for name in NAMES:
            await eventually(partial(has, places, name, newer), within=30)
        await places.settled()
        accounts = set()
        for name in NAMES:
            async with service.looking(places.settings[name]) as controller:
                found = await controller._found()
                accounts.add(frozenset(public for public, told in found.accounts.items() if told.name == SISTER))
        assert [len(each) for each in accounts] == [1], "one account, the same at all"
        [leader] = await acting(places)
        await places.kill(leader)
        left = next(name for name in NAMES if name != leader)
        await eventually(lambda: says(places, left, []), within=60, what="the next who acts has nothing to do")


async def has(places: Places, name: str, text: str) -> bool:
    return places.settings[name].directory.read_text() == text


async def test_a_stream_of_one_copy_becomes_one_of_three_by_an_update_and_loses_nothing(tmp_path: Path) -> None:
    async with three(tmp_path, replicas=1) as places:
        line, city = await places.line(COUNTY), await places.line(CITY)
        await published(line, said(LOG, 50))
        await places.stop()
        places.running.clear()
        places.settings = {name: msgspec.structs.replace(each, replicas=3) for name, each in places.settings.items()}
        places.start(*NAMES)
        await places.settled()
        async with service.looking(places.settings["one"]) as controller:
            assert {each.copies for each in await controller.status()} == {3}
        city = await places.line(CITY)
        assert await everything_read(city, 50) == list(range(50))
