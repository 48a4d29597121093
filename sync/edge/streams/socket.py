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
from contextlib import suppress
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sync.contract.errors import Code, Refusal
from sync.contract.tokens import bearer_of
from sync.edge.asking import INTERNAL, refused
from sync.edge.body import asked_in, object_in
from sync.edge.budget import Limits
from sync.edge.documents import Shown, Unfit, shown_refusal
from sync.edge.networks import network_of
from sync.edge.streams.audience import SOCKET, Audience, Stream
from sync.edge.streams.viewing import Opening, Viewer

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
GREETING_SECONDS = 10.0
"""Within which a client has to say who it is."""
SLOWEST = 20.0
"""Seconds that a client may take to receive one message."""
LINGERS = 60.0
"""Seconds for which a client that was closed holds its place, if it does not go."""
_BEFORE_GREETING = 5
"""Messages that a client may send until it has said who it is, that one among them."""
_LONGEST_ID = 100
_LONGEST_REASON = 100  # bytes; a close frame has 123


class _Closed(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


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
        self._of, self._socket, self._receive, self._stream = of, socket, receive, stream
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._viewer: Viewer | None = None
        self.give_back = arrived
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serves until either side ends it."""
        if PROTOCOL not in self._socket.scope["subprotocols"]:
            await self._socket.accept()
            await self._close(_Closed(4406, "Subprotocol not acceptable"))
            return
        await self._socket.accept(PROTOCOL)
        reading, why = asyncio.create_task(self._read()), None
        try:
            await asyncio.wait([reading, self._ended], return_when=asyncio.FIRST_COMPLETED)
            await (self._ended if self._ended.done() else reading)
        except _Closed as closed:
            why = closed
        except WebSocketDisconnect:
            pass
        except Exception:
            log.exception("a socket broke")
            why = _Closed(1011, "Internal error")
        finally:
            tasks = [reading, *self._under_way.values()]
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
                    await self._take(await self._next())
                    if self._viewer is not None:
                        break
                else:
                    raise _Closed(4400, "Too many messages before the greeting")
        except TimeoutError:
            raise _Closed(4408, "Connection initialisation timeout") from None
        while True:
            await self._take(await self._next())

    async def _next(self) -> dict[str, Any]:
        """The next message. Raises: _Closed, WebSocketDisconnect."""
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1000))
        told = received.get("text")
        if told is None:
            raise _Closed(4400, "Invalid message")
        body = told.encode("utf-8", "replace")
        if len(body) > self._of.limits.bytes:
            raise _Closed(1009, "Message too large")
        try:
            return object_in(body, self._of.limits)
        except Refusal:
            raise _Closed(4400, "Invalid message") from None

    async def _take(self, told: dict[str, Any]) -> None:
        payload = told.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise _Closed(4400, "Invalid message")
        match told.get("type"):
            case "connection_init":
                await self._greeted(payload or {})
            case "ping":
                said = {"payload": payload} if payload and self._viewer else {}
                await self._send({"type": "pong", **said})
            case "pong":
                pass
            case "subscribe":
                await self._begin(_id(told), payload)
            case "complete":
                if begun := self._under_way.pop(_id(told), None):
                    begun.cancel()
            case _:
                raise _Closed(4400, "Invalid message")

    async def _greeted(self, payload: dict[str, Any]) -> None:
        if self._viewer is not None:
            raise _Closed(4429, "Too many initialisation requests")
        said = payload.get("authorization", payload.get("Authorization"))
        try:
            viewer = _known(await self._of.opening(self._socket, bearer_of(said)))
        except Refusal as refusal:
            raise _Closed(4403, f"Forbidden: {refusal.code}") from None
        try:
            greeted = self._of.audience.places.take(viewer.name)
        except Refusal:
            raise _Closed(1013, "Too many connections") from None
        self.give_back()
        self.give_back = greeted
        self._viewer = viewer
        await self._send({"type": "connection_ack"})

    async def _begin(self, id: str, payload: dict[str, Any] | None) -> None:
        if self._viewer is None:
            raise _Closed(4401, "Unauthorized")
        if id in self._under_way:
            raise _Closed(4409, f"Subscriber for {id} already exists")
        if payload is None:
            raise _Closed(4400, "Invalid message")
        if len(self._under_way) >= self._of.most_operations:
            await self._fail(
                id, [shown_refusal(Refusal(Code.RATE_LIMITED, seconds=self._of.audience.places.again_after))]
            )
            return
        self._under_way[id] = asyncio.create_task(self._perform(id, payload, self._viewer))

    async def _perform(self, id: str, payload: dict[str, Any], viewer: Viewer) -> None:
        try:
            asked = asked_in(orjson.dumps(payload), self._of.limits)
            async for each in await viewer.begin(asked):
                if each.body:
                    await self._send_text(b'{"id":%s,"type":"next","payload":%s}' % (orjson.dumps(id), each.body))
                    self._stream.delivered()
            await self._over(id, {"id": id, "type": "complete"})
        except Refusal as refusal:
            await self._fail(id, [shown_refusal(refusal)])
        except Unfit as unfit:
            await self._fail(id, unfit.errors)
        except (_Closed, WebSocketDisconnect) as closed:
            self._end(closed)
        except Exception:
            log.exception("an operation over a socket broke")
            await self._fail(id, [INTERNAL])

    async def _fail(self, id: str, errors: list[Shown]) -> None:
        await self._over(id, {"id": id, "type": "error", "payload": errors})

    async def _over(self, id: str, told: dict[str, Any]) -> None:
        if self._under_way.get(id) is asyncio.current_task():
            del self._under_way[id]
        try:
            await self._send(told)
        except (_Closed, WebSocketDisconnect) as closed:
            self._end(closed)

    def _end(self, why: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(why)

    async def _send(self, told: dict[str, Any]) -> None:
        await self._send_text(orjson.dumps(told))

    async def _send_text(self, told: bytes) -> None:
        """Raises: _Closed, the client does not take it; WebSocketDisconnect."""
        try:
            async with asyncio.timeout(self._of.slowest), self._one_at_a_time:
                await self._socket.send_text(told.decode())
        except TimeoutError:
            raise _Closed(4413, "Too slow; go on with after") from None
        except RuntimeError:  # it was closed meanwhile
            raise WebSocketDisconnect from None

    async def _close(self, closed: _Closed) -> None:
        self._stream.how = str(closed.code)
        if self._socket.application_state is not WebSocketState.CONNECTED:
            return
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            async with asyncio.timeout(self._of.slowest):
                reason = closed.reason.encode()[:_LONGEST_REASON].decode("utf-8", "ignore")
                await self._socket.close(closed.code, reason)
            await self._gone()

    async def _gone(self) -> None:
        """Until the client has gone as well. A server says that we have closed, and later, once more, that the
        connection is over: it ends it itself where the client does not answer.
        """
        async with asyncio.timeout(LINGERS):
            for _ in ("closed", "over"):
                while (await self._receive())["type"] != "websocket.disconnect":
                    pass


def _id(told: dict[str, Any]) -> str:
    id = told.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= _LONGEST_ID:
        raise _Closed(4400, "Invalid message")
    return id


def _known(viewer: Viewer) -> Viewer:
    """Raises: Refusal NOT_SIGNED_IN: who asks without an account needs no connection for it."""
    if not viewer.name[0]:
        raise Refusal(Code.NOT_SIGNED_IN)
    return viewer
