"""Chaos runs, and a line about each: python -m tests.faults --runs 20 --seconds 30 [--seed N] [--faults kill-hub,cut]

A run that ends badly keeps its folder; the line behind it says how it is done again.
"""

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.chaos import Chaos, Outcome
from tests.faults.federation import federation
from tests.faults.findings import Kind
from tests.faults.nemeses import NEMESES
from tests.faults.parties import CITY, COUNTY, PARTNER, PROVINCE


async def run(folder: Path, seed: int, seconds: float, kinds: list[str], acts: float) -> Outcome:
    async with federation(folder, PROVINCE, CITY, COUNTY, PARTNER, seed=seed, acts=acts) as fed:
        return await Chaos(fed, seed, kinds).run(seconds)


def line(outcome: Outcome) -> str:
    told = outcome.told
    counts = " ".join(f"{kind.value} {told.count(kind)}" for kind in Kind)
    faults = " ".join(f"{kind}×{times}({outcome.effects[kind]})" for kind, times in sorted(outcome.injected.items()))
    same = sum(one == other for one, other in told.digests.values())
    converged = "never" if outcome.converged is None else f"{outcome.converged:.1f} s"
    return (
        f"seed {outcome.seed}: {'good' if outcome.is_good else 'BAD'} · converged {converged} after the last fault · "
        f"written {told.written} applied {told.applied} restores {outcome.restores} forks {outcome.forks} "
        f"salvaged {told.salvaged} · {counts} · digests equal {same}/{len(told.digests)}\n    {faults}"
    )


def idle(outcome: Outcome) -> list[str]:
    """Faults that were let loose and did nothing."""
    return [kind for kind in outcome.injected if not outcome.effects[kind]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0, help="of faults in each run")
    parser.add_argument("--seed", type=int, default=0, help="of the first run; drawn if it is not given")
    parser.add_argument("--faults", default=",".join(NEMESES), help="names, with commas between")
    parser.add_argument("--acts", type=float, default=15.0, help="of each committee in a second, about")
    told = parser.parse_args()
    kinds = told.faults.split(",")
    seed = told.seed or secrets.randbelow(1_000_000)
    bad, effects = 0, Counter[str]()
    for number in range(seed, seed + told.runs):
        folder = Path(tempfile.mkdtemp(prefix=f"liandong-faults-{number}-"))
        outcome = asyncio.run(run(folder, number, told.seconds, kinds, told.acts))
        effects += outcome.effects
        print(line(outcome), flush=True)
        print("    did nothing:", *idle(outcome) or ["none"], "· missed:", *outcome.missed or ["none"], flush=True)
        if outcome.is_good:
            shutil.rmtree(folder)
            continue
        bad += 1
        print(*(f"    {each}" for each in [*outcome.told.findings[:30], *outcome.broken]), sep="\n")
        print(
            f"    kept in {folder}; again: python -m tests.faults --runs 1 --seed {number} "
            f"--seconds {told.seconds:g} --acts {told.acts:g} --faults {told.faults}",
            flush=True,
        )
    print(f"{told.runs - bad} of {told.runs} runs ended as they should")
    nothing = [each for each in kinds if not effects[each]]
    print("faults that never did anything:", *nothing or ["none"])
    return int(bool(bad or nothing))


if __name__ == "__main__":
    sys.exit(main())
