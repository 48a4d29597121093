"""A hub of three real servers on this machine, each with a controller of its own, as `liandong hub serve` runs them."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec
from joserfc.jwk import ECKey
from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.line import Line
from sync.contract import jose
from sync.contract.trust.directory import Contents
from sync.hub import service
from sync.hub.cluster import prepare
from sync.hub.keys import HubKeys
from sync.hub.server import ServerFailed
from sync.hub.settings import Settings
from tests.directories import signed
from tests.sync.hubs import free_port, parties
from tests.waiting import eventually

NAMES = ("one", "two", "three")
ROOT = jose.new_key()
KEYS: dict[str, ECKey] = {}


def contents(serial: int, count: int = 6) -> Contents:
    return Contents(serial=serial, issued_at=0, expires_at=2**40, entries=parties(KEYS)[:count])


class Places:
    """Three servers by name; those that are running have a task."""

    def __init__(self, folder: Path, replicas: Literal[1, 3] = 3) -> None:
        routes = {name: free_port() for name in NAMES}
        peers = [f"127.0.0.1:{port}" for port in routes.values()]
        prepare(folder, dict.fromkeys(NAMES, "127.0.0.1"), HubKeys(folder / "keys"), 4222)
        self.settings: dict[str, Settings] = {}
        for name in NAMES:
            place = folder / name
            (place / "root.jwk").write_bytes(msgspec.json.encode(jose.public(ROOT)))
            (place / "directory.jws").write_text(signed(contents(1), ROOT))
            self.settings[name] = Settings(
                folder=place / "hub", creds=folder / "creds", directory=place / "directory.jws",
                root=place / "root.jwk", port=free_port(), name=name, replicas=replicas,
                cluster_listen=f"127.0.0.1:{routes[name]}", cluster_peers=peers, check_seconds=0.3,
            )  # fmt: skip
        self.creds = folder / "creds"
        self.running: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._connections: list[Client] = []

    @property
    def url(self) -> str:
        return ",".join(f"nats://{each.host}:{each.port}" for each in self.settings.values())

    def start(self, *names: str) -> None:
        for name in names:
            ended = asyncio.Event()
            self.running[name] = ended, asyncio.create_task(service.serve(self.settings[name], ended))

    async def kill(self, name: str) -> None:
        """As a power failure would: the server first, and what ran beside it ends for that."""
        pid = int((self.settings[name].folder / "nats.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        _, task = self.running.pop(name)
        with suppress(ServerFailed, NatsError):
            await asyncio.wait_for(task, 120)

    async def stop(self) -> None:
        for client in self._connections:
            await connection.close(client)
        for ended, _ in self.running.values():
            ended.set()
        await asyncio.gather(*(task for _, task in self.running.values()), return_exceptions=True)

    def lose_store(self, name: str) -> None:
        shutil.rmtree(self.settings[name].folder / "store")

    async def line(self, id: str, wait: float = 2.0) -> Line:
        client = await connection.connect(self.url, self.creds / f"{id}.creds", id, wait=0.05)
        self._connections.append(client)
        return Line(client, id, wait)

    async def planned(self, name: str) -> list[str] | None:
        """What the plan at that place says; None: it cannot be said now."""
        try:
            async with service.looking(self.settings[name], patience=3) as controller:
                return [str(act) for act in await controller.plan()]
        except (NatsError, TimeoutError, OSError):
            return None

    async def settled(self, names: Iterable[str] = NAMES) -> None:
        """The hub is as the directory says, seen from each of these places, and every copy is up to date."""
        for name in names:

            async def look(name: str = name) -> bool:
                return await self.planned(name) == [] and await self.whole(name)

            await eventually(look, within=60, what=f"settled, seen from {name}")

    async def whole(self, name: str) -> bool:
        try:
            async with service.looking(self.settings[name], patience=3) as controller:
                return all(each.current == each.copies for each in await controller.status())
        except (NatsError, TimeoutError, OSError):
            return False


@asynccontextmanager
async def three(folder: Path, replicas: Literal[1, 3] = 3, places: Places | None = None) -> AsyncIterator[Places]:
    places = places or Places(folder, replicas)
    try:
        places.start(*NAMES)
        await places.settled()
        yield places
    finally:
        await places.stop()
