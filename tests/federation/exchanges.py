"""Committees that exchange over a real hub: nats-server and controller as in tests.sync.hubs, databases on disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from nats.errors import Error as NatsError

from sync.bus.connection import while_connected
from sync.bus.ending import ended
from sync.bus.subscriber import Pace
from sync.contract.channels import parts_of
from sync.contract.trust.directory import Directory
from sync.hub.server import Place
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.models import AlarmRow
from tenant_service.storage.engine import Domain, open_engine
from tests.sync.hubs import Hub, free_port
from tests.tenant_service.exchange.committees import Committee, World
from tests.waiting import eventually

JOINT = "['joint']"
"""What a reader shows of a figure's `mechanism_joint_ids` where it is told them."""
Look = Callable[[], Awaitable[bool]]
QUICK = Pace(look=1.0, check=2.0, first=0.1, fetch=1.0, patience=5.0)


class Live(Committee):
    """A committee at work; `stop` leaves it as a kill would: nothing is flushed, nothing is said."""

    def __init__(self, world: World, id: str, file: Path, hub: Hub, pace: Pace) -> None:
        self.file, self.hub, self.pace = file, hub, pace
        self.online: asyncio.Task[None] | None = None
        super().__init__(world, id, open_engine(f"sqlite:///{file}"))

    async def start(self) -> None:
        self.again()
        self.domain = Domain(self.engine)
        self.exchange = Exchange(self.domain, self.units, self.trust, self.projections, self.recoveries, pace=self.pace)
        creds = self.hub.creds / f"{self.id}.creds"
        line = while_connected(
            self.hub.url, creds, self.id, self.exchange.work, reconnected=self.exchange.trust_again, wait=0.05
        )
        self.online = asyncio.create_task(line)

    async def stop(self) -> None:
        online, self.online = self.online, None
        if online is not None:
            await ended([online])
            self.domain.close()

    def backup(self) -> Path:
        target = self.file.with_suffix(".bak")
        target.unlink(missing_ok=True)
        _copy(self.file, target)
        return target

    def restore(self, backup: Path) -> None:
        """The backup is in place, whether the committee runs or not."""
        _copy(backup, self.file)

    def codes(self) -> set[str]:
        """Of alarms."""
        return {row.code for row in self.rows(AlarmRow)}


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(target, timeout=30) as two:
        one.backup(two)
    one.close()
    two.close()


async def declared(hub: Hub) -> None:
    """The hub is what the directory says, as soon as the controller's own line is back."""

    async def look() -> bool:
        try:
            await hub.controller.declare()
        except (NatsError, TimeoutError):
            return False
        return True

    await eventually(look, what="the controller declares the hub")


class Federation:
    """A hub and committees of one world."""

    def __init__(self, folder: Path, world: World, pace: Pace = QUICK) -> None:
        self.folder, self.world, self.pace = folder, world, pace
        self.hub = Hub(Place(folder / "hub", free_port()))
        self.hub.contents = world.contents()
        self.committees: dict[str, Live] = {}

    def __getitem__(self, id: str) -> Live:
        return self.committees[id]

    async def add(self, id: str, pace: Pace | None = None) -> Live:
        live = self.committees[id] = Live(self.world, id, self.folder / f"{id}.db", self.hub, pace or self.pace)
        await live.start()
        return live

    async def learn(self) -> Directory:
        """A newer directory, known to the hub and to all who are online."""
        self.hub.contents = self.world.contents()
        self.hub.controller.learn(self.hub.directory, self.hub.text)
        await self.hub.controller.declare()
        for each in self.committees.values():
            if each.online:
                await each.exchange.learn(self.hub.directory)
        return self.hub.directory

    async def lose_hub(self) -> None:
        """Killed, its store deleted, started again and declared anew."""
        await self.hub.lose_store()
        await declared(self.hub)

    async def forget(self, stream: str, upto: int) -> None:
        """The hub drops the oldest messages of a stream, up to this place."""
        for place in range(1, upto + 1):
            await self.hub.controller.jetstream.delete_msg(stream, place)

    async def down(self) -> None:
        for each in self.committees.values():
            await each.stop()
            each.engine.dispose()
        await self.hub.stop()

    def behind(self, *readers: str) -> list[str]:
        """Which reader does not stand where an owner stands."""
        found = []
        for reader in [each for each in self.committees.values() if each.online]:
            if readers and reader.id not in readers:
                continue
            for log in reader.trust.directory.follows(reader.id):
                owner, channel = parts_of(log)
                if owner not in self.committees or not self.committees[owner].online:
                    continue
                mine = self.committees[owner].head(channel)
                now = reader.inbox.reading(log)
                if (mine.seq or now.head.seq) and (now.head[:3] != mine[:3] or now.trouble or now.stash):
                    found.append(f"{reader.id} follows {log} to {now.head[:2]} {now.trouble}, owner at {mine[:2]}")
        return found

    async def converged(self, *readers: str, within: float = 20) -> None:
        async def look() -> bool:
            return not self.behind(*readers)

        try:
            await eventually(look, within=within, what="all readers stand where the owners stand")
        except AssertionError:
            raise AssertionError(self.behind(*readers)) from None


@asynccontextmanager
async def federation(folder: Path, world: World, *ids: str, pace: Pace = QUICK) -> AsyncIterator[Federation]:
    made = Federation(folder, world, pace)
    try:
        await made.hub.start()
        for id in ids:
            await made.add(id)
        yield made
    finally:
        await made.down()


def alarmed(fed: Federation, who: str, code: str) -> Look:
    async def look() -> bool:
        return code in fed[who].codes()

    return look
