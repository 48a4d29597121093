"""What goes over one WebSocket: objects, one at a time, to a client that takes them; and how it is closed."""

import asyncio
from contextlib import suppress
from typing import Any

import orjson
from starlette.types import Receive
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sync.contract.errors import Refusal
from sync.edge.body import object_in
from sync.edge.budget import Limits

LINGERS = 60.0
"""Seconds for which a client that was closed holds its place, if it does not go."""
_LONGEST_REASON = 100  # bytes; a close frame has 123


class Closed(Exception):
    """We end the connection, with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Line:
    """One client's WebSocket."""

    def __init__(self, socket: WebSocket, receive: Receive, limits: Limits, slowest: float) -> None:
        """`slowest`: seconds that the client may take to receive one message."""
        self.socket, self._receive = socket, receive
        self._limits, self._slowest = limits, slowest
        self._one_at_a_time = asyncio.Lock()

    async def next(self) -> dict[str, Any]:
        """The next message. Raises: Closed, it is none; WebSocketDisconnect."""
        received = await self.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1000))
        told = received.get("text")
        if told is None:
            raise Closed(4400, "Invalid message")
        body = told.encode("utf-8", "replace")
        if len(body) > self._limits.bytes:
            raise Closed(1009, "Message too large")
        try:
            return object_in(body, self._limits)
        except Refusal:
            raise Closed(4400, "Invalid message") from None

    async def send(self, told: dict[str, Any]) -> None:
        """Raises: as `send_text`."""
        await self.send_text(orjson.dumps(told))

    async def send_text(self, told: bytes) -> None:
        """Raises: Closed, the client does not take it; WebSocketDisconnect."""
        try:
            async with asyncio.timeout(self._slowest), self._one_at_a_time:
                await self.socket.send_text(told.decode())
        except TimeoutError:
            raise Closed(4413, "Too slow; go on with after") from None
        except RuntimeError:  # it was closed meanwhile
            raise WebSocketDisconnect from None

    async def close(self, closed: Closed) -> None:
        if self.socket.application_state is not WebSocketState.CONNECTED:
            return
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            async with asyncio.timeout(self._slowest):
                reason = closed.reason.encode()[:_LONGEST_REASON].decode("utf-8", "ignore")
                await self.socket.close(closed.code, reason)
            await self._gone()

    async def _gone(self) -> None:
        """Until the client has gone as well. A server says that we have closed, and later, once more, that the
        connection is over: it ends it itself where the client does not answer.
        """
        async with asyncio.timeout(LINGERS):
            for _ in ("closed", "over"):
                while (await self._receive())["type"] != "websocket.disconnect":
                    pass
