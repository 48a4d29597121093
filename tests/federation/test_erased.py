"""What a committee deletes is forgotten by all who held it, by the hub as well, whatever they are restored from."""

import shutil
from pathlib import Path

import pytest
from nats.js.errors import NotFoundError

from tests.federation.exchanges import Federation, declared, federation
from tests.tenant_service.exchange.committees import CITY, COUNTY, MECHANISM, PARTNER, PROVINCE, World, everywhere
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


async def in_the_hub(fed: Federation, word: bytes) -> bool:
    """Whether any message that the hub would deliver says this."""
    jetstream = fed.hub.controller.jetstream
    for stream in ("SH_33", "SH_31"):
        info = await jetstream.stream_info(stream)
        for at in range(max(info.state.first_seq, 1), info.state.last_seq + 1):
            try:
                message = await jetstream.get_msg(stream, at)
            except NotFoundError:  # it was dropped
                continue
            if word in (message.data or b""):
                return True
    return False


async def forgotten(fed: Federation) -> None:
    async def look() -> bool:
        return not await in_the_hub(fed, b"canary")

    await eventually(look, what="the hub forgets what was erased")


async def test_a_deleted_record_is_gone_from_owner_readers_and_hub_and_late_joiners_never_see_it(
    tmp_path: Path,
) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PARTNER) as fed:
        county = fed[COUNTY]
        id = county.new_id()
        for version in range(1, 6):
            county.publish(county.new_id(), 1, ["p", MECHANISM])
            county.publish(id, version, ["p", MECHANISM], mechanism_joint_ids={"canary": []})
        await fed.converged()
        assert await in_the_hub(fed, b"canary")
        county.erase(id, 6)
        await fed.converged()
        await forgotten(fed)
        await fed.add(PROVINCE)
        await fed.converged()
        for each in fed.committees.values():
            assert id not in each.shown()
            assert not any(b"canary" in value for value in everywhere(each.engine)), each.id
        assert len(fed[PROVINCE].shown()) == 5
        assert not fed[PROVINCE].codes()


async def test_a_hub_given_an_older_store_forgets_again(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        county = fed[COUNTY]
        id = county.new_id()
        county.publish(id, 1, ["p"], mechanism_joint_ids={"canary": []})
        county.publish(county.new_id(), 1, ["p"])
        await fed.converged()
        store = fed.hub.server.place.store
        await fed.hub.server.stop()
        shutil.copytree(store, tmp_path / "older")
        await fed.hub.server.start()
        await declared(fed.hub)
        county.erase(id, 2)
        await fed.converged()
        await forgotten(fed)
        fed.hub.server.kill()
        shutil.rmtree(store)
        shutil.copytree(tmp_path / "older", store)
        await fed.hub.server.start()
        await declared(fed.hub)
        await fed.converged()
        await forgotten(fed)
        assert id not in fed[CITY].shown()
