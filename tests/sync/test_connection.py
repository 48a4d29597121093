"""The line to the hub comes back by itself, and nothing goes out that its sender has given up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import StaleConnectionError

from sync.bus import connection
from sync.bus.streams import asked_of, question_of
from tests.faults.proxy import Proxy, Way
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
        await asyncio.wait_for(working.wait(), 80)
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

    await client.subscribe(asked_of(COUNTY), cb=note)
    hub.server.kill()

    async def is_cut() -> bool:
        return not client.is_connected

    await eventually(is_cut)
    with pytest.raises(NatsError):
        await client.publish(question_of(COUNTY, COUNTY), b"while cut")
    await hub.server.start()
    await asyncio.wait_for(came_back.wait(), 80)
    await client.publish(question_of(COUNTY, COUNTY), b"after")

    async def heard() -> list[bytes]:
        return seen

    assert await eventually(heard) == [b"after"], "and subscriptions are back by themselves"
    await connection.close(client)


@pytest_asyncio.fixture
async def silent(hub: Hub) -> AsyncIterator[tuple[Client, Proxy]]:
    """A line that holds more than its socket takes: nothing of it reaches the hub, and nobody was told."""
    proxy = await Proxy(hub.server.place.port).open()
    client = await connection.connect(proxy.url, hub.creds / f"{COUNTY}.creds", COUNTY, wait=0.05)
    proxy.half_open(Way.UP, for_new_lines=False)
    transport = client._transport._io_writer.transport  # type: ignore[union-attr]

    async def is_full() -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(client.publish("own.word", b"x" * 100_000), 0.1)
        return bool(transport.get_write_buffer_size() > 50_000)

    await eventually(is_full)
    yield client, proxy
    await proxy.close()
    await connection.close(client)


async def test_a_line_that_fell_silent_is_given_up_with_all_that_it_holds(silent: tuple[Client, Proxy]) -> None:
    client, _ = silent
    await client._process_op_err(StaleConnectionError())  # what unanswered pings end in, after a minute

    async def is_back() -> bool:
        return client.is_connected and client.stats["reconnects"] == 1

    await eventually(is_back)
    assert (await client.request("sh.33.01.10.c", b"x", timeout=5)).data


async def test_a_line_that_fell_silent_can_be_closed(silent: tuple[Client, Proxy]) -> None:
    client, _ = silent
    await asyncio.wait_for(connection.close(client), 80)
    assert client.is_closed


async def test_lines_that_are_closed_while_they_look_for_their_hub_look_no_more(hub: Hub) -> None:
    """At any moment of looking: nats-py cancels that once, and Python 3.11 may swallow it."""
    creds = hub.creds / f"{COUNTY}.creds"
    lines = [await connection.connect(hub.url, creds, COUNTY, wait=0.001) for _ in range(50)]
    hub.server.kill()
    for each in lines:
        await eventually(partial(looks_for_it, each))
        await connection.close(each)
    assert [each for each in lines if not each.is_closed] == []
    names = [repr(task) for task in asyncio.all_tasks() if "_attempt_reconnect" in repr(task)]
    assert len(names) <= 2, "the controller's own two lines"
    await hub.server.start()


async def looks_for_it(line: Client) -> bool:
    return line.is_reconnecting
