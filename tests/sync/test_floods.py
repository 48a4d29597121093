"""A member that takes up room: batches left open, messages without end, messages too large. Others go on, and it shows.

Connections, subscriptions and slowness have bounds of their own: test_watch.py.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from nats.aio.client import Client

from sync.bus.line import Line
from sync.bus.ports import Unreachable
from sync.hub.room import Room
from sync.hub.sightings import Kind
from sync.log import Event
from tests.federation.exchanges import federation
from tests.sync.hubs import COUNTY, PARTNER, SISTER, Hub, said
from tests.sync.watched import Watched, watched_hub
from tests.tenant_service.exchange.committees import CITY, World
from tests.waiting import eventually

LOG = f"{COUNTY}/c"
OWN = "sh.33.01.02.c"
SLOTS = 20
"""Of the province, in place of 500: so few that one connection keeps all of them taken."""

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def filling(client: Client) -> AsyncIterator[None]:
    """Whenever the server gives up its open batches, it opens as many again."""

    async def fill() -> None:
        number = 0
        while True:
            number += 1
            start = {"Nats-Batch-Id": f"open{number}", "Nats-Batch-Sequence": "1"}
            await client.publish(OWN, b"x", headers=start)
            await client.flush()

    task = asyncio.create_task(fill())
    try:
        yield
    finally:
        task.cancel()


async def is_refused(line: Line, subject: str) -> bool:
    """Whether the province takes no batch at this moment."""
    headers = {"Nats-Batch-Id": f"try{id(object())}", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1"}
    told = await line._connection.request(subject, b"x", headers=headers, timeout=10)
    return b"10210" in told.data


async def test_who_fills_all_places_for_batches_keeps_nobody_from_publishing_and_is_named(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_open_batches=SLOTS) as watched:
        client, probe = await watched.hub.connect(SISTER), await watched.hub.line(SISTER)
        county, partner = await watched.hub.line(COUNTY, wait=20), await watched.hub.line(PARTNER, wait=20)
        async with filling(client):
            await eventually(lambda: is_refused(probe, "sh.33.01.02.p"), what="all places are taken")
            events = said(LOG, 300)
            at = 0
            for page in (events[:100], events[100:200], events[200:]):
                at = await county.publish(LOG, page, at)
            assert (await county.last(LOG))[1] == events[-1], "row by row, each after the one before"
            other = f"{PARTNER}/c"
            assert not await is_refused(partner, "sh.31.01.18.o"), "another province has places of its own"
            await partner.publish(other, said(other, 100), 0)
            await watched.until_seen(Kind.BATCH, SISTER)
        assert watched.watch.figures.abandoned["SH_33", "timeout"] >= SLOTS
        assert watched.audited(Kind.BATCH, SISTER)
        assert not watched.seen(Kind.BATCH, COUNTY)
        assert not watched.seen(Kind.BATCH, PARTNER)
        await eventually(lambda: is_free(probe), what="after a timeout the places are free again")


async def is_free(line: Line) -> bool:
    return not await is_refused(line, "sh.33.01.02.p")


async def test_a_handful_of_batches_left_open_costs_others_nothing(hub: Hub) -> None:
    """The server's own limit of 50 would be used up by these; ours is 500."""
    client, other = await hub.connect(SISTER), await hub.line(COUNTY, wait=20)
    for number in range(60):
        start = {"Nats-Batch-Id": f"open{number}", "Nats-Batch-Sequence": "1"}
        await client.publish(OWN, b"x", headers=start)
    await client.flush()
    assert not await is_refused(other, "sh.33.01.10.o")
    assert await other.publish(LOG, said(LOG, 20), 0) == 21


async def test_a_flood_pushes_out_only_the_flooders_own_and_is_told(tmp_path: Path) -> None:
    """Limits are per log; here the flooder's own is filled by a smaller limit than the real one."""
    async with watched_hub(tmp_path) as watched:
        hub = watched.hub
        jetstream = hub.controller._jetstream
        config = (await jetstream.stream_info("SH_33")).config
        await jetstream.update_stream(replace(config, max_msgs_per_subject=50))
        county, flooder = await hub.line(COUNTY), await hub.line(SISTER)
        await county.publish(LOG, said(LOG, 3), 0)
        await watched.watch.count()
        watched.watch._flood = 20
        placed = await flooder.publish(f"{SISTER}/c", said(f"{SISTER}/c", 200), 0)
        await watched.watch.count()
        assert placed == 203
        assert await hub.stored("SH_33") == 3 + 50
        assert (await county.last(LOG))[0] == 3
        assert watched.seen(Kind.FLOOD, SISTER)
        assert [line.kind for line in watched.audited(Kind.FLOOD, SISTER)] == ["FLOOD"]
        assert watched.watch.figures.traffic[SISTER].received >= 200
        changed = [str(each) for each in await hub.controller.plan()]
        assert len(changed) == 1, "and the controller sets the limit right again"
        assert changed[0].startswith("update stream SH_33")


