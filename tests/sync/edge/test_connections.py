"""Whoever opens connections and sends no request holds nobody up: over real sockets, in front of a real server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sync.edge.connections import Connection, patient
from tests.waiting import eventually

HEAD = b"GET /page HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123"
LONG = 600.0
SHORT = 0.05
PATIENCE = 60
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Door:
    """A server that waits for at most so many, and what came to it."""

    port: int
    slow: asyncio.Event = field(default_factory=asyncio.Event)
    lines: list[Line] = field(default_factory=list)

    async def come(self, *, saying: bytes) -> Line:
        made = await asyncio.open_connection("127.0.0.1", self.port)
        self.lines.append(made)
        made[1].write(saying)
        await made[1].drain()
        return made


@asynccontextmanager
async def door(most: int, head: float, body: float) -> AsyncIterator[Door]:
    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())} bytes")

    async def slow(_: Request) -> PlainTextResponse:
        await made.slow.wait()
        return PlainTextResponse("at last")

    app = Starlette(routes=[Route("/page", page, methods=["GET", "POST"]), Route("/slow", slow)])
    served: Any = patient(most, head, body)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", http=served))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, what="the door is open")
    made = Door(server.servers[0].sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        made.slow.set()
        for _, writer in made.lines:
            writer.close()
        server.should_exit = True
        await serving


def run(
    scene: Callable[[Door], Coroutine[Any, Any, None]], most: int = 100, head: float = LONG, body: float = LONG
) -> None:
    async def played() -> None:
        async with door(most, head, body) as made:
            await scene(made)

    asyncio.run(played())


async def answer(line: Line) -> bytes:
    """What comes to its end; nothing, where it was cut."""
    try:
        return await asyncio.wait_for(line[0].read(), PATIENCE)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("begun", [b"", HEAD, BODY], ids=["nothing", "half a head", "half a body"])
def test_over_so_many_the_oldest_that_wait_are_closed_and_pages_are_answered(begun: bytes) -> None:
    async def scene(made: Door) -> None:
        lines = [await made.come(saying=begun) for _ in range(20)]
        closed = [await answer(line) for line in lines[:15]]
        assert closed == [b""] * 15
        line = await made.come(saying=HEAD + b"Connection: close\r\n\r\n")
        assert (await answer(line)).endswith(b"0 bytes")
        assert not any(reader.at_eof() for reader, _ in lines[-4:])

    run(scene, most=5)


@pytest.mark.parametrize("begun", [b"", HEAD, BODY], ids=["nothing", "half a head", "half a body"])
def test_a_request_that_does_not_come_is_waited_for_so_long(begun: bytes) -> None:
    async def scene(made: Door) -> None:
        assert await answer(await made.come(saying=begun)) == b""

    run(scene, head=SHORT, body=SHORT)


def test_a_head_that_comes_byte_by_byte_has_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not clocked: however many bytes come, one time runs."""
    started = list[str]()
    wait = Connection._wait

    def counted(self: Connection, owes: str) -> None:
        before = self._until
        wait(self, owes)
        if self._until is not before:
            started.append(owes)

    monkeypatch.setattr(Connection, "_wait", counted)

    async def scene(made: Door) -> None:
        reader, writer = await made.come(saying=b"")
        for byte in HEAD + b"Content-Length: 3\r\n\r\n123" + HEAD + b"Connection: close\r\n\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        assert (await answer((reader, writer))).count(b"bytes") == 2
        assert started.count("head") <= 2
        assert started.count("body") <= 1

    run(scene)


def test_an_answer_takes_as_long_as_it_takes_and_the_connection_serves_on() -> None:
    async def scene(made: Door) -> None:
        reader, writer = await made.come(saying=b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(10):  # each waits longer than the first would have been waited for
            assert await answer(await made.come(saying=HEAD)) == b""
        made.slow.set()
        assert (await asyncio.wait_for(reader.readuntil(b"at last"), PATIENCE)).startswith(b"HTTP/1.1 200")
        writer.write(HEAD + b"Connection: close\r\n\r\n")
        assert (await answer((reader, writer))).endswith(b"0 bytes")

    run(scene, most=5, head=SHORT)
