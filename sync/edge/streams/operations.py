"""Operations under way over one WebSocket, by the ids that its client gave them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import orjson
from starlette.websockets import WebSocketDisconnect

from sync.contract.errors import Code, Refusal
from sync.edge.asking import INTERNAL
from sync.edge.body import asked_in
from sync.edge.budget import Limits
from sync.edge.documents import Shown, Unfit, shown_refusal
from sync.edge.streams.audience import Stream
from sync.edge.streams.line import Closed, Line
from sync.edge.streams.viewing import Viewer

log = logging.getLogger(__name__)


class Operations:
    """Each is performed in a task of its own; a delivery is made when the one before it has been taken."""

    def __init__(
        self, line: Line, stream: Stream, limits: Limits, most: int, again_after: int, end: Callable[[Exception], None]
    ) -> None:
        """`most`: at once. `again_after`: seconds that who has so many is told. `end`: is called with the reason when
        nothing can be sent any more.
        """
        self._line, self._stream, self._limits, self._most = line, stream, limits, most
        self._again_after, self._end = again_after, end
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._under_way

    def tasks(self) -> list[asyncio.Task[None]]:
        return list(self._under_way.values())

    async def begin(self, id: str, payload: dict[str, Any], viewer: Viewer) -> None:
        """Raises: Closed, WebSocketDisconnect."""
        if len(self._under_way) >= self._most:
            await self._fail(
                id, [shown_refusal(Refusal(Code.TOO_MANY_OPEN, seconds=self._again_after, most=self._most))]
            )
            return
        self._under_way[id] = asyncio.create_task(self._perform(id, payload, viewer))

    def stop(self, id: str) -> None:
        """The client wants no more of it."""
        if begun := self._under_way.pop(id, None):
            begun.cancel()

    async def _perform(self, id: str, payload: dict[str, Any], viewer: Viewer) -> None:
        try:
            asked = asked_in(orjson.dumps(payload), self._limits)
            async for each in await viewer.begin(asked):
                if each.body:
                    told = b'{"id":%s,"type":"next","payload":%s}' % (orjson.dumps(id), each.body)
                    await self._line.send_text(told)
                    self._stream.delivered()
            await self._over(id, {"id": id, "type": "complete"})
        except Refusal as refusal:
            await self._fail(id, [shown_refusal(refusal)])
        except Unfit as unfit:
            await self._fail(id, unfit.errors)
        except (Closed, WebSocketDisconnect) as closed:
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
            await self._line.send(told)
        except (Closed, WebSocketDisconnect) as closed:
            self._end(closed)
