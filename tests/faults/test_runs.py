"""Nothing is lost and nobody sees what isn't theirs, whatever happens: each fault by itself, and all together."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.faults.bugs import BUGS
from tests.faults.chaos import Chaos
from tests.faults.federation import Federation, federation
from tests.faults.nemeses import NEMESES
from tests.faults.parties import CITY, COUNTY, PARTNER, PROVINCE

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]
SHORT = ["kill-hub", "lose-store", "kill-committee", "restore", "cut", "half-open", "delete-messages", "hostile-member"]


async def at_work(fed: Federation, acts: int = 30) -> Chaos:
    """Everybody has done something already."""
    chaos = Chaos(fed, fed.seed, sorted(NEMESES))
    for id in fed.committees:
        await chaos.scene.until(lambda id=id: len(chaos.scene.acts(id, 0)) >= acts, within=60)  # type: ignore[misc]
        chaos.scene.backups[id].append(fed.backup(id))
    return chaos


async def ends_well(chaos: Chaos) -> None:
    await chaos.calm()
    await chaos.judge()
    outcome = chaos.outcome
    assert not outcome.told.findings, [str(each) for each in outcome.told.findings[:20]]
    assert not outcome.broken
    assert outcome.converged is not None
    assert outcome.told.applied > 0


async def let_loose(folder: Path, seed: int, kinds: Sequence[str], seconds: float) -> Chaos:
    """A run of these faults; it has been judged."""
    async with federation(folder, PROVINCE, CITY, COUNTY, PARTNER, seed=seed, acts=15) as fed:
        chaos = Chaos(fed, seed, kinds)
        await chaos.let_loose(seconds)
        await ends_well(chaos)
    return chaos


@pytest.mark.timeout(750)
async def test_a_short_run_of_mixed_faults_ends_well(tmp_path: Path) -> None:
    chaos = await let_loose(tmp_path / "run", 20_261, SHORT, 8)
    assert chaos.outcome.injected.keys() == set(SHORT)
    assert sum(effect > 0 for effect in chaos.outcome.effects.values()) >= len(SHORT) - 2, chaos.outcome.effects


@pytest.mark.faults
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", NEMESES)
async def test_each_fault_by_itself_has_an_effect_and_ends_well(tmp_path: Path, kind: str) -> None:
    async with federation(tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, seed=7, acts=15) as fed:
        chaos = await at_work(fed)
        for _ in range(2):
            await chaos.inject(kind, chaos.scene)
        assert chaos.outcome.effects[kind] > 0, chaos.outcome.missed
        await ends_well(chaos)


@pytest.mark.faults
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("number", range(3))
async def test_all_faults_together_end_well_whatever_the_seed(tmp_path: Path, number: int) -> None:
    seed = secrets.randbelow(1_000_000)
    print(f"again: python -m tests.faults --runs 1 --seed {seed} --seconds 30")  # noqa: T201 — shown when it fails
    chaos = await let_loose(tmp_path / "run", seed, sorted(NEMESES), 30)
    assert chaos.outcome.injected.keys() == NEMESES.keys()


FOUND_BY = {
    "no-sweep": (CITY, ["restore"]),
    "believes-the-acknowledgement": (COUNTY, ["lose-store"]),
    "forgets-retracts": (COUNTY, ["kill-committee"]),
    "shares-with-all-neighbours": (COUNTY, ["kill-committee"]),
    "applies-twice": (CITY, ["kill-committee"]),
    "cursor-before-effects": (CITY, ["kill-committee"]),
}
"""Bug → who has it, and what has to happen for it to show."""


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bug", BUGS)
async def test_a_bug_planted_in_the_code_of_a_committee_is_found(
    tmp_path: Path, bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.chaos.CONVERGES_WITHIN", 15.0)
    who, kinds = FOUND_BY[bug]
    async with federation(tmp_path / "run", PROVINCE, CITY, COUNTY, PARTNER, seed=7, acts=0) as fed:
        fed.kill(who)
        fed[who].config = msgspec.structs.replace(fed[who].config, bug=bug)
        fed.start(who)
        for id, each in fed.committees.items():
            fed.tell(id, msgspec.structs.replace(each.control, acts=15))
        chaos = await at_work(fed)
        if kinds == ["restore"]:
            chaos.scene.backups = {COUNTY: chaos.scene.backups[COUNTY]}
        await chaos.scene.until(lambda: len(chaos.scene.acts(who, 0)) >= 100, within=60)
        if bug == "believes-the-acknowledgement":  # whoever writes again is told by the hub what it has lost
            await chaos.calm()
            await chaos.judge()
            assert not chaos.outcome.told.findings
        for kind in kinds:
            await chaos.inject(kind, chaos.scene)
        await chaos.calm()
        await chaos.judge()
    assert chaos.outcome.told.findings or chaos.outcome.broken, f"nobody noticed {bug}"
