"""A WebSocket from the handshake to its end, over a real port: who has not greeted, who is slow."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from sync.edge.budget import Limits
from sync.edge.streams.audience import SOCKET, Audience
from sync.edge.streams.server import bounded
from sync.edge.streams.socket import PROTOCOL, Socket
from sync.edge.streams.viewing import Delivery
from tests.waiting import eventually

PATIENCE, MOST_BYTES = 20.0, 5_000
GREETING = json.dumps({"type": "connection_init", "payload": {"authorization": "Bearer chen"}})
SUBSCRIBE = json.dumps({"type": "subscribe", "id": "1", "payload": {"query": "subscription { much }"}})


async def seen(look: Callable[[], bool], what: str) -> None:
    async def awaited() -> bool:
        return look()

    await eventually(awaited, what=what)


class Much:
    """Somebody to whom there is without end something to deliver."""

    def __init__(self, name: str) -> None:
        self.name = ("330100", name)

    async def begin(
        self, asked: Asked, *, after: str | None = None, only_reads: bool = False
    ) -> AsyncIterator[Delivery]:
        async def deliveries() -> AsyncIterator[Delivery]:
            while True:
                yield Delivery(b'"%s"' % (b"x" * 1_000_000))

        return deliveries()


async def opening(_: HTTPConnection, token: str | None) -> Much:
    if token is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    return Much(token)


class Door:
    """A served socket."""

    def __init__(self, audience: Audience, port: int) -> None:
        self.audience, self.port, self.raw = audience, port, list[asyncio.StreamWriter]()

    def come(self, *protocols: str, **told: Any) -> connect:
        url = f"ws://127.0.0.1:{self.port}/graphql"
        return connect(url, subprotocols=protocols or (PROTOCOL,), **told)  # type: ignore[arg-type]

    async def come_and_answer_nothing(self, protocol: str = PROTOCOL) -> asyncio.StreamReader:
        """Somebody who shakes hands and then answers nothing, not even that the socket is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.raw.append(writer)
        writer.write(
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Sec-WebSocket-Protocol: " + protocol.encode() + b"\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        return reader

    async def holds(self, greeted: int, arriving: int) -> None:
        def look() -> bool:
            return (self.audience.places.count, self.audience.arriving.count) == (greeted, arriving)

        await seen(look, what=f"{greeted} have greeted and {arriving} have not")


@asynccontextmanager
async def door(most_of_one: int = 5, most_ungreeted: int = 100, **told: float) -> AsyncIterator[Door]:
    audience = Audience.of(most_of_one, 100, most_ungreeted)
    app = Starlette(routes=[WebSocketRoute("/graphql", Socket(opening, Limits(bytes=MOST_BYTES), audience, 5, **told))])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", **bounded(MOST_BYTES)))
    serving = asyncio.create_task(server.serve())
    await seen(lambda: server.started, what="the door is open")
    made = Door(audience, server.servers[0].sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        for each in made.raw:
            each.close()
        server.should_exit = True
        await serving


def run(scene: Callable[[Door], Coroutine[Any, Any, None]], **told: Any) -> None:
    async def played() -> None:
        async with door(**told) as made:
            await scene(made)

    asyncio.run(played())


async def closed_by(socket: ClientConnection) -> int | None:
    await asyncio.wait_for(socket.wait_closed(), PATIENCE)
    return socket.close_code


async def refused(made: Door) -> tuple[int, str, str]:
    with pytest.raises(InvalidStatus) as no:
        async with made.come():
            pass
    response = no.value.response
    [error] = json.loads(response.body or b"")["errors"]
    assert error["extensions"]["zh"]
    return response.status_code, error["extensions"]["code"], response.headers["Retry-After"]


def test_no_more_may_stand_there_without_greeting_than_there_are_places() -> None:
    async def scene(made: Door) -> None:
        async with AsyncExitStack() as came:
            first = await came.enter_async_context(made.come())
            assert await refused(made) == (429, "RATE_LIMITED", "10")  # a quarter of the places for one network
            await first.send(GREETING)
            await made.holds(1, 0)
            await came.enter_async_context(made.come())
            await made.holds(1, 1)
        await made.holds(0, 0)
        assert made.audience.ended[SOCKET, "RATE_LIMITED"] == 1
        others = [made.audience.arriving.take(f"192.0.2.{n}") for n in range(4)]
        assert await refused(made) == (503, "BUSY", "10")
        for each in others:
            each()
        async with made.come():
            pass

    run(scene, most_ungreeted=4)


@pytest.mark.parametrize(("protocol", "how"), [("graphql-ws", "4406"), (PROTOCOL, "4408")])
def test_who_was_closed_without_a_greeting_holds_the_place_until_they_are_gone(protocol: str, how: str) -> None:
    async def scene(made: Door) -> None:
        silent = await made.come_and_answer_nothing(protocol)
        assert (await silent.read(1_000))[:1] == b"\x88"  # it is told that it was closed
        assert (made.audience.arriving.count, made.audience.open[SOCKET]) == (1, 1)
        made.raw[-1].close()
        await made.holds(0, 0)
        await seen(lambda: made.audience.ended[SOCKET, how] == 1, what="it is counted how it ended")
        assert made.audience.open[SOCKET] == 0

    run(scene, greeting=0.2)


def test_who_never_goes_is_given_up_by_the_server_and_the_place_is_free() -> None:
    async def scene(made: Door) -> None:
        await made.come_and_answer_nothing("graphql-ws")
        await made.holds(0, 1)
        await made.holds(0, 0)  # ten seconds later

    run(scene)


def test_a_client_that_speaks_another_protocol_is_closed_with_4406() -> None:
    async def scene(made: Door) -> None:
        async with made.come("graphql-ws") as socket:
            assert await closed_by(socket) == 4406
        await made.holds(0, 0)

    run(scene)


def test_who_does_not_greet_in_time_is_closed_with_4408_ping_or_no_ping() -> None:
    async def scene(made: Door) -> None:
        async with made.come() as socket:
            await socket.send('{"type": "ping", "payload": {"much": "%s"}}' % ("x" * 1_000))
            assert json.loads(await socket.recv()) == {"type": "pong"}
            assert await closed_by(socket) == 4408
        await made.holds(0, 0)

    run(scene, greeting=0.5)


def test_who_talks_instead_of_greeting_is_closed_with_4400() -> None:
    async def scene(made: Door) -> None:
        async with made.come() as socket:
            for _ in range(5):
                await socket.send('{"type": "ping"}')
            assert await closed_by(socket) == 4400
        await made.holds(0, 0)

    run(scene)


def test_a_client_that_takes_nothing_is_cut_off_with_4413_and_its_place_is_free() -> None:
    async def scene(made: Door) -> None:
        async with made.come(max_queue=1, max_size=2_000_000) as socket:
            await socket.send(GREETING)
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
            await socket.send(SUBSCRIBE)
            delivered, clock = made.audience.delivered, asyncio.get_running_loop().time
            last = [0, clock()]

            def stands_still() -> bool:
                if delivered[SOCKET] != last[0]:
                    last[:] = delivered[SOCKET], clock()
                return last[0] > 0 and clock() - last[1] > 1.3

            await seen(stands_still, what="the line was full for longer than a client may take")
            async with asyncio.timeout(PATIENCE):
                taken = 0
                with suppress(ConnectionClosed):
                    while await socket.recv():  # now it reads again, and finds that it was closed
                        taken += 1
            assert (taken, socket.close_code) == (delivered[SOCKET], 4413)
        await made.holds(0, 0)

    run(scene, slowest=1.0)


@pytest.mark.parametrize("many", [1, 200])
def test_a_message_over_the_bound_is_not_even_kept(many: int) -> None:
    """`many` pieces: a message in fragments is as large as all of them."""

    async def scene(made: Door) -> None:
        async with made.come() as socket:
            await socket.send(GREETING)
            await socket.recv()
            piece = "x" * (8_000 // many)
            await socket.send(piece if many == 1 else (piece for _ in range(many)))
            assert await closed_by(socket) == 1009
        await made.holds(0, 0)

    run(scene)


def test_one_account_over_its_places_is_closed_with_1013() -> None:
    async def scene(made: Door) -> None:
        async with made.come() as first, made.come() as second:
            await first.send(GREETING)
            await first.recv()
            await second.send(GREETING)
            assert await closed_by(second) == 1013
            await made.holds(1, 0)

    run(scene, most_of_one=1)
