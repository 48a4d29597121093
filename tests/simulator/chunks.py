"""Which schedules a run of the suite plays. Fixed, so that what is red here is red everywhere; `SCHEDULES_FIRST` moves
them, and `SCHEDULES` says how many.
"""

import os
from collections.abc import Callable, Iterable

from tests.simulator.schedules import Outcome

SCHEDULES = int(os.environ.get("SCHEDULES", "2000"))
FIRST = int(os.environ.get("SCHEDULES_FIRST", "0"))
CHUNK = 50


def chunks(part: int, parts: int, schedules: int = SCHEDULES, size: int = CHUNK) -> list[range]:
    """The seeds of this part of the run, some at a time."""
    every = [range(FIRST + at, FIRST + min(at + size, schedules)) for at in range(0, schedules, size)]
    return every[part::parts]


def named(seeds: range) -> str:
    return f"{seeds.start}-{seeds.stop - 1}"


def failures(seeds: Iterable[int], play: Callable[[int], Outcome], option: str = "") -> list[str]:
    """What went wrong in these schedules, each with the command that plays it again."""
    return [
        f"python -m tests.simulator --seed {outcome.seed} --tell{option}: {outcome.problems[0]}"
        for outcome in map(play, seeds) if outcome.problems
    ]  # fmt: skip
