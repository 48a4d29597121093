"""A database that was restored from a backup: an owner's begins a new epoch, a reader's gets back what it forgot."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.contract.channels import log_of
from sync.log import epoch_number
from tenant_service.exchange.models import AlarmRow, LeftEpochRow, RecoveredRow, SalvagedRow
from tenant_service.exchange.outcome import Outcome
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
        kept, changed, erased, forgotten = (county.new_id() for _ in range(4))
        for id in (kept, changed, erased):
            county.publish(id, 1, ["p", MECHANISM])
        await fed.converged()
        backup = county.backup()
        county.publish(changed, 2, ["p", MECHANISM], mechanism_joint_ids={"forgotten": []})
        county.publish(forgotten, 1, ["p", MECHANISM])
        county.erase(erased, 2)
        await fed.converged()
        assert set(fed[CITY].shown()) == {kept, changed, forgotten}
        if not is_running:
            await county.stop()
        if hub_is_lost:
            fed.hub.server.kill()
        county.restore(backup)
        fresh = county.new_id()
        county.publish(fresh, 1, ["p", MECHANISM])
        county.publish(changed, 2, ["p", MECHANISM], mechanism_joint_ids={"after": []})
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
                forgotten: (2, JOINT, channel),
            }  # fmt: skip
        assert {row.record: row.outcome for row in county.rows(RecoveredRow)} == {
            changed: Outcome.KEPT, forgotten: Outcome.ANEW, erased: Outcome.WITHDRAWN,
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


@pytest.mark.parametrize("can_take_back", [True, False])
async def test_what_was_shared_on_a_channel_the_backup_has_never_heard_of_comes_back_or_is_swept(
    tmp_path: Path, can_take_back: bool
) -> None:
    """Swept where no room takes it back: figures, which are counted anew, are such.

    The second life is later than the first: a log that it opens before it is warned begins with other bytes.
    """
    world = World()
    async with federation(tmp_path, world, COUNTY, CITY, PARTNER) as fed:
        county, id = fed[COUNTY], fed[COUNTY].new_id()
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged()
        backup = county.backup()
        county.publish(id, 1, [MECHANISM])
        await fed.converged()
        assert fed[PARTNER].shown()
        await county.stop()
        world.clock.on(seconds=1)
        county.restore(backup)
        county.recoveries = county.recoveries if can_take_back else {}
        await county.start()

        async def is_as_the_owner_says() -> bool:
            return fed[PARTNER].shown() == ({id: (2, JOINT, MECHANISM)} if can_take_back else {})

        await eventually(is_as_the_owner_says)
        await fed.converged()
        assert epoch_number(county.head("c").epoch) == 2
        assert [row.log for row in county.rows(SalvagedRow)] == [log_of(COUNTY, MECHANISM)] * 2


async def test_without_any_reader_the_hubs_last_message_is_taken_back(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, PARTNER) as fed:
        county, partner = fed[COUNTY], fed[PARTNER]
        backup = county.backup()
        older, last = county.new_id(), county.new_id()
        for id in (older, last):
            county.publish(id, 1, [f"x_{PARTNER}"], mechanism_joint_ids={"joint": []})
        await fed.converged()
        await partner.stop()
        await county.stop()
        county.restore(backup)
        await county.start()

        async def in_a_new_epoch() -> bool:
            return epoch_number(county.head(f"x_{PARTNER}").epoch) == 2

        await eventually(in_a_new_epoch)
        assert {row.record for row in county.rows(RecoveredRow)} == {last}
        [alarm] = [row for row in county.rows(AlarmRow) if row.code == "NOT_SALVAGED" and PARTNER in row.log]
        assert PARTNER in alarm.text
        await partner.start()
        await fed.converged()
        assert partner.shown() == {last: (2, JOINT, f"x_{PARTNER}")}


async def test_restored_twice_in_a_row_nothing_is_doubled_and_all_is_there(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PARTNER) as fed:
        county = fed[COUNTY]
        kept, forgotten = county.new_id(), county.new_id()
        county.publish(kept, 1, ["p"])
        await fed.converged()
        backup = county.backup()
        county.publish(forgotten, 1, ["p", MECHANISM])
        county.publish(kept, 2, ["p"], mechanism_joint_ids={"changed": []})
        await fed.converged()
        for life in (2, 3):
            await county.stop()
            county.restore(backup)
            await county.start()

            async def in_a_new_epoch(life: int = life) -> bool:
                return epoch_number(county.head("p").epoch) == life

            await eventually(in_a_new_epoch)
            await fed.converged()
            assert {id: joint for id, (_, joint, _) in fed[CITY].shown().items()} == {
                forgotten: JOINT, kept: "['changed']",
            }  # fmt: skip
            assert fed[PARTNER].shown().keys() == {forgotten}
            assert {row.record: row.outcome for row in county.rows(RecoveredRow)} == {
                forgotten: Outcome.ANEW, kept: Outcome.ANEW,
            }  # fmt: skip
        assert fed[CITY].given_twice() == []


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
