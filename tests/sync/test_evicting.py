"""A store that fills up: who takes most of it loses its oldest events there, nobody else loses any, and all publish on.

That whoever misses such an event is given it by holders: tests/federation/test_evicted.py.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from sync.bus.ending import ended
from sync.bus.line import Line
from sync.hub.evicting import HIGH, LOW, Evictor
from sync.hub.plan import DeclareStream
from sync.hub.sightings import Kind
from sync.log import Event
from tests.sync.hubs import COUNTY, SISTER, Hub, said
from tests.sync.watched import Watched, watched_hub
from tests.waiting import eventually

LOG, OTHERS = f"{COUNTY}/c", "sh.33.01.10.c"
OWN = "sh.33.01.02.c"
SMALL = 8 * 1024**2
"""Bytes of the whole store, in place of 8 GiB; 20 000 events of 128 KiB, which one log may have, are 2.5 GB."""

pytestmark = pytest.mark.asyncio


def evictor(watched: Watched) -> Evictor:
    return Evictor(watched.hub.controller, watched.watch.note, Random(7).randint)


async def held(hub: Hub) -> dict[str, int]:
    """Subject of the province → messages."""
    told = await hub.controller.jetstream.stream_info("SH_33", subjects_filter=">")
    return told.state.subjects or {}


async def flooded(line: Line, log: str, count: int, size: int = 120_000) -> None:
    """So many events of this size were published on the log."""
    at = 0
    for number in range(count):
        at = await line.publish(log, [Event("000001-aaaa", number + 1, b"x" * 32, b"x" * size)], at)


async def test_a_flood_of_large_events_keeps_nobody_from_publishing_and_costs_only_the_flooder(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        hub, keeper = watched.hub, evictor(watched)
        county, flooder = await hub.line(COUNTY), await hub.line(SISTER)
        events, at, placed = said(LOG, 40), 0, 0
        for number in range(100):
            large = Event("000001-aaaa", number + 1, b"x" * 32, b"x" * 120_000)
            placed = await flooder.publish(f"{SISTER}/c", [large], placed)
            if number % 10 == 0:
                at = await county.publish(LOG, events[number // 10 * 4 :][:4], at)
                await keeper.look()
            used, most = await hub.controller.storage()
            assert used < most == SMALL
        assert (await county.last(LOG))[1] == events[-1]
        assert (await flooder.last(f"{SISTER}/c"))[0] == placed, "the last one stays, so nothing is published anew"
        now = await held(hub)
        assert (now[OTHERS], now[OWN] < 60) == (40, True)
        assert watched.watch.figures.seen[Kind.EVICTED, SISTER] == 100 - now[OWN]
        assert watched.audited(Kind.EVICTED, SISTER)
        assert not watched.seen(Kind.EVICTED, COUNTY)
        assert await hub.controller.plan() == []


async def test_a_few_large_events_weigh_more_than_many_small_ones_wherever_they_lie(tmp_path: Path) -> None:
    """First the large ones, then everybody else's, so that most of the stream's places are small."""
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        await flooded(await watched.hub.line(SISTER), f"{SISTER}/c", 42)
        await (await watched.hub.line(COUNTY)).publish(LOG, said(LOG, 490), 0)
        await evictor(watched).look()
        used, most = await watched.hub.controller.storage()
        assert used <= HIGH * most
        assert (await held(watched.hub))[OTHERS] == 490
        assert watched.watch.figures.seen.keys() == {(Kind.EVICTED, SISTER)}


async def test_empty_places_lend_nobody_weight(tmp_path: Path) -> None:
    """Large ones, an honest neighbour's, and then thousands of tiny ones that push each other out."""
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        jetstream, flooder = watched.hub.controller.jetstream, await watched.hub.line(SISTER)
        await flooded(flooder, f"{SISTER}/c", 42)
        await (await watched.hub.line(COUNTY)).publish(LOG, said(LOG, 90), 0)
        config = (await jetstream.stream_info("SH_33")).config
        await jetstream.update_stream(replace(config, max_msgs_per_subject=100))
        tiny, at = [Event("000001-aaaa", 1, b"", b"x")] * 500, 0
        for _ in range(20):
            at = await flooder.publish(f"{SISTER}/p", tiny, at)
        await evictor(watched).look()
        used, most = await watched.hub.controller.storage()
        assert used <= HIGH * most
        assert (await held(watched.hub))[OTHERS] == 90
        assert watched.watch.figures.seen.keys() == {(Kind.EVICTED, SISTER)}


