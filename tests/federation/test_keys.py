"""Keys that change: nothing stops while one is replaced, and what a withdrawn one signs is not taken in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from sync.bus.line import Line
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import log_of
from sync.hub.server import Place
from sync.log import Trouble
from tenant_service.committee import Committee, open_committee
from tenant_service.exchange.models import AlarmRow
from tenant_service.settings import Settings
from tests.federation.exchanges import declared, federation
from tests.sync import hubs
from tests.sync.hubs import Hub, free_port, said
from tests.tenant_service.exchange.committees import CITY, COUNTY, World
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


async def test_an_owner_changes_its_key_while_everything_goes_on(tmp_path: Path) -> None:
    world = World()
    async with federation(tmp_path, world, COUNTY, CITY) as fed:
        county, city = fed[COUNTY], fed[CITY]
        before = county.new_id()
        county.publish(before, 1, ["c"])
        await fed.converged()
        old, new = world.event[COUNTY][-1], jose.new_key()
        county.trust.event, county.trust.older_event = new, [old]
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        world.event[COUNTY].append(new)
        await fed.learn()
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        assert jose.header_of(city.inbox.reading(f"{COUNTY}/c").head.proof)["kid"] == new.kid
        world.event[COUNTY].remove(old)
        await fed.learn()
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        assert len(city.shown()) == 4
        assert not city.codes()
        assert county.head("c").epoch == city.inbox.reading(f"{COUNTY}/c").head.epoch


@asynccontextmanager
async def the_city(folder: Path, hub: Hub) -> AsyncIterator[Committee]:
    """The city's complete service, on the hub."""
    (folder / "registrar.jwk").write_text(json.dumps(jose.public(hub.registrar)))
    (folder / "directory.jws").write_text(hub.text)
    told = Settings(
        committee=hubs.CITY, database=f"sqlite:///{folder / 'city.db'}", directory=folder / "directory.jws",
        registrar=folder / "registrar.jwk", keys=folder / "keys", hub=hub.url,
        creds=hub.creds / f"{hubs.CITY}.creds",
    )  # fmt: skip
    committee = open_committee(told)
    running = asyncio.create_task(committee.run())
    try:
        yield committee
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        committee.close()


async def test_after_a_cut_the_newest_directory_comes_before_anything_is_applied(tmp_path: Path) -> None:
    """A key was stolen and withdrawn while the city was cut; what the thief signed lies at the hub when it is back."""
    hub = Hub(Place(tmp_path / "hub", free_port()))
    await hub.start()
    log, events = log_of(hubs.COUNTY, "c"), said(log_of(hubs.COUNTY, "c"), 2)
    old = hub.keys[hubs.COUNTY]
    owner = Trust(hubs.COUNTY, hub.directory, old)
    first, second = (each._replace(proof=owner.sign(log, each.head())) for each in events)
    try:
        async with the_city(tmp_path, hub) as city:
            at = await Line(await hub.connect(hubs.COUNTY), hubs.COUNTY).publish(log, [first], 0)

            async def applied() -> bool:
                return city.exchange.inbox.reading(log).head.seq == 1

            await eventually(applied)
            hub.server.kill()
            hub.keys[hubs.COUNTY] = jose.new_key()
            entries = [
                msgspec.structs.replace(each, keys={"event": [jose.public(hub.keys[each.id])]})
                for each in hub.contents.entries
            ]
            hub.contents = msgspec.structs.replace(hub.contents, serial=2, entries=entries)
            hub.controller.learn(hub.directory, hub.text)
            await hub.server.start()
            await declared(hub)
            await Line(await hub.connect(hubs.COUNTY), hubs.COUNTY).publish(log, [second], at)

            async def in_trouble() -> bool:
                return city.exchange.inbox.reading(log).trouble is Trouble.UNKNOWN_KEY

            await eventually(in_trouble)
            assert city.trust.directory.serial == 2
            assert city.exchange.inbox.reading(log).head.seq == 1, "nothing of it was applied"
            with city.units.read() as unit:
                assert unit.session.get(AlarmRow, (log, "UNKNOWN_KEY")) is not None
    finally:
        await hub.stop()
