"""The other half of the schedules in memory, and what they must have gone through to prove anything."""

from collections import Counter

import pytest

from tests.simulator.chunks import chunks, failures, named
from tests.simulator.nemesis import FAULTS
from tests.simulator.schedules import play


@pytest.mark.parametrize("seeds", chunks(1, 2), ids=named)
def test_whatever_fails_every_entitled_reader_ends_with_what_is_shared(seeds: range) -> None:
    assert not failures(seeds, play)


def test_every_fault_comes_and_is_felt() -> None:
    counts: Counter[str] = Counter()
    for seed in range(60):
        counts.update(play(seed).counts)
    felt = [
        "lost", "duplicated", "reordered", "arrived late", "page stored in part", "died at some moment",
        "died between two steps", "died in a transaction", "restores", "forks seen", "salvaged", "alarm FORKED",
        "alarm FORGED", "alarm UNKNOWN_KEY", "alarm STRANGER", "alarm UNREADABLE",
    ]  # fmt: skip
    assert not [kind for kind in [*FAULTS, *felt] if not counts[kind]]
