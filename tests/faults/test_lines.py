"""A line that fell silent: nobody is told, and nothing is lost."""

from pathlib import Path

import pytest

from tests.faults.federation import federation
from tests.faults.parties import CITY, COUNTY, PARTNER, PROVINCE
from tests.faults.proxy import Way
from tests.faults.test_runs import at_work, ends_well

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


@pytest.mark.timeout(600)
async def test_a_half_open_line_holds_up_nobodys_work_and_all_arrives_when_it_heals(tmp_path: Path) -> None:
    async with federation(tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, acts=15) as fed:
        chaos = await at_work(fed)
        scene, proxy = chaos.scene, fed[COUNTY].proxy
        proxy.half_open()
        before = len(scene.acts(COUNTY, 0))
        assert await scene.until(lambda: len(scene.acts(COUNTY, 0)) > before + 30, within=60)
        assert proxy.counts["withheld"] > 0
        proxy.heal()
        await ends_well(chaos)


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("ways", [[Way.UP], [Way.DOWN], [Way.UP, Way.DOWN]])
async def test_a_line_that_stays_half_open_is_given_up_and_replaced(tmp_path: Path, ways: list[Way]) -> None:
    """The old line never heals; only a new one passes. Pings find that within a minute."""
    async with federation(tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, acts=15) as fed:
        chaos = await at_work(fed)
        proxy = fed[COUNTY].proxy
        lines = proxy.counts["lines"]
        proxy.half_open(*ways, for_new_lines=False)
        assert await chaos.scene.until(lambda: proxy.counts["lines"] > lines, within=150)
        await ends_well(chaos)
