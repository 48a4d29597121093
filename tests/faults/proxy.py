"""A TCP proxy between one committee and the hub, whose line can be cut, slowed, or fall silent in either direction.

It runs in the loop of whoever opened it, on the loopback only. What it did is counted, so that a fault that changed
nothing is noticed.
"""

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

_AT_ONCE = 65_536
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: the socket is closed with a reset."""


class Way(StrEnum):
    UP = "up"  # committee → hub
    DOWN = "down"


@dataclass
class Weather:
    """What happens to bytes of one direction.

    Attributes:
        is_open: Otherwise they are taken and kept back, and nobody is told.
        delay: Seconds that each piece waits.
        drip: Bytes that are passed on at a time; 0: as they come.
    """

    is_open: bool = True
    delay: float = 0.0
    drip: int = 0


class Proxy:
    """Listens on `port` and passes on to `hub_port`."""

    def __init__(self, hub_port: int) -> None:
        self.hub_port, self.port = hub_port, 0
        self.weather = {way: Weather() for way in Way}
        self.counts = Counter[str]()
        """`lines` opened, `resets`, and bytes `withheld`, `delayed`, `dripped`, `passed`."""
        self._refuses = False
        self._silent: dict[asyncio.Task[None], frozenset[Way]] = {}
        self._changed = asyncio.Event()
        self._lines = dict[asyncio.Task[None], list[asyncio.StreamWriter]]()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def open_lines(self) -> int:
        return len(self._lines)

    async def open(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.reset()
        while self._lines:
            await asyncio.wait(list(self._lines))

    # ── faults ──

    def reset(self) -> None:
        """Every line ends at once with a reset, as if a router had forgotten it; new ones may come."""
        for task, ends in list(self._lines.items()):
            for end in ends:
                _reset(end)
            self.counts["resets"] += 1
            task.cancel()

    def cut(self) -> None:
        """Every line is reset, and new ones are as well until `heal`."""
        self._refuses = True
        self.reset()

    def half_open(self, *ways: Way, for_new_lines: bool = True) -> None:
        """Nothing passes in these directions (both, if none is named); the sockets stay, and nobody is told. Unless
        `for_new_lines`, only on the lines there are, as when a router forgets its table.
        """
        if not for_new_lines:
            self._silent = dict.fromkeys(self._lines, frozenset(ways or Way))
            return
        for way in ways or Way:
            self.weather[way].is_open = False

    def delay(self, seconds: float) -> None:
        for each in self.weather.values():
            each.delay = seconds

    def drip(self, count: int, seconds: float) -> None:
        """`count` bytes at a time, and so long between them."""
        for each in self.weather.values():
            each.drip, each.delay = count, seconds

    def heal(self) -> None:
        """Lines are as they should be; what was kept back is passed on, as TCP would send it again."""
        self._refuses, self._silent = False, {}
        self.weather = {way: Weather() for way in Way}
        self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # ── lines ──

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines[task] = [writer]
        try:
            await self._carry(task, reader, writer)
        except (OSError, asyncio.CancelledError):
            return  # either end is gone, or the line was reset
        finally:
            for end in self._lines.pop(task):
                end.close()

    async def _carry(
        self, task: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self._refuses:
            self.counts["resets"] += 1
            _reset(writer)
            return
        hub_reader, hub_writer = await asyncio.open_connection("127.0.0.1", self.hub_port)
        self._lines[task].append(hub_writer)
        self.counts["lines"] += 1
        pumps = [
            asyncio.ensure_future(self._pump(task, Way.UP, reader, hub_writer)),
            asyncio.ensure_future(self._pump(task, Way.DOWN, hub_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in pumps:
                each.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(
        self, line: asyncio.Task[None], way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(_AT_ONCE):
            await self._let_through(line, way, len(data))
            weather = self.weather[way]
            size = weather.drip or len(data)
            for start in range(0, len(data), size):
                # Asked for each piece: a line that heals stops dripping in the middle of what it held.
                now = self.weather[way]
                if now.delay:
                    self.counts["dripped" if now.drip else "delayed"] += size
                    await self._changed_within(now.delay)
                await self._let_through(line, way, 0)
                writer.write(data[start : start + size])
                await writer.drain()
            self.counts["passed"] += len(data)

    async def _let_through(self, line: asyncio.Task[None], way: Way, size: int) -> None:
        if not self._is_open(line, way):
            self.counts["withheld"] += size
        while not self._is_open(line, way):
            await self._changed.wait()

    def _is_open(self, line: asyncio.Task[None], way: Way) -> bool:
        return self.weather[way].is_open and way not in self._silent.get(line, ())

    async def _changed_within(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()


def _reset(writer: asyncio.StreamWriter) -> None:
    taken = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
