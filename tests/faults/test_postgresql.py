"""The same with a committee on PostgreSQL among those on SQLite: there four threads take in what others say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import cluster, programs
from tests.faults.chaos import Chaos
from tests.faults.federation import federation
from tests.faults.nemeses import NEMESES
from tests.faults.parties import CITY, COUNTY, PARTNER, PROVINCE
from tests.faults.test_runs import ends_well

pytestmark = [
    pytest.mark.federation, pytest.mark.faults, pytest.mark.postgresql, pytest.mark.asyncio, pytest.mark.timeout(1500),
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed"),
]  # fmt: skip


@pytest.fixture
def url() -> Iterator[str]:
    with cluster() as told:
        yield told


@pytest.mark.parametrize("who", [CITY, COUNTY])
async def test_all_faults_together_end_well_with_a_committee_on_postgresql(tmp_path: Path, url: str, who: str) -> None:
    async with federation(
        tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, seed=3, acts=15, postgresql={who: url}
    ) as fed:
        chaos = Chaos(fed, 3, sorted(NEMESES))
        await chaos.let_loose(30)
        await ends_well(chaos)
