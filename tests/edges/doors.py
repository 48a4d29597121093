"""Both doors of a federation over loopback HTTP: a committee's own service and a gateway that asks it over a real hub.

Everything runs in one background thread with a loop of its own, so that tests knock as any program would.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import nats
import uvicorn
from starlette.applications import Starlette

from gateway.service import Newest, site
from gateway.settings import Settings as GatewaySettings
from sync.bus.answerer import Answerer
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust.directory import Contents, Directory, Listed
from tenant_service.app import build
from tenant_service.committee import Committee, open_committee
from tenant_service.identity import accounts, passwords
from tenant_service.identity.accounts import Draft
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings as CommitteeSettings
from tests.directories import signed
from tests.gateway.federation import UNHURRIED, free_port, hub, known
from tests.migrated import migrated
from tests.waiting import eventually, until

COMMITTEE, GATEWAY = "330421", "gateway-330400"
PASSWORD = "jia-shan-2026"
ROLES = {"admin": Role.SYSTEM_ADMIN, "clerk": Role.CLERK, "member": Role.MEMBER}
CLIENT = httpx2.Client(timeout=60)  # one for all: to make one costs more than a request
GRAPHQL, JSON = "application/graphql-response+json", "application/json"


@dataclass
class Door:
    """One `/graphql`. `token` gives a bearer token of the account that is named like its role."""

    name: str
    url: str
    app: Starlette
    tokens: Callable[[str], str]
    cookie: Callable[[], str]

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/graphql")

    def ask(self, document: str, role: str = "", **variables: Any) -> httpx2.Response:
        return self.post({"query": document, "variables": variables}, **self.signed(role))

    def post(self, body: Any, **headers: str) -> httpx2.Response:
        told = {"content-type": JSON} | {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return CLIENT.post(self.url, content=content, headers=told)

    def get(self, parameters: dict[str, str], **headers: str) -> httpx2.Response:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return CLIENT.get(self.url, params=parameters, headers=told)

    def signed(self, role: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens(role)}"} if role else {}


@dataclass
class Doors:
    """`committee` and `gateway`, both open; `service` is what stands behind the first."""

    committee: Door
    gateway: Door
    service: Committee

    def each(self) -> list[Door]:
        return [self.committee, self.gateway]


@contextmanager
def doors(folder: Path, *, shows_schema: bool) -> Iterator[Doors]:
    """`shows_schema`: as on a developer's machine; without, as in production."""
    made: list[Doors] = []
    trouble: list[BaseException] = []
    ending: list[Callable[[], object]] = []

    async def main() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        async with _opened(folder, shows_schema=shows_schema) as opened:
            ending.append(lambda: loop.call_soon_threadsafe(over.set))
            made.append(opened)
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 — told in the test's own thread
            trouble.append(error)

    thread = threading.Thread(target=run, name="doors")
    thread.start()
    try:
        until(lambda: made or trouble, within=60, what="both doors are open")
        if trouble:
            raise trouble[0]
        yield made[0]
    finally:
        for end in ending:
            end()
        thread.join(60)


@asynccontextmanager
async def _opened(folder: Path, *, shows_schema: bool) -> AsyncIterator[Doors]:
    own, joint = free_port(), free_port()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(hub())
        directory, key = _founded(folder)
        committee = open_committee(
            CommitteeSettings(
                committee=COMMITTEE, database=migrated(folder / "committee.db"), keys=folder / COMMITTEE,
                directory=folder / "directory.jws", root=folder / "root.jwk", demo=shows_schema,
                http_port=own, public_url=f"http://127.0.0.1:{own}",
            )
        )  # fmt: skip
        stack.callback(committee.close)
        _accounts(committee)
        settings = GatewaySettings(
            id=GATEWAY, hub=url, credentials=folder / "none", key=key, secure_cookies=False, shows_schema=shows_schema,
            **UNHURRIED,  # type: ignore[arg-type]
        )  # fmt: skip
        connections = [await nats.connect(url) for _ in range(2)]
        for each in connections:
            stack.push_async_callback(each.close)
        await Answerer(connections[0], COMMITTEE, committee.rpc, TOO_LARGE).open()
        await known(connections[0])
        apps = build(committee), site(settings, Newest(directory), connections[1])
        for app, port in zip(apps, (own, joint), strict=True):
            await stack.enter_async_context(_served(app, port))
        yield _doors(committee, apps, (own, joint))


def _doors(committee: Committee, apps: tuple[Starlette, Starlette], ports: tuple[int, int]) -> Doors:
    kept: dict[str, str] = {}
    base, loop = f"http://127.0.0.1:{ports[0]}", asyncio.get_running_loop()

    def token(role: str) -> str:
        if role not in kept:
            asked = {"username": role, "password": PASSWORD, "gateways": [GATEWAY]}
            kept[role] = httpx2.post(f"{base}/token", json=asked, timeout=60).json()["token"]
        return kept[role]

    def of_the_committee() -> str:
        asked = {"username": "clerk", "password": PASSWORD}
        told = httpx2.post(f"{base}/sign-in", data=asked, headers={"origin": base}, timeout=60)
        return told.headers["set-cookie"].partition(";")[0]

    def of_the_gateway() -> str:
        parts = apps[1].state.parts
        exchanged = parts.entry.exchange.caller(token("clerk"), parts.federation.now().directory)
        caller = asyncio.run_coroutine_threadsafe(exchanged, loop).result(60)
        return f"{parts.cookie}={parts.sessions.open(caller.token)}"

    urls = [f"http://127.0.0.1:{port}/graphql" for port in ports]
    return Doors(
        Door("committee", urls[0], apps[0], token, of_the_committee),
        Door("gateway", urls[1], apps[1], token, of_the_gateway), committee,
    )  # fmt: skip


def _founded(folder: Path) -> tuple[Directory, Path]:
    """A directory of this committee and the gateway, signed on disk; and where the gateway's key is."""
    root, request = jose.new_key(), jose.new_key()
    keys = keys_in(folder / COMMITTEE).public()
    entries = [
        Listed(id=COMMITTEE, name="嘉善县政协", level=Level.COUNTY, keys=keys),
        Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(request)]}),
    ]
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries)
    (folder / "directory.jws").write_text(signed(contents, root))
    (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
    (folder / "request.jwk").write_text(json.dumps(request.as_dict(private=True)))
    return Directory(contents), folder / "request.jwk"


def _accounts(committee: Committee) -> None:
    hashed, console = passwords.hashed(PASSWORD), accounts.founder(COMMITTEE)
    with committee.units.write() as unit:
        for name, role in ROLES.items():
            person = f"{COMMITTEE}.person.{'0' * 31}1" if role is Role.MEMBER else None
            accounts.create(unit, console, Draft(name, name, frozenset({role}), person), hashed, must_change=False)


@asynccontextmanager
async def _served(app: Starlette, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(app, "127.0.0.1", port, access_log=False, log_level="warning", server_header=False)
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server._serve())  # `serve` would take over the process's signals

    async def started() -> bool:
        return server.started or serving.done()

    await eventually(started, what="the application is served")
    try:
        yield
    finally:
        server.should_exit = True
        await serving