SMALL = 8 * 1024**2
"""Bytes of the whole store, in place of 8 GiB; 20 000 events of 128 KiB, which one log may have, are 2.5 GB."""


async def test_a_flood_of_large_events_keeps_nobody_from_publishing_and_costs_only_the_flooder(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=SMALL) as watched:
        hub, room = watched.hub, Room(watched.hub.controller, watched.watch.note)
        county, flooder = await hub.line(COUNTY), await hub.line(SISTER)
        events, at, placed = said(LOG, 40), 0, 0
        for number in range(100):
            large = Event("000001-aaaa", number + 1, b"x" * 32, b"x" * 120_000)
            placed = await flooder.publish(f"{SISTER}/c", [large], placed)
            if number % 10 == 0:
                at = await county.publish(LOG, events[number // 10 * 4 :][:4], at)
                await room.make()
            used, most = await hub.controller.storage()
            assert used < most == SMALL
        assert (await county.last(LOG))[1] == events[-1]
        assert (await flooder.last(f"{SISTER}/c"))[0] == placed, "the last one stays, so nothing is published anew"
        held = await hub.controller.jetstream.stream_info("SH_33", subjects_filter="sh.>")
        assert held.state.subjects is not None
        assert held.state.subjects["sh.33.01.10.c"] == 40, "nobody else lost anything"
        assert held.state.subjects[OWN] < 60
        assert watched.watch.figures.seen[Kind.ROOM, SISTER] >= 40
        assert watched.audited(Kind.ROOM, SISTER)
        assert not watched.seen(Kind.ROOM, COUNTY)
        assert await hub.controller.plan() == []


async def test_who_reads_what_left_the_hub_to_make_room_is_given_it_by_holders(tmp_path: Path) -> None:
    world = World()
    async with federation(tmp_path, world, COUNTY) as fed:
        county = fed[COUNTY]
        ids = [county.new_id() for _ in range(60)]
        county.publish_all(ids, 1, ["c"])
        await eventually(lambda: holds(fed.hub, "sh.33.01.10.c", 61))
        jetstream = fed.hub.controller.jetstream
        await jetstream.purge_stream("SH_33", subject="sh.33.01.10.c", keep=3)
        await fed.add(CITY)
        await fed.converged()
        assert set(fed[CITY].shown()) == set(ids)
        assert await holds(fed.hub, "sh.33.01.10.c", 3), "and its owner was not led to publish it anew"


async def holds(hub: Hub, subject: str, count: int) -> bool:
    info = await hub.controller.jetstream.stream_info("SH_33", subjects_filter=subject)
    return (info.state.subjects or {}).get(subject, 0) == count


async def test_a_store_in_which_nothing_can_be_dropped_is_told_of(tmp_path: Path) -> None:
    async with watched_hub(tmp_path, most_disk_bytes=1024**2) as watched:
        line, room = await watched.hub.line(SISTER), Room(watched.hub.controller, watched.watch.note)
        for channel in "cdop":
            await line.publish(f"{SISTER}/{channel}", [Event("000001-aaaa", 1, b"x" * 32, b"x" * 128_000)], 0)
        assert await room.make() == 0
        assert not watched.watch.figures.seen
        other = await watched.hub.line(COUNTY)
        await other.publish(LOG, [Event("000001-aaaa", 1, b"x" * 32, b"x" * 128_000)], 0)
        assert await room.make() == 0
        assert watched.watch.figures.seen == {(Kind.STORE_FULL, ""): 1}


async def test_a_message_over_the_cap_of_an_event_is_not_stored(hub: Hub) -> None:
    """The stream refuses it to its sender and the server writes nothing; one over what the server carries at all ends
    the connection and is told (test_watch.py).
    """
    line = await hub.line(COUNTY)
    [event] = said(LOG, 1)
    with pytest.raises(Unreachable, match="10054"):
        await line.publish(LOG, [event._replace(body=event.body + b" " * 200_000)], 0)
    assert await line.last(LOG) == (0, None)


async def test_messages_to_nobody_cost_their_sender_and_are_counted(tmp_path: Path) -> None:
    async with watched_hub(tmp_path) as watched:
        client = await watched.hub.connect(SISTER)
        for _ in range(500):
            await client.publish("sh.33.01.10.c", b"x" * 1_000)
        await client.flush()
        await watched.until_seen(Kind.PUBLISH, SISTER, 500)
        [line] = watched.audited(Kind.PUBLISH, SISTER)
        assert line.times == 500
        assert await all_quiet(watched)


async def all_quiet(watched: Watched) -> bool:
    return {stream: count for stream, (count, _) in (await watched.hub.state()).items()} == {"SH_31": 0, "SH_33": 0}
