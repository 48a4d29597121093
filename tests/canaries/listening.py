"""Listeners at every door, who write down whatever is delivered until they are cancelled."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.canaries.asking import Answer, Asker, Asking
from tests.canaries.federation import MECHANISM

COLUMNS = ("title", "place", "series", "organizer", "report", "suggestions", "change_note")
"""Columns of activities that are listened to."""
_NODE = """{ cursor id kind committeeId isGone node {
  __typename id ... on Activity { title place series organizer report suggestions changeNote }
} }"""
CHANGES = f"subscription ($after: Cursor) {{ recordChanged(after: $after) {_NODE} }}"
SESSION = f"subscription ($id: ID!) {{ sessionChanged(id: $id) {_NODE} }}"
STATES = "subscription { committeeStateChanged { committee { id name } state since askedAt } }"
DOCUMENTS = (CHANGES, SESSION, STATES)
_PLACE = re.compile(rb"id: (\w+)")


@dataclass
class Listener:
    """One who listens at a door by both ways. `token` empty: nobody.

    Attributes:
        sessions: Activities that are listened to one by one as well.
        heard: By way.
        ended: By way: the door was shut.
    """

    asker: Asker
    door: str
    url: str
    token: str
    sessions: Iterable[str] = ()
    heard: dict[str, bytearray] = field(default_factory=lambda: {"events": bytearray(), "a socket": bytearray()})
    ended: set[str] = field(default_factory=set)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Until it is cancelled, or both doors are shut."""
        await asyncio.gather(self.events(), self.socket())

    async def events(self) -> None:
        """Server-sent events, as graphql-sse has them."""
        headers = {"accept": "text/event-stream"} | ({"authorization": f"Bearer {self.token}"} if self.token else {})
        try:
            async with (
                httpx2.AsyncClient(timeout=60) as client,
                client.stream("POST", f"{self.url}/graphql", json={"query": CHANGES}, headers=headers) as answer,
            ):
                async for piece in answer.aiter_raw():
                    self.heard["events"] += piece
                    self.begun.set()
        finally:
            self.begun.set()
        self.ended.add("events")

    async def socket(self) -> None:
        """A WebSocket, as graphql-transport-ws has it; from the place on at which the events began."""
        await self.begun.wait()
        place = _PLACE.search(bytes(self.heard["events"]))
        asked = [(CHANGES, {"after": place[1].decode()} if place else {})]
        asked += [(SESSION, {"id": id}) for id in self.sessions]
        asked += [(STATES, {})] if self.door == "the gateway" else []
        try:
            await self._converse(asked)
        except WebSocketException as shut:
            self.heard["a socket"] += repr(shut).encode()
        self.ended.add("a socket")

    async def _converse(self, asked: list[tuple[str, dict[str, str]]]) -> None:
        url, told = self.url.replace("http:", "ws:"), {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with connect(f"{url}/graphql", subprotocols=["graphql-transport-ws"], open_timeout=60) as line:  # type: ignore[list-item]
            await line.send(json.dumps({"type": "connection_init", "payload": told}))
            self.heard["a socket"] += str(await line.recv()).encode()
            open_ = set[str]()
            for number, (query, variables) in enumerate(asked):
                open_.add(str(number))
                payload = {"query": query, "variables": variables}
                await line.send(json.dumps({"id": str(number), "type": "subscribe", "payload": payload}))
            while open_:
                piece = str(await line.recv())
                self.heard["a socket"] += piece.encode()
                said = json.loads(piece)
                if said["type"] in ("error", "complete"):
                    open_.discard(said["id"])


LOOKS = ("/events", f"/m/{MECHANISM}/events")
"""Streams that tell a browser at the gateway to look anew."""


def looks(asking: Asking, asker: Asker) -> Iterator[Answer]:
    """What each of these streams tells first, or that it is not the asker's to hear."""
    gateway = asking.planted.gateway
    with closing(asking.browser(asker, gateway)) as client:
        for path in LOOKS:
            with client.stream("GET", gateway + path) as answer:
                told = bytearray()
                for piece in answer.iter_raw():
                    told += piece
                    if b"changed" in told and b"\r\n\r\n" in told:
                        break
                yield Answer(asker, gateway + path, answer.status_code, bytes(told), path.encode())
