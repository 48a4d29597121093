"""A database that was restored from a backup: an owner's begins a new epoch, a reader's gets back what it forgot."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.contract.channels import log_of
from sync.log import epoch_number
from tenant_service.exchange.models import LeftEpochRow, SalvagedRow
from tests.federation.exchanges import JOINT, QUICK, alarmed, federation
from tests.tenant_service.exchange.committees import CITY, COUNTY, MECHANISM, PARTNER, PROVINCE, World
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


@pytest.mark.parametrize("hub_is_lost", [False, True])
@pytest.mark.parametrize("is_running", [False, True])
async def test_an_owner_restored_from_a_backup_begins_a_new_epoch_and_all_agree(
    tmp_path: Path, hub_is_lost: bool, is_running: bool
) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PROVINCE, PARTNER) as fed:
        county = fed[COUNTY]
        kept, changed, undeleted, forgotten = (county.new_id() for _ in range(4))
        for id in (kept, changed, undeleted):
            county.publish(id, 1, ["p", MECHANISM])
        await fed.converged()
        backup = county.backup()
        county.publish(changed, 2, ["p", MECHANISM], joint_ids=["forgotten"])
        county.publish(forgotten, 1, ["p", MECHANISM])
        county.erase(undeleted, 2)
        await fed.converged()
        assert set(fed[CITY].shown()) == {kept, changed, forgotten}
        if not is_running:
            await county.stop()
        if hub_is_lost:
            fed.hub.server.kill()
        county.restore(backup)
        fresh = county.new_id()
        county.publish(fresh, 1, ["p", MECHANISM])
        county.publish(changed, 2, ["p", MECHANISM], joint_ids=["after"])
        if hub_is_lost:
            await fed.lose_hub()
        if not is_running:
            await county.start()

        async def in_a_new_epoch() -> bool:
            return epoch_number(county.head("p").epoch) == 2

        await eventually(in_a_new_epoch)
        await fed.converged()
        for reader, channel in ((CITY, "p"), (PROVINCE, "p"), (PARTNER, MECHANISM)):
            assert fed[reader].shown() == {
                kept: (1, JOINT, channel), changed: (2, "['after']", channel), fresh: (1, JOINT, channel),
                undeleted: (1, JOINT, channel),
            }  # fmt: skip
        assert "RESTORED" in county.codes()
        assert {row.log for row in county.rows(SalvagedRow)} == {f"{COUNTY}/p", log_of(COUNTY, MECHANISM)}
        assert len(county.rows(LeftEpochRow)) == 1


async def test_a_restored_owner_waits_a_while_for_a_reader_that_alone_knows_what_it_forgot(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PARTNER, pace=replace(QUICK, patience=20)) as fed:
        county, partner = fed[COUNTY], fed[PARTNER]
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        backup = county.backup()
        county.publish(county.new_id(), 1, ["c"])
        county.publish(county.new_id(), 1, [f"x_{PARTNER}"])
        await fed.converged()
        await partner.stop()
        await county.stop()
        county.restore(backup)
        await county.start()
        await eventually(alarmed(fed, COUNTY, "RESTORED"))
        await partner.start()

        async def salvaged() -> bool:
            return {row.log for row in county.rows(SalvagedRow)} == {f"{COUNTY}/c", f"{COUNTY}/x_{PARTNER}"}

        await eventually(salvaged)


async def test_a_channel_the_backup_has_never_heard_of_is_opened_and_swept(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PARTNER) as fed:
        county = fed[COUNTY]
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        backup = county.backup()
        county.publish(county.new_id(), 1, [MECHANISM])
        await fed.converged()
        assert fed[PARTNER].shown()
        await county.stop()
        county.restore(backup)
        await county.start()

        async def swept() -> bool:
            return fed[PARTNER].shown() == {}

        await eventually(swept)
        await fed.converged()
        assert epoch_number(county.head("c").epoch) == 2
        assert [row.log for row in county.rows(SalvagedRow)] == [log_of(COUNTY, MECHANISM)] * 2


async def test_a_reader_restored_under_its_feet_gets_back_what_it_forgot(tmp_path: Path) -> None:
    """To a backup from before it followed anybody: what is followed is derived again."""
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        city, county = fed[CITY], fed[COUNTY]
        city.inbox.entitle([])
        backup = city.backup()
        await city.exchange.learn(city.trust.directory)
        ids = [county.new_id() for _ in range(30)]
        county.publish_all(ids, 1, ["c"])
        await fed.converged()
        city.restore(backup)
        assert city.shown() == {}
        await fed.converged()
        assert set(city.shown()) == set(ids)
        assert epoch_number(county.head("c").epoch) == 1
