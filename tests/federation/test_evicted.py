"""What left the hub to make room is given by holders to whoever misses it."""

from pathlib import Path

import pytest

from sync.hub.evicting import Evictor
from sync.hub.server import Place
from sync.hub.sightings import Kind, Sighting
from tests.federation.exchanges import Federation
from tests.sync.hubs import Hub, free_port
from tests.tenant_service.exchange.committees import CITY, COUNTY, World
from tests.waiting import eventually

SUBJECT = "sh.33.01.10.c"
SMALL = 1024**2

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


async def test_a_newcomer_is_given_by_the_owner_what_the_hub_evicted(tmp_path: Path) -> None:
    fed = Federation(tmp_path, World())
    fed.hub = Hub(Place(tmp_path / "hub", free_port(), most_disk_bytes=SMALL))
    fed.hub.contents = fed.world.contents()
    seen: list[Sighting] = []
    await fed.hub.start()
    try:
        county = await fed.add(COUNTY)
        ids = [county.new_id() for _ in range(1_000)]
        county.publish_all(ids, 1, ["c"])

        async def is_there() -> bool:
            return await held(fed) == 1_001

        await eventually(is_there)
        assert await Evictor(fed.hub.controller, lambda each, _: seen.append(each)).look() > 0
        left = await held(fed)
        assert 0 < left < 1_001
        assert {(each.kind, each.who) for each in seen} == {(Kind.EVICTED, COUNTY)}
        await fed.add(CITY)
        await fed.converged()
        assert set(fed[CITY].shown()) == set(ids)
        assert await held(fed) == left, "and its owner was not led to publish it anew"
    finally:
        await fed.down()


async def held(fed: Federation) -> int:
    told = await fed.hub.controller.jetstream.stream_info("SH_33", subjects_filter=SUBJECT)
    return (told.state.subjects or {}).get(SUBJECT, 0)
