"""The hub is killed during a thousand shared changes and its store deleted; no committee notices in the end."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from sync.hub.server import Place
from sync.log import epoch_number
from tests.federation.committee_process import Config
from tests.federation.exchanges import declared
from tests.sync.hubs import Hub, free_port
from tests.tenant_service.exchange.committees import CITY, COUNTY, MECHANISM, PARTNER, PROVINCE, World
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio, pytest.mark.timeout(600)]

RECORDS, CHANGES = 100, 1_000
READERS = {CITY: "p", PROVINCE: "p", PARTNER: MECHANISM}


def config(folder: Path, world: World, hub: Hub, id: str) -> Config:
    trust = world.trust(id)
    return Config(
        id=id, url=hub.url, creds=str(hub.creds / f"{id}.creds"), database=str(folder / f"{id}.db"),
        contents=hub.contents, event=trust.event.as_dict(private=True), enc=trust.enc[0].as_dict(private=True),
    )  # fmt: skip


@contextmanager
def process(folder: Path, told: Config) -> Iterator[subprocess.Popen[bytes]]:
    path = folder / f"{told.id}.json"
    path.write_bytes(msgspec.json.encode(told))
    with (folder / f"{told.id}.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.federation.committee_process", path], stdout=log, stderr=log
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


class Database:
    """A committee's database, seen from outside while it works."""

    def __init__(self, folder: Path, id: str) -> None:
        self.file = folder / f"{id}.db"
        self.engine = sa.create_engine(f"sqlite:///file:{self.file}?mode=ro&uri=true")

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        if not self.file.exists():
            return []
        try:
            with self.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(statement))]
        except sa.exc.OperationalError:  # its tables are being made
            return []

    def number(self, statement: str) -> int:
        return int(str((self.rows(statement) or [(0,)])[0][0] or 0))


async def test_a_hub_killed_and_emptied_during_a_thousand_changes_loses_none_and_doubles_none(tmp_path: Path) -> None:
    world = World()
    hub = Hub(Place(tmp_path / "hub", free_port()))
    hub.contents = world.contents()
    owner = Database(tmp_path, COUNTY)
    readers = {id: Database(tmp_path, id) for id in READERS}
    told = config(tmp_path, world, hub, COUNTY)
    told.records = [f"{COUNTY}.value.{number:032x}" for number in range(RECORDS)]
    told.channels, told.changes = ["p", MECHANISM], CHANGES

    async def written(least: int) -> None:
        async def look() -> bool:
            assert working.poll() is None, (tmp_path / f"{COUNTY}.log").read_text()[-2000:]
            return owner.number("SELECT max(seq) FROM outbox WHERE channel = 'p'") >= least

        await eventually(look, within=40, what=f"{least} events written")

    await hub.start()
    try:
        with ExitStack() as running:
            for id in READERS:
                running.enter_context(process(tmp_path, config(tmp_path, world, hub, id)))
            working = running.enter_context(process(tmp_path, told))
            await written(CHANGES // 4)
            hub.server.kill()
            shutil.rmtree(hub.server.place.store)
            await written(CHANGES // 2)
            await hub.server.start()
            await declared(hub)
            await written(CHANGES + 1)
            await asyncio.gather(*(all_there(reader, READERS[id]) for id, reader in readers.items()))
    finally:
        await hub.stop()
    epoch = str(owner.rows("SELECT epoch FROM own_life")[0][0])
    assert epoch_number(epoch) == 1, "losing the hub makes nobody begin an epoch"
    for id, reader in readers.items():
        assert reader.rows("SELECT code FROM alarm") == [], id
        log = f"{COUNTY}/{READERS[id]}"
        assert reader.rows(f"SELECT epoch, seq FROM received WHERE log = '{log}' ORDER BY rowid") == [
            (epoch, seq) for seq in range(1, CHANGES + 2)
        ], f"{id} applied in order, each once"


async def all_there(reader: Database, channel: str) -> None:
    last = CHANGES // RECORDS

    async def look() -> bool:
        shown = reader.rows("SELECT version, channels, times FROM shown")
        return shown == [(last, channel, 1)] * RECORDS

    await eventually(look, within=40, what=f"{reader.file.name} shows the last version of each, none given twice")
