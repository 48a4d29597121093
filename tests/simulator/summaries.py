"""Many schedules on all cores, and what they came to."""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.simulator.nemesis import FAULTS
from tests.simulator.schedules import Outcome, play
from tests.simulator.tables import play_on_tables


@dataclass
class Summary:
    """Attributes:
    failed: Seed → what was wrong.
    """

    schedules: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    failed: dict[int, list[str]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.schedules += 1
        self.counts.update(outcome.counts)
        self.took.append(outcome.took)
        if outcome.problems:
            self.failed[outcome.seed] = outcome.problems

    def text(self) -> str:
        took = sorted(self.took) or [0.0]
        faults = {kind: self.counts[kind] for kind in FAULTS if self.counts[kind]}
        others = {kind: times for kind, times in sorted(self.counts.items()) if kind not in FAULTS}
        middle, late = took[len(took) // 2], took[int(len(took) * 0.99)]
        lines = [
            f"{self.schedules} schedules in {self.seconds:.0f} s, {sum(faults.values())} faults",
            "faults: " + _listed(faults),
            "besides: " + _listed(others),
            f"well again after the last fault: median {middle:.0f} virtual s, p99 {late:.0f}, worst {took[-1]:.0f}",
            *(f"FAILED seed {seed}: {problems[0]}" for seed, problems in sorted(self.failed.items())),
            f"{len(self.failed)} failed" if self.failed else "none failed",
        ]
        return "\n".join(lines)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {times}" for kind, times in counts.items()) or "none"


def many(seeds: Iterable[int], *, tables: bool = False) -> Summary:
    """All of these schedules, on all cores that this process may use."""
    began, summary = time.monotonic(), Summary()
    one: Callable[[int], Outcome] = play_on_tables if tables else play
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for outcome in pool.imap_unordered(one, seeds, chunksize=8):
            summary.add(outcome)
    summary.seconds = time.monotonic() - began
    return summary
