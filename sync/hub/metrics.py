"""`GET /metrics` on this machine, for whoever collects figures."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"
_PATIENCE = 5.0
_LONGEST = 8 * 1024
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def answering(port: int | None, page: Callable[[], str]) -> AsyncIterator[None]:
    """While it lasts, `page` is read at `http://127.0.0.1:<port>/metrics`; nowhere without a port.

    Raises:
        OSError: the port is taken.
    """
    if port is None:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                asked = await reader.readuntil(b"\r\n\r\n")
                writer.write(_response(asked.partition(b"\r\n")[0], page))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, HOST, port, limit=_LONGEST)
    try:
        yield
    finally:
        server.close()


def _response(line: bytes, page: Callable[[], str]) -> bytes:
    good = line.startswith(b"GET /metrics ")
    body = page().encode() if good else b"GET /metrics\n"
    status = "200 OK" if good else "404 Not Found"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {_TYPE}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
