"""The proxy does to a line what it says, and counts it; a fault suite on a proxy that does nothing proves nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.proxy import Proxy, Way
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Before a server that sends back what it is sent."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1_000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    opened = await Proxy(server.sockets[0].getsockname()[1]).open()
    yield opened
    await opened.close()
    server.close()


async def line(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    return reader, writer


async def test_a_line_in_good_weather_passes_everything(proxy: Proxy) -> None:
    reader, writer = await line(proxy)
    sent = bytes(range(256)) * 4_000
    writer.write(sent)
    assert await reader.readexactly(len(sent)) == sent


@pytest.mark.parametrize("way", Way)
async def test_a_half_open_line_keeps_back_one_direction_until_it_heals(proxy: Proxy, way: Way) -> None:
    reader, writer = await line(proxy)
    proxy.half_open(way)
    writer.write(b"kept back")

    async def withheld() -> bool:
        return proxy.counts["withheld"] == 9

    await eventually(withheld)
    passed_up = 5 + (9 if way is Way.DOWN else 0)
    assert proxy.counts["passed"] == 5 + passed_up, "the other direction is open"
    coming = asyncio.ensure_future(reader.readexactly(9))
    proxy.heal()
    assert await coming == b"kept back"


async def test_a_cut_line_ends_with_a_reset_and_no_new_one_is_let_through(proxy: Proxy) -> None:
    reader, _ = await line(proxy)
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        await reader.readexactly(1)
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError, AssertionError)):
        await line(proxy)
    proxy.heal()
    await line(proxy)
    assert proxy.counts["resets"] == 2


async def test_a_dripping_line_passes_a_few_bytes_at_a_time(proxy: Proxy) -> None:
    reader, writer = await line(proxy)
    proxy.drip(3, 0.01)
    writer.write(b"0123456789")
    first = await reader.read(100)
    assert 0 < len(first) <= 6
    assert first + await reader.readexactly(10 - len(first)) == b"0123456789"
    assert proxy.counts["dripped"] >= 10


async def test_a_slow_line_heals_in_the_middle_of_what_it_holds(proxy: Proxy) -> None:
    reader, writer = await line(proxy)
    proxy.delay(1_000)
    writer.write(b"slow")

    async def delayed() -> bool:
        return proxy.counts["delayed"] == 4

    await eventually(delayed)
    proxy.heal()
    assert await reader.readexactly(4) == b"slow"
