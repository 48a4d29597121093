"""Keys that change: nothing stops while one is replaced, and what a withdrawn one signs is not taken in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from nats.aio.msg import Msg

from sync.bus.ending import ended
from sync.bus.line import Line
from sync.bus.streams import directory_of
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import log_of
from sync.hub.controller import Controller
from sync.log import Event, Trouble
from tenant_service.committee import Committee, open_committee
from tenant_service.exchange.models import AlarmRow
from tenant_service.settings import Settings
from tests.federation.exchanges import declared, federation
from tests.sync import hubs
from tests.sync.hubs import Hub, running_hub, said
from tests.tenant_service.exchange.committees import CITY, COUNTY, World
from tests.waiting import eventually

LOG = log_of(hubs.COUNTY, "c")

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
    (folder / "root.jwk").write_text(json.dumps(jose.public(hub.root)))
    (folder / "directory.jws").write_text(hub.text)
    told = Settings(
        committee=hubs.CITY, database=f"sqlite:///{folder / 'city.db'}", directory=folder / "directory.jws",
        root=folder / "root.jwk", keys=folder / "keys", hub=hub.url,
        creds=hub.creds / f"{hubs.CITY}.creds",
    )  # fmt: skip
    committee = open_committee(told)
    running = asyncio.create_task(committee.run())
    try:
        yield committee
    finally:
        await ended([running])
        committee.close()


async def test_after_a_cut_the_newest_directory_comes_before_anything_is_applied(tmp_path: Path) -> None:
    """A key was stolen and withdrawn while the city was cut; what the thief signed lies at the hub when it is back."""
    async with running_hub(tmp_path / "hub") as hub, the_city(tmp_path, hub) as city:
        second, at = await first_is_applied(hub, city)
        hub.server.kill()
        withdraw(hub)
        hub.controller.learn(hub.directory, hub.text)
        await hub.server.start()
        await declared(hub)
        await Line(await hub.connect(hubs.COUNTY), hubs.COUNTY).publish(LOG, [second], at)
        await is_kept_out(city)


async def test_while_a_hub_hands_out_no_directory_yet_what_it_delivers_waits(tmp_path: Path) -> None:
    """The server is back before its controller, and the thief's event is there at once."""
    async with running_hub(tmp_path / "hub") as hub, the_city(tmp_path, hub) as city:
        second, at = await first_is_applied(hub, city)
        await hub.controller.close()
        hub.server.kill()
        withdraw(hub)
        await hub.server.start()
        place = hub.server.place
        hub.controller = Controller(place.keys(), place.url, hub.creds, hub.directory, hub.text)
        await hub.controller.open()
        asked: list[Msg] = []

        async def say_nothing(message: Msg) -> None:
            asked.append(message)

        silent = await hub.controller.hub.subscribe(directory_of("*"), cb=say_nothing)
        await Line(await hub.connect(hubs.COUNTY), hubs.COUNTY).publish(LOG, [second], at)

        async def insists() -> bool:
            return len(asked) > 1

        await eventually(insists, what="the city asks again for a directory")
        assert city.exchange.inbox.reading(LOG).head.seq == 1
        await silent.unsubscribe()
        await hub.controller.answer()
        await is_kept_out(city)


async def first_is_applied(hub: Hub, city: Committee) -> tuple[Event, int]:
    """The first of two events; the second, signed by the same key, and the place after which it may be published."""
    owner, events = Trust(hubs.COUNTY, hub.directory, hub.keys[hubs.COUNTY]), said(LOG, 2)
    first, second = (each._replace(proof=owner.sign(LOG, each.head())) for each in events)
    at = await Line(await hub.connect(hubs.COUNTY), hubs.COUNTY).publish(LOG, [first], 0)

    async def applied() -> bool:
        return city.exchange.inbox.reading(LOG).head.seq == 1

    await eventually(applied)
    return second, at


def withdraw(hub: Hub) -> None:
    """A newer directory, not told to anybody yet, shows another event key of the county."""
    hub.keys[hubs.COUNTY] = jose.new_key()
    entries = [
        msgspec.structs.replace(each, keys={"event": [jose.public(hub.keys[each.id])]}) for each in hub.contents.entries
    ]
    hub.contents = msgspec.structs.replace(hub.contents, serial=2, entries=entries)


async def is_kept_out(city: Committee) -> None:
    """What the withdrawn key signed was not applied, and people are told."""

    async def in_trouble() -> bool:
        return city.exchange.inbox.reading(LOG).trouble is Trouble.UNKNOWN_KEY

    await eventually(in_trouble)
    assert city.trust.directory.serial == 2
    assert city.exchange.inbox.reading(LOG).head.seq == 1, "nothing of it was applied"
    with city.units.read() as unit:
        assert unit.session.get(AlarmRow, (LOG, "UNKNOWN_KEY")) is not None
