"""A committee restored from last week's backup comes back without anybody editing anything, and all partners end with
its present state. With complete committees: tests/federation/test_last_weeks_backup.py.
"""

from pathlib import Path

import pytest

from tests.faults.committee import Control
from tests.faults.federation import federation
from tests.faults.nemeses_of_a_committee import DAY
from tests.faults.parties import CITY, COUNTY, PARTNER, PROVINCE
from tests.faults.test_runs import at_work, ends_well

pytestmark = [pytest.mark.federation, pytest.mark.asyncio, pytest.mark.timeout(750)]


@pytest.mark.parametrize("hub_is_lost", [False, pytest.param(True, marks=pytest.mark.faults)])
async def test_a_committee_restored_from_last_weeks_backup_comes_back_by_itself(
    tmp_path: Path, hub_is_lost: bool
) -> None:
    async with federation(tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, acts=15) as fed:
        fed.tell(COUNTY, Control(acts=15, clock_off=-7 * DAY))
        chaos = await at_work(fed)
        scene = chaos.scene
        backup = fed.backup(COUNTY)
        for day in range(-6, 1):
            fed.tell(COUNTY, Control(acts=15, clock_off=day * DAY))
            acts = len(scene.acts(COUNTY, 0))
            assert await scene.until(lambda acts=acts: len(scene.acts(COUNTY, 0)) >= acts + 8, within=60)  # type: ignore[misc]
        shared = scene.number(CITY, "SELECT count(*) FROM received WHERE log LIKE ?", f"{COUNTY}/%")
        assert shared > 30, "partners have followed the week's work"
        fed.kill(COUNTY)
        if hub_is_lost:
            await fed.hub.lose_store()
        fed.restore(COUNTY, backup)
        fed.start(COUNTY)
        in_a_new_life = "SELECT count(*) FROM own_life WHERE epoch LIKE '000002-%'"
        assert await scene.until(lambda: scene.number(COUNTY, in_a_new_life), within=60)
        assert scene.number(COUNTY, "SELECT count(*) FROM salvaged") > 0
        acts = len(scene.acts(COUNTY, 0))
        assert await scene.until(lambda: len(scene.acts(COUNTY, 0)) > acts + 20, within=60), "its people go on working"
        await ends_well(chaos)
        assert chaos.outcome.told.epochs == {PROVINCE: 1, CITY: 1, COUNTY: 2, PARTNER: 1}
