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
from sync.hub.sightings import Kind
from tests.sync.hubs import COUNTY, PARTNER, SISTER, Hub, said
from tests.sync.watched import Watched, watched_hub
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
        jetstream = hub.controller.jetstream
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