async def test_what_is_hidden_in_headers_weighs_as_well(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        client = await watched.hub.connect(SISTER)
        await (await watched.hub.line(COUNTY)).publish(LOG, said(LOG, 50), 0)
        for _ in range(85):
            await client.request(OWN, b"", headers={"X": "y" * 60_000}, timeout=5)
        await evictor(watched).look()
        assert (await held(watched.hub))[OTHERS] == 50
        assert watched.watch.figures.seen.keys() == {(Kind.EVICTED, SISTER)}


@pytest.mark.parametrize("headers", [{"Status": "500"}, {"Status": "500", "Description": "x"}, {"Status": "404"}])
async def test_headers_that_look_like_the_servers_own_change_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        client = await watched.hub.connect(SISTER)
        for _ in range(85):
            await client.request(OWN, b"", headers={**headers, "X": "y" * 60_000}, timeout=5)
        await evictor(watched).look()
        used, most = await watched.hub.controller.storage()
        assert used <= (LOW + 0.05) * most


async def test_a_store_in_which_nothing_can_be_dropped_is_told_of(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=1024**2) as watched:
        line, keeper = await watched.hub.line(SISTER), evictor(watched)
        for channel in "cdop":
            await flooded(line, f"{SISTER}/{channel}", 1, 128_000)
        assert await keeper.look() == 0
        assert not watched.watch.figures.seen
        await flooded(await watched.hub.line(COUNTY), LOG, 1, 128_000)
        assert await keeper.look() == 0
        assert watched.watch.figures.seen == {(Kind.STORE_FULL, ""): 1}
        await watched.watch.look_at_streams()
        assert "liandong_hub_store_most_bytes 1048576" in watched.watch.figures.page()


async def test_a_stream_of_an_earlier_release_is_declared_as_before_and_never_purged(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=1024**2) as watched:
        jetstream = watched.hub.controller.jetstream
        config = (await jetstream.stream_info("SH_33")).config
        await jetstream.delete_stream("SH_33")
        await jetstream.add_stream(config, deny_purge=True)
        await watched.hub.controller.declare()
        watched.hub.change(members=[COUNTY, SISTER])
        await watched.hub.controller.declare()
        assert not [each for each in await watched.hub.controller.plan() if isinstance(each, DeclareStream)]
        await flooded(await watched.hub.line(SISTER), f"{SISTER}/c", 6)
        assert await evictor(watched).look() == 0
        assert watched.watch.figures.seen == {(Kind.STORE_FULL, ""): 1}


async def test_only_the_controller_that_acts_evicts_and_no_fault_ends_it(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        controller, looks = watched.hub.controller, 0
        controller.acts = False
        await flooded(await watched.hub.line(SISTER), f"{SISTER}/c", 50)

        def draw(first: int, last: int) -> int:
            nonlocal looks
            looks += 1
            if looks == 1:
                raise LookupError("something that nobody has thought of")
            return Random(looks).randint(first, last)

        async def evicted() -> bool:
            return (await held(watched.hub))[OWN] < 50

        keeping = asyncio.create_task(Evictor(controller, watched.watch.note, draw).keep(0.05))
        try:
            await watched.watch.look_at_streams()
            assert not await evicted()
            assert looks == 0
            controller.acts = True
            await eventually(evicted)
        finally:
            await ended([keeping])
            with suppress(asyncio.CancelledError):
                keeping.result()
