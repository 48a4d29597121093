"""A federation for the length of a test module: a real nats-server, small committees, and gateways over them."""

import asyncio
import datetime as dt
import json
import socket
import subprocess
import sysconfig
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import uuid_utils
from nats.aio.client import Client

from gateway.app import Parts, assemble
from gateway.identity.callers import NOBODY, Caller
from gateway.schema import compose
from gateway.settings import Settings
from sync.bus.answerer import Answerer, Question
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tests.gateway.committee import SDL, WIDE, Rows, Service, committees, rows_of
from tests.waiting import eventually

GATEWAY, HOME, MECHANISM = "gateway-330100", "330100", "330100.mechanism." + "a" * 32
OF_ALL = "330100.mechanism." + "b" * 32
JOINT_SDL = compose(SDL)
TOO_LARGE = b'{"errors":[{"message":"ask for less","extensions":{"code":"RESULT_TOO_LARGE","zh":"x"}}]}'
UNHURRIED = {
    "requests_per_minute": 10**6, "strangers_per_minute": 10**6, "cost_per_minute": 10**13, "deadline_ms": 10_000,
}  # fmt: skip
"""A module asks more in a minute than anybody may; and a test of what is late says its own deadline, or a busy machine
would be late in all of them.
"""
Behaving = Callable[[Question, bytes], Awaitable[bytes | None]]
"""What a committee answers, given a question and its own honest answer to it; None: nothing."""


class Keys:
    """One key for each committee's tokens, and the gateway's."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.gateway = jose.new_key()
        self.tokens = {id: jose.new_key() for id in ids}


def directory_of(of: dict[str, CommitteeRecord], keys: Keys) -> Directory:
    """All of them below the city `HOME`, which is one of them; the first two share a mechanism, and all have one."""
    entries = [
        Listed(
            id=id, name=each.name, short_name=each.short_name, level=each.level,
            parent=None if id == HOME else HOME, keys={"token": [jose.public(keys.tokens[id])]},
        )
        for id, each in of.items()
    ]  # fmt: skip
    entries.append(Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(keys.gateway)]}))
    below = [id for id in of if id != HOME][:2]
    mechanisms = [
        ListedMechanism(id=MECHANISM, name="联动", members=below),
        ListedMechanism(id=OF_ALL, name="全市联动", members=[id for id in of if id != HOME]),
    ]
    now = int(time.time())
    return Directory(Contents(serial=1, issued_at=now, expires_at=now + 86_400, entries=entries, mechanisms=mechanisms))


class Federation:
    """`services` has each committee as it answers, and under "union" one that holds everybody's rows."""

    def __init__(self, url: str, count: int, activities: int) -> None:
        self.url = url
        below = committees(count)
        city = committees(1, "3300")["330001"]
        city.id, city.name, city.short_name, city.level, city.parent_id = HOME, "市政协", "市", Level.CITY, None  # type: ignore[assignment]
        self.city, self.below = city, below
        self.of = {HOME: city, **below}
        self.keys = Keys(list(self.of))
        self.directory = directory_of(self.of, self.keys)
        self.rows = {id: rows_of({id: each}, activities) for id, each in self.of.items()}
        self.services = {
            id: Service(self.rows[id], id, self.directory, self._shared(id)) for id in self.of
        }  # fmt: skip
        self.union = Service(rows_of(below, activities))
        self.behaving: dict[str, Behaving] = {}
        """Committee → how it behaves instead of answering honestly."""
        self.connections: list[Client] = []

    def _shared(self, home: str) -> Rows:
        """At the city, copies of everything; elsewhere nothing."""
        if home != HOME:
            return Rows(self.of)
        rows = rows_of(self.below, len(next(iter(self.rows.values())).activities), self.of)
        rows.as_of = {id: dt.datetime(2026, 11, 1, tzinfo=dt.UTC) for id in self.below}
        return rows

    async def connect(self) -> Client:
        self.connections.append(await nats.connect(self.url))
        return self.connections[-1]

    async def serve(self, id: str) -> Answerer:
        """The committee answers from now on, until its answerer is closed."""
        connection = await self.connect()

        async def answering(question: Question) -> bytes | None:
            asked_for_rows = question.verb != "token"
            service = self.services[id]
            honest = service.answer(question.body, question.verb, question.headers) if asked_for_rows else b""
            return await self.behaving[id](question, honest) if id in self.behaving else honest

        opened = await Answerer(connection, id, answering, TOO_LARGE).open()
        await known(connection)
        return opened

    def token(self, home: str = HOME, roles: Sequence[str] = ("clerk",), **changed: Any) -> str:
        now = int(time.time())
        claims = Claims(
            iss=home, sub="chen", roles=list(roles), aud=[FEDERATION], iat=now, exp=now + 600,
            jti=uuid_utils.uuid7().hex, name="chen", cnf=jose.thumbprint(self.keys.gateway),
        )  # fmt: skip
        claims = Claims(**{**{name: getattr(claims, name) for name in claims.__struct_fields__}, **changed})
        return issued(claims, self.keys.tokens[home])

    def caller(self, home: str = HOME, roles: Sequence[str] = ("clerk",)) -> Caller:
        token = self.token(home, roles)
        return Caller(token, None if not token else _claims(token))

    async def parts(
        self, limits: Limits = WIDE, directory: Directory | None = None, clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic, **settings: Any,
    ) -> Parts:  # fmt: skip
        """A gateway over a connection of its own."""
        chosen = Settings(
            id=GATEWAY,
            hub=self.url,
            credentials=Path("none"),
            key=Path("none"),
            shows_schema=True,
            **UNHURRIED | settings,
        )
        parts = assemble(
            chosen,
            lambda: directory or self.directory,
            await self.connect(),
            self.keys.gateway,
            sdl=JOINT_SDL,
            clock=clock,
            ticks=ticks,
            limits=limits,
        )
        await parts.asker.open()
        return parts

    async def close(self) -> None:
        for connection in self.connections:
            await connection.close()


