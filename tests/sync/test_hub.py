"""The controller makes the hub what the directory says, whenever and however often it runs."""

import asyncio
import shutil
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection, wire
from sync.bus.directory_copy import digest
from sync.bus.ending import ended
from sync.bus.ports import Absent, Unreachable
from sync.bus.source import PullSource
from sync.bus.streams import directory_of
from sync.contract.shapes.committees import CommitteeState
from sync.hub.controller import Controller
from sync.hub.server import Place, ServerFailed
from tests.sync.hubs import CITY, COUNTY, DELTA, GATEWAY, PARTNER, PROVINCE, SISTER, Hub, refused, said
from tests.waiting import eventually

LOG, MECHANISM = f"{COUNTY}/c", f"{COUNTY}/m_{DELTA.rpartition('.')[2]}"

T = TypeVar("T")

pytestmark = pytest.mark.asyncio


async def read(source: PullSource, wait: float = 1.0) -> list[int]:
    """What each message of one page says."""
    page, receipt = await source.fetch(500, wait)
    await source.done(receipt)
    return [int(each.body.rpartition(b'"n":')[2].rstrip(b"}")) for each in page]


async def test_a_hub_that_could_not_start_ends_and_says_why(tmp_path: Path) -> None:
    """Somebody else listens at its port: the tests' hub was once ended by an AttributeError instead."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made = Hub(Place(tmp_path, int(taken.getsockname()[1])))
        with pytest.raises(ServerFailed):
            await made.start()
        await made.stop()
    assert made.server.process is None


async def test_what_is_declared_is_declared_once(hub: Hub) -> None:
    assert await hub.controller.plan() == []
    assert await hub.controller.declare() == []


async def test_a_plan_says_what_would_be_done_and_does_nothing(hub: Hub) -> None:
    hub.change(members=[COUNTY, PARTNER, SISTER])
    planned = [str(each) for each in await hub.controller.plan()]
    assert f"declare consumer SH_33/{SISTER}_boot (1)" in planned
    assert [str(each) for each in await hub.controller.plan()] == planned
    assert [str(each) for each in await hub.controller.declare()] == planned
    assert not set(planned) & {str(each) for each in await hub.controller.plan()}


async def test_every_party_has_credentials_that_only_their_owner_reads(hub: Hub) -> None:
    found = {each.stem: stat.S_IMODE(each.stat().st_mode) for each in hub.creds.glob("*.creds")}
    assert found == dict.fromkeys([PROVINCE, CITY, COUNTY, SISTER, PARTNER, GATEWAY], 0o600)
    seeds = hub.server.place.keys().folder.iterdir()
    assert {stat.S_IMODE(each.stat().st_mode) for each in seeds} == {0o600}


async def test_the_signed_directory_is_handed_out_to_everybody(hub: Hub) -> None:
    text = hub.text
    hub.controller.learn(hub.directory, text)
    for id in (COUNTY, GATEWAY):
        client = await hub.connect(id)
        assert (await handed_out(client, id)).text == text
        assert await handed_out(client, id, digest(text)) == wire.DirectoryTold(), "who has it is given nothing"


async def handed_out(client: Client, who: str, has: str = "") -> wire.DirectoryTold:
    answer = await client.request(directory_of(who), wire.pack(wire.DirectoryAsk(has)), timeout=5)
    return wire.read_directory_told(answer.data)


async def test_who_joins_a_mechanism_late_is_told_what_was_said_before_and_after(hub: Hub) -> None:
    line, late = await hub.line(COUNTY), await hub.line(SISTER)
    source, boot = late.source("SH_33", SISTER), late.source("SH_33", f"{SISTER}_boot")
    events = said(MECHANISM, 6)
    await line.publish(MECHANISM, events[:3], 0)
    assert await read(source, 0.2) == []
    hub.change(members=[COUNTY, PARTNER, SISTER])
    await hub.controller.declare()
    await line.publish(MECHANISM, events[3:], 3)
    assert await read(source) == [3, 4, 5]
    assert await read(boot) == [0, 1, 2, 3, 4, 5]
    await eventually(lambda: emptied(hub, "SH_33", f"{SISTER}_boot"))
    assert f"drop consumer SH_33/{SISTER}_boot" in [str(each) for each in await hub.controller.declare()]
    with pytest.raises(Absent):
        await boot.fetch(1, 5)


async def emptied(hub: Hub, stream: str, consumer: str) -> bool:
    info = await hub.controller.jetstream.consumer_info(stream, consumer)
    return not (info.num_pending or info.num_ack_pending)


async def test_who_leaves_a_mechanism_hears_no_more_of_it(hub: Hub) -> None:
    line, partner = await hub.line(COUNTY), await hub.line(PARTNER)
    source = partner.source("SH_33", PARTNER)
    events = said(MECHANISM, 2)
    await line.publish(MECHANISM, events[:1], 0)
    assert await read(source) == [0]
    hub.change(members=[COUNTY])
    await hub.controller.declare()
    await line.publish(MECHANISM, events[1:], 1)
    with pytest.raises(Unreachable):
        await read(source)
    assert await hub.controller.plan() == []


async def test_a_suspended_committee_is_cut_at_once_and_comes_back_by_itself_when_it_is_admitted_again(
    hub: Hub,
) -> None:
    lines: list[Client] = []

    async def work(client: Client) -> None:
        lines.append(client)
        await asyncio.Event().wait()

    creds = hub.creds / f"{COUNTY}.creds"
    async with running(connection.while_connected(hub.url, creds, COUNTY, work, wait=0.1)):
        await eventually(lambda: is_so(lambda: bool(lines)))
        assert (await lines[0].request("sh.33.01.10.c", b"x", timeout=2)).data
        hub.change(states={COUNTY: CommitteeState.SUSPENDED})
        await hub.controller.declare()
        await eventually(lambda: is_so(lambda: not lines[0].is_connected))
        state = await hub.state()
        assert all(COUNTY not in consumers for _, consumers in state.values())
        gateway = await hub.connect(GATEWAY)
        assert await refused(gateway, f"rpc.{COUNTY}.graphql")
        assert len(lines) == 1
        hub.change(states={COUNTY: CommitteeState.ACTIVE})
        await hub.controller.declare()
        await eventually(lambda: is_so(lambda: len(lines) == 2))
        assert (await lines[1].request("sh.33.01.10.c", b"x", timeout=2)).data


async def test_a_committee_that_is_no_longer_in_the_directory_is_cut(hub: Hub) -> None:
    client = await hub.connect(SISTER)
    hub.contents.entries.remove(next(each for each in hub.contents.entries if each.id == SISTER))
    hub.change()
    await hub.controller.declare()
    await eventually(lambda: is_so(lambda: not client.is_connected))
    assert await hub.controller.plan() == []


async def test_a_hub_that_lost_its_store_is_declared_again_while_its_tenants_stay(hub: Hub) -> None:
    line, reader = await hub.line(COUNTY), await hub.line(CITY)
    await line.publish(LOG, said(LOG, 3), 0)
    async with running(hub.controller.keep(0.2)):
        await hub.lose_store()
        await eventually(lambda: answers(lambda: line.last(LOG)))
        assert await line.last(LOG) == (0, None)
        assert await line.publish(LOG, said(LOG, 3), 0) == 3
        source = reader.source("SH_33", CITY)
        assert await eventually(lambda: answers(lambda: read(source))) == [0, 1, 2]


async def test_a_stream_deleted_under_a_running_hub_is_declared_again(hub: Hub) -> None:
    line = await hub.line(COUNTY)
    async with running(hub.controller.keep(0.1)):
        await eventually(lambda: answers(lambda: line.last(LOG)))
        await hub.controller.jetstream.delete_stream("SH_33")
        await eventually(lambda: answers(lambda: line.publish(LOG, said(LOG, 1), 0)))
        assert await eventually(lambda: answers(lambda: as_planned(hub)))


async def test_a_newer_directory_is_followed_without_being_asked(hub: Hub) -> None:
    late = (await hub.line(SISTER)).source("SH_33", f"{SISTER}_boot")
    await (await hub.line(COUNTY)).publish(MECHANISM, said(MECHANISM, 1), 0)
    async with running(hub.controller.keep(3600)):
        await eventually(lambda: is_so(lambda: not hub.controller._awake.is_set()))
        hub.change(members=[COUNTY, PARTNER, SISTER])
        assert await eventually(lambda: answers(lambda: read(late))) == [0]


async def test_accounts_that_the_server_has_forgotten_are_told_again(hub: Hub) -> None:
    hub.server.kill()
    shutil.rmtree(hub.server.place.folder / "jwt")
    await hub.server.start()
    await eventually(lambda: answers(hub.controller.declare))
    client = await hub.connect(COUNTY)
    assert (await client.request("sh.33.01.10.c", b"x", timeout=2)).data


async def test_trust_outlives_the_process_of_the_controller(hub: Hub) -> None:
    client = await hub.connect(COUNTY)
    place = hub.server.place
    other = await Controller(place.keys(), place.url, hub.creds, hub.directory).open()
    assert await other.declare() == []
    await other.close()
    assert (await client.request("sh.33.01.10.c", b"x", timeout=2)).data


async def as_planned(hub: Hub) -> bool:
    return await hub.controller.plan() == []


@asynccontextmanager
async def running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await ended([task])  # one cancellation may be swallowed, see there
        with suppress(asyncio.CancelledError):
            task.result()


async def is_so(look: Callable[[], bool]) -> bool:
    return look()


async def answers(ask: Callable[[], Awaitable[T]]) -> T | None:
    """What it answers once the hub is there; until then nothing."""
    try:
        return await ask()
    except (Unreachable, NatsError, TimeoutError):
        return None
