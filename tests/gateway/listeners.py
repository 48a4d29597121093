"""A committee as it really is, a gateway served over a real port, and people who listen there."""

import asyncio
import datetime as dt
import json
import socket
import sysconfig
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import nats
import uuid_utils
import uvicorn
from nats.aio.msg import Msg
from websockets.asyncio.client import ClientConnection, connect

from gateway.app import assemble, serving
from gateway.schema import compose
from gateway.service import Newest
from gateway.settings import Settings
from sync.bus.answerer import Answerer
from sync.contract import jose
from sync.contract.channels import Scope, Share
from sync.contract.levels import Level
from sync.contract.shapes.activities import ActivityKind
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from tenant_service.activities import service as activities
from tenant_service.committee import Committee, open_committee
from tenant_service.graphql import schema as tenant_schema
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings as CommitteeSettings
from tests.directories import signed
from tests.gateway.committee import WIDE
from tests.gateway.federation import free_port, known
from tests.migrated import migrated
from tests.waiting import eventually

GATEWAY, CITY = "gateway-330100", "330100"
SPRING = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
PATIENCE = 60.0
CHANGES = """subscription ($after: Cursor, $kinds: [RecordKind!]) {
  recordChanged(after: $after, kinds: $kinds) {
    id kind committeeId isGone cursor node { __typename id ... on Activity { title state } }
  }
}"""


@cache
def joint() -> str:
    """The joint schema over a committee as it really is."""
    return compose(tenant_schema.as_str())


class Town:
    """One city committee, its hub and its gateway; each can be cut off and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key, self.root = folder, jose.new_key(), jose.new_key()
        keys = keys_in(folder / CITY)
        self.token_key = keys.token
        entries = [
            Listed(id=CITY, name="市政协", level=Level.CITY, keys=keys.public()),
            Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(self.key)]}),
        ]
        contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries)
        (folder / "directory.jws").write_text(signed(contents, self.root))
        (folder / "root.jwk").write_text(json.dumps(jose.public(self.root)))
        self.directory = Directory(contents)
        self.hub_port, self.port = free_port(), free_port()
        self.hub: Popen[bytes] | None = None
        self.home: AsyncExitStack | None = None
        self.gateway: AsyncExitStack | None = None
        self.committee: Committee
        self.sessions: Any = None
        self.places: dict[str, int] = {}
        self.ahead = 0.0
        """Seconds by which the gateway's clock is moved on."""

    # ── what runs ──

    async def start_hub(self) -> None:
        binary = Path(sysconfig.get_path("scripts")) / "nats-server"
        self.hub = Popen([binary, "-a", "127.0.0.1", "-p", str(self.hub_port)], stderr=DEVNULL)  # noqa: ASYNC220
        await eventually(lambda: listens(self.hub_port), what="the hub listens")

    def stop_hub(self) -> None:
        assert self.hub
        self.hub.terminate()
        self.hub.wait(10)

    async def start_home(self) -> None:
        told = CommitteeSettings(
            committee=CITY, database=migrated(self.folder / f"{CITY}.db"), directory=self.folder / "directory.jws",
            root=self.folder / "root.jwk", keys=self.folder / CITY, limits=WIDE,
        )  # fmt: skip
        made = self.committee = open_committee(told)
        stack = self.home = AsyncExitStack()
        connection = await nats.connect(
            f"nats://127.0.0.1:{self.hub_port}", max_reconnect_attempts=-1, reconnect_time_wait=0.1
        )
        stack.callback(made.close)
        stack.push_async_callback(connection.close)
        answerer = await Answerer(connection, CITY, made.rpc, TOO_LARGE).open()
        stack.push_async_callback(answerer.close)
        tail = asyncio.create_task(made.listening.tail.run())
        stack.push_async_callback(_cancelled, tail)
        await known(connection)

    async def start_gateway(self, **told: Any) -> None:
        stack = self.gateway = AsyncExitStack()
        connection = await nats.connect(
            f"nats://127.0.0.1:{self.hub_port}", max_reconnect_attempts=-1, reconnect_time_wait=0.1
        )
        stack.push_async_callback(connection.close)
        chosen = Settings(
            id=GATEWAY, hub="", credentials=Path(), key=Path(), secure_cookies=False, **(self.places | told)
        )
        parts = assemble(
            chosen, Newest(self.directory), connection, self.key, sdl=joint(), limits=WIDE,
            clock=lambda: time.time() + self.ahead,
        )  # fmt: skip
        self.sessions, self.cookie = parts.sessions, parts.cookie
        server = uvicorn.Server(
            uvicorn.Config(serving(parts, connection), port=self.port, log_level="error", ws="auto")
        )
        serve = asyncio.create_task(server.serve())

        async def stop() -> None:
            server.should_exit = True
            await serve

        stack.push_async_callback(stop)
        await eventually(lambda: listens(self.port), what="the gateway listens")

    async def stop(self) -> None:
        for each in (self.gateway, self.home):
            if each:
                await each.aclose()
        if self.hub:
            self.stop_hub()

    # ── who is there ──

    def account(self, *roles: Role) -> str:
        with self.committee.units.write() as unit:
            draft = accounts.Draft(f"u{uuid_utils.uuid7().hex[-12:]}", "测试人员", frozenset(roles))
            return accounts.create(unit, accounts.founder(CITY), draft, "x", must_change=False).id

    def token(self, account: str, *roles: Role, lives: int = 600) -> str:
        now = int(dt.datetime.now(dt.UTC).timestamp())
        claims = Claims(
            iss=CITY, sub=account, roles=list(roles), aud=[FEDERATION], iat=now, exp=now + lives,
            jti=uuid_utils.uuid7().hex, cnf=jose.thumbprint(self.key),
        )  # fmt: skip
        return issued(claims, self.token_key)

    def sign_out(self, account: str) -> None:
        """Everywhere; tokens count to the second, so it is done as of the next."""
        with self.committee.units.write() as unit:
            accounts.close(unit, accounts.founder(CITY), account, "人员调整")

    # ── what happens ──

    def staff(self, role: Role) -> Actor:
        return Actor(committee=CITY, iss=CITY, sub=role.value, name="测试人员", roles=frozenset({role}))

    def draft(self, title: str = "民生议事堂") -> str:
        with self.committee.units.write() as unit:
            told = activities.Draft(title, ActivityKind.HALL_SESSION, SPRING, "南星街道", "提案委员会")
            return activities.draft(unit, self.staff(Role.CLERK), self.directory, told, [Share(Scope.OPEN)]).id

    def sign_off(self, id: str) -> None:
        with self.committee.units.write() as unit:
            activities.submit(unit, self.staff(Role.CLERK), id)
            activities.sign_off(unit, self.staff(Role.SECRETARY), id, unclassified=True)

    @asynccontextmanager
    async def overheard(self) -> AsyncIterator[list[str]]:
        """The subjects of what gateways ask anybody meanwhile."""
        asked: list[str] = []
        connection = await nats.connect(f"nats://127.0.0.1:{self.hub_port}")

        async def hear(message: Msg) -> None:
            asked.append(message.subject)

        await connection.subscribe("rpc.>", cb=hear)
        await connection.flush()
        try:
            yield asked
            await connection.flush()
        finally:
            await connection.close()

    async def waits(self, count: int = 1) -> None:
        """So many questions wait at home for a change; a listener's first one only asks where the end is."""

        async def look() -> bool:
            return sum(each.ask.after is not None for each in self.committee.listening.tail.waiters) >= count

        await eventually(look, within=PATIENCE, what="somebody waits at home")


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    made = Town(folder)
    try:
        await made.start_hub()
        await made.start_home()
        await made.start_gateway()
        yield made
    finally:
        await made.stop()