def _claims(token: str) -> Claims:
    told = json.loads(jose.payload_of(token))
    return Claims(**told)


@asynccontextmanager
async def federation(count: int, activities: int, *, away: Sequence[str] = ()) -> AsyncIterator[Federation]:
    """`count` committees below a city, all answering but those `away`."""
    async with hub() as url:
        made = Federation(url, count, activities)
        try:
            for id in made.of:
                if id not in away:
                    await made.serve(id)
            yield made
        finally:
            await made.close()


@asynccontextmanager
async def hub() -> AsyncIterator[str]:
    """The address of a nats-server that runs for so long."""
    port = free_port()
    binary = Path(sysconfig.get_path("scripts")) / "nats-server"
    server = subprocess.Popen([binary, "-a", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        await eventually(lambda: _listens(port), what="the hub listens")
        yield f"nats://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


async def known(connection: Client) -> None:
    """The hub knows what was subscribed to. (nats-py sends a flush's ping ahead of what is still to be written.)"""
    await connection.flush()
    await connection.flush()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


async def said_while(
    made: Federation, parts: Parts, conduct: Mapping[str, Behaving], query: str, deadline: int, **variables: Any
) -> tuple[dict[str, Any], float]:
    """The live answer while these committees serve and behave so, and the seconds until it came. `deadline`:
    milliseconds.
    """
    made.behaving = dict(conduct)
    opened = [await made.serve(id) for id in made.behaving]
    lines = made.connections[len(made.connections) - len(opened) :]
    began = time.monotonic()
    told = await said(parts, query, fan={"deadlineMs": deadline, "read": "LIVE"}, **variables)
    seconds = time.monotonic() - began
    for answerer, line in zip(opened, lines, strict=True):
        await answerer.close()
        if not line.is_closed:  # one may have ended its own
            await known(line)
    return told, seconds


async def said(parts: Parts, query: str, caller: Caller = NOBODY, **variables: Any) -> dict[str, Any]:
    """The GraphQL response to this document."""
    answer = await parts.gateway.answer(Asked(query, variables), caller)
    told: dict[str, Any] = json.loads(answer.body)
    return told
