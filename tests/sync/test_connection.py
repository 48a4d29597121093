"""The line to the hub comes back by itself, and nothing goes out that its sender has given up."""

import asyncio
from contextlib import suppress

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.streams import question_of
from tests.sync.hubs import COUNTY, Hub
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio


async def test_what_the_work_raises_ends_its_connection_and_is_raised(hub: Hub) -> None:
    used: list[Client] = []

    async def work(client: Client) -> None:
        used.append(client)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await connection.while_connected(hub.url, hub.creds / f"{COUNTY}.creds", COUNTY, work)
    assert used[0].is_closed


async def test_a_program_that_starts_before_the_hub_works_once_it_is_there(hub: Hub) -> None:
    hub.server.kill()
    working = asyncio.Event()

    async def work(client: Client) -> None:
        assert (await client.request("sh.33.01.10.c", b"x", timeout=5)).data
        working.set()
        await asyncio.Event().wait()

    creds = hub.creds / f"{COUNTY}.creds"
    running = asyncio.create_task(connection.while_connected(hub.url, creds, COUNTY, work, wait=0.05))
    try:
        await asyncio.wait([running], timeout=0.2)
        assert not working.is_set()
        await hub.server.start()
        await asyncio.wait_for(working.wait(), 20)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_nothing_is_kept_back_while_the_line_is_cut_and_sent_later(hub: Hub) -> None:
    seen: list[bytes] = []
    came_back = asyncio.Event()

    async def back() -> None:
        came_back.set()

    client = await connection.connect(hub.url, hub.creds / f"{COUNTY}.creds", COUNTY, reconnected=back, wait=0.05)

    async def note(message: Msg) -> None:
        seen.append(message.data)

    await client.subscribe(question_of(COUNTY, "*"), cb=note)
    hub.server.kill()

    async def is_cut() -> bool:
        return not client.is_connected

    await eventually(is_cut)
    with pytest.raises(NatsError):
        await client.publish(question_of(COUNTY, COUNTY), b"while cut")
    await hub.server.start()
    await asyncio.wait_for(came_back.wait(), 20)
    await client.publish(question_of(COUNTY, COUNTY), b"after")

    async def heard() -> list[bytes]:
        return seen

    assert await eventually(heard) == [b"after"], "and subscriptions are back by themselves"
    await connection.close(client)
