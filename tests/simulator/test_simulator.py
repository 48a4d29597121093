"""Half of the schedules in memory; the other half, which another worker plays, is in test_simulator_more.py."""

import os
import subprocess
import sys

import pytest

from tests.simulator.chunks import chunks, failures, named
from tests.simulator.schedules import play


@pytest.mark.parametrize("seeds", chunks(0, 2), ids=named)
def test_whatever_fails_every_entitled_reader_ends_with_what_is_shared(seeds: range) -> None:
    assert not failures(seeds, play)


def test_a_seed_is_one_schedule_on_every_machine() -> None:
    """Two processes whose sets and dictionaries lie in different orders."""
    told = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulator", "--seed", "18", "--tell"],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert "nothing wrong" in told[0]
    assert told[0] == told[1]


def test_different_seeds_are_different_schedules() -> None:
    assert len({play(seed).fingerprint for seed in range(5)}) == 5
