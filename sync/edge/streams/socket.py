"""graphql-transport-ws over a WebSocket: queries, mutations and subscriptions, many at once.

    4400  a message that is none of the protocol      4406  the client does not speak graphql-transport-ws
    4401  something is asked before the greeting      4408  no greeting in time
    4403  whoever greets is refused                   4409  an id is used twice at once
    1009  a message is too large                      4413  the client takes too long to receive what it asked for
    1013  too many connections                        4429  greeted twice

Whoever has not greeted holds a place among few, from the first byte until the connection is gone; one more is answered
429 or 503 instead of being let in. Before the greeting a client has a few small messages and no more, so that closing
never waits for one who reads nothing.

A delivery is made when the one before it has been taken, so a slow client costs no memory; one that takes nothing at
all is cut off, and goes on with `after`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from sync.contract.errors import Code, Refusal
from sync.contract.trust.tokens import bearer_of
from sync.edge.asking import refused
from sync.edge.budget import Limits
from sync.edge.networks import network_of
from sync.edge.streams.audience import SOCKET, Audience, Stream
from sync.edge.streams.line import Closed, Line
from sync.edge.streams.operations import Operations
from sync.edge.streams.viewing import Opening, Viewer

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
GREETING_SECONDS = 10.0
"""Within which a client has to say who it is."""
SLOWEST = 20.0
"""Seconds that a client may take to receive one message."""
_BEFORE_GREETING = 5
"""Messages that a client may send until it has said who it is, that one among them."""
_LONGEST_ID = 100


class Socket:
    """An ASGI application for one path's WebSockets."""

    def __init__(
        self, opening: Opening, limits: Limits, audience: Audience, most_operations: int, *,
        greeting: float = GREETING_SECONDS, slowest: float = SLOWEST,
    ) -> None:  # fmt: skip
        """`most_operations`: under way at once over one connection."""
        self.opening, self.limits, self.audience = opening, limits, audience
        self.most_operations = most_operations
        self.greeting, self.slowest = greeting, slowest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        try:
            arrived = self.audience.arriving.take(network_of(socket.client.host if socket.client else ""))
        except Refusal as no:
            self.audience.turned_away(SOCKET, no)
            await socket.send_denial_response(refused(no, None))
            return
        stream = Stream(self.audience, SOCKET)
        with stream.is_open():
            connection = _Connection(self, socket, receive, stream, arrived)
            try:
                await connection.run()
            finally:
                connection.give_back()


class _Connection:
    def __init__(
        self, of: Socket, socket: WebSocket, receive: Receive, stream: Stream, arrived: Callable[[], None]
    ) -> None:
        """`arrived`: gives back the place of who has not greeted."""
        self._of, self._socket, self._stream = of, socket, stream
        self._line = Line(socket, receive, of.limits, of.slowest)
        self._operations = Operations(
            self._line, stream, of.limits, of.most_operations, of.audience.places.again_after, self._end
        )
        self._viewer: Viewer | None = None
        self.give_back = arrived
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serves until either side ends it."""
        if PROTOCOL not in self._socket.scope["subprotocols"]:
            await self._socket.accept()
            await self._close(Closed(4406, "Subprotocol not acceptable"))
            return
        await self._socket.accept(PROTOCOL)
        reading, why = asyncio.create_task(self._read()), None
        try:
            await asyncio.wait([reading, self._ended], return_when=asyncio.FIRST_COMPLETED)
            await (self._ended if self._ended.done() else reading)
        except Closed as closed:
            why = closed
        except WebSocketDisconnect:
            pass
        except Exception:
            log.exception("a socket broke")
            why = Closed(1011, "Internal error")
        finally:
            tasks = [reading, *self._operations.tasks()]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._ended.done():
                self._ended.exception()  # both sides may have ended it; one reason was told
        if why:
            await self._close(why)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._of.greeting):
                for _ in range(_BEFORE_GREETING):
                    await self._take(await self._line.next())
                    if self._viewer is not None:
                        break
                else:
                    raise Closed(4400, "Too many messages before the greeting")
        except TimeoutError:
            raise Closed(4408, "Connection initialisation timeout") from None
        while True:
            await self._take(await self._line.next())

    async def _take(self, told: dict[str, Any]) -> None:
        payload = told.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Closed(4400, "Invalid message")
        match told.get("type"):
            case "connection_init":
                await self._greeted(payload or {})
            case "ping":
                said = {"payload": payload} if payload and self._viewer else {}
                await self._line.send({"type": "pong", **said})
            case "pong":
                pass
            case "subscribe":
                await self._begin(_id(told), payload)
            case "complete":
                self._operations.stop(_id(told))
            case _:
                raise Closed(4400, "Invalid message")

    async def _greeted(self, payload: dict[str, Any]) -> None:
        if self._viewer is not None:
            raise Closed(4429, "Too many initialisation requests")
        said = payload.get("authorization", payload.get("Authorization"))
        try:
            viewer = _known(await self._of.opening(self._socket, bearer_of(said)))
        except Refusal as refusal:
            raise Closed(4403, f"Forbidden: {refusal.code}") from None
        try:
            greeted = self._of.audience.places.take(viewer.name)
        except Refusal:
            raise Closed(1013, "Too many connections") from None
        self.give_back()
        self.give_back = greeted
        self._viewer = viewer
        await self._line.send({"type": "connection_ack"})

    async def _begin(self, id: str, payload: dict[str, Any] | None) -> None:
        if self._viewer is None:
            raise Closed(4401, "Unauthorized")
        if id in self._operations:
            raise Closed(4409, f"Subscriber for {id} already exists")
        if payload is None:
            raise Closed(4400, "Invalid message")
        await self._operations.begin(id, payload, self._viewer)

    async def _close(self, closed: Closed) -> None:
        self._stream.how = str(closed.code)
        await self._line.close(closed)

    def _end(self, why: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(why)


def _id(told: dict[str, Any]) -> str:
    id = told.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= _LONGEST_ID:
        raise Closed(4400, "Invalid message")
    return id


def _known(viewer: Viewer) -> Viewer:
    """Raises: Refusal NOT_SIGNED_IN: who asks without an account needs no connection for it."""
    if not viewer.name[0]:
        raise Refusal(Code.NOT_SIGNED_IN)
    return viewer
