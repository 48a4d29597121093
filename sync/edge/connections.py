"""Connections without a whole request: how long one may be that, and how many at once. Each takes a file of the
process, and costs whoever opens it nothing.
"""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sync.edge.networks import network_of

HEAD_SECONDS, BODY_SECONDS = 20.0, 120.0
"""Until the head of a request has come, and then until its body has."""
MOST_WAITING = 300
"""Connections of one process that wait for a request, or between two."""


class Waiting:
    """The connections that wait. Over so many, the network that has the most of them loses its oldest: whoever opens a
    thousand closes their own.
    """

    def __init__(self, most: int) -> None:
        self._most, self.count = most, 0
        self._of: dict[str, dict[Connection, None]] = {}
        """Each network's, the oldest first."""

    def enter(self, connection: "Connection") -> None:
        of = self._of.setdefault(connection.network, {})
        self.count += connection not in of
        of[connection] = None
        if self.count > self._most:
            crowd = max(self._of, key=lambda network: len(self._of[network]))
            next(iter(self._of[crowd])).drop()

    def leave(self, connection: "Connection") -> None:
        of = self._of.get(connection.network, {})
        if connection not in of:
            return
        del of[connection]
        self.count -= 1
        if not of:
            del self._of[connection.network]


class Connection(HttpToolsProtocol):
    """One connection. From its first moment, and again from the first byte of each further request, it has `head`
    seconds for a head and then `body` for a body; between two requests uvicorn's own time holds.
    """

    def __init__(self, waiting: Waiting, head: float, body: float, **options: Any) -> None:
        super().__init__(**options)
        self._waiting, self._times = waiting, {"head": head, "body": body}
        self._owes, self._until, self._is_over = "", None, False
        self.network = ""

    _until: asyncio.TimerHandle | None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.network = network_of(self.client[0]) if self.client else ""
        self._wait("head")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look("head")

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look("nothing")

    def handle_websocket_upgrade(self) -> None:
        self._end()  # what it says from now on is counted where it greets
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def drop(self) -> None:
        """It is closed at once, whatever it is about to say."""
        self._end()
        self.transport.abort()

    def _look(self, between: str) -> None:
        """What it owes us now; `between`: that is what it owes while none of its requests is under way."""
        if self._is_over:
            return
        newest: Any = self.cycle  # None before the first
        if newest is None or newest.response_complete:
            self._wait(between)
        elif newest.more_body:
            self._wait("body")
        else:
            self._settle()

    def _wait(self, owes: str) -> None:
        if owes == self._owes:
            return
        self._settle()
        self._owes = owes
        if seconds := self._times.get(owes):
            self._until = self.loop.call_later(seconds, self.drop)
        self._waiting.enter(self)

    def _settle(self) -> None:
        """It owes us nothing."""
        if self._until is not None:
            self._until.cancel()
        self._owes, self._until = "", None
        self._waiting.leave(self)

    def _end(self) -> None:
        self._is_over = True
        self._settle()


def patient(
    most: int = MOST_WAITING, head: float = HEAD_SECONDS, body: float = BODY_SECONDS
) -> "partial[Connection]":  # fmt: skip
    """What uvicorn makes the connections of one server with."""
    return partial(Connection, Waiting(most), head, body)