class Listener:
    """One WebSocket, spoken as the protocol says."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **told: Any) -> None:
        await self.socket.send(json.dumps(told))

    async def heard(self) -> dict[str, Any]:
        """The next message. Raises: ConnectionClosed."""
        async with asyncio.timeout(PATIENCE):
            told: dict[str, Any] = json.loads(await self.socket.recv())
            return told

    async def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        await self.say(type="subscribe", id=id, payload={"query": query, "variables": variables})


@asynccontextmanager
async def listener(port: int, token: str | None = None, **headers: str) -> AsyncIterator[Listener]:
    """Somebody who has greeted, if with a token; without one nothing has been said yet."""
    url = f"ws://127.0.0.1:{port}/graphql"
    named: dict[str, Any] = {"origin": headers.pop("Origin", None)}
    async with connect(url, subprotocols=["graphql-transport-ws"], additional_headers=headers, **named) as socket:  # type: ignore[list-item]
        made = Listener(socket)
        if token is not None:
            await made.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
            assert (await made.heard())["type"] == "connection_ack"
        yield made


async def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def run(folder: Path, scene: Callable[[Town], Coroutine[Any, Any, None]]) -> None:
    async def played() -> None:
        async with town(folder) as made:
            await scene(made)

    asyncio.run(played())


async def next_change(listening: Listener) -> dict[str, Any]:
    told = await listening.heard()
    assert told["type"] == "next", told
    change: dict[str, Any] = told["payload"]["data"]["recordChanged"]
    return change


async def closed_by(listening: Listener) -> int:
    """The code with which the other side closes."""
    await asyncio.wait_for(listening.socket.wait_closed(), PATIENCE)
    code = listening.socket.close_code
    assert code is not None
    return code
