"""CPU seconds of one list query: ours beside what one would write without us, in turn.

50 rows of 16 plain fields with their cursors and whether more follow, as a gateway asks it, from SQLite. Machines are
shared and noisy: read the ratios of one run.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from strawberry.extensions import ParserCache, ValidationCache

from tenant_service.identity.policy import Role
from tests.benchmarks.tenant_programs import Program, bare, naive, ours, ready
from tests.tenant_service import places

OURS, ANOTHERS, UNPLANNED = "ours", "ours, asked by another committee", "ours, without plans of lists"
READY, REMEMBERING = "strawberry, rows ready", "strawberry, rows ready, documents remembered"
NAIVE, BARE = "strawberry, naive", "one SELECT and orjson, bare"
SECONDS = 0.03
"""CPU that one program is given in one round."""


def bench(rounds: int = 31) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        programs = _programs(Path(folder), runner.get_loop())
        _agree(programs)
        counts = {name: max(1, round(SECONDS / _spent(program, 5))) for name, program in programs.items()}
        seen: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                seen[name].append(_spent(program, counts[name]))
    _print(rounds, {name: statistics.median(each) * 1000 for name, each in seen.items()})


def _programs(folder: Path, loop: asyncio.AbstractEventLoop) -> dict[str, Program]:
    clerk = places.staff(places.JIASHAN, Role.CLERK)
    neighbour = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    program = ours(folder)
    return {
        OURS: program(clerk, True), ANOTHERS: program(neighbour, True), UNPLANNED: program(clerk, False),
        READY: ready(), REMEMBERING: ready(ParserCache, ValidationCache),
        NAIVE: naive(folder, loop), BARE: bare(folder),
    }  # fmt: skip


def _agree(programs: dict[str, Callable[[], bytes]]) -> None:
    told = {name: orjson.loads(program())["data"]["r0"] for name, program in programs.items()}
    assert programs[OURS]() == programs[UNPLANNED]()
    for name, answer in told.items():
        assert answer["f0"] == told[OURS]["f0"], f"{name} says something else"
        assert name == BARE or answer == told[OURS], f"{name} says something else"


def _spent(program: Program, times: int) -> float:
    """CPU seconds of one operation."""
    began = time.process_time()
    for _ in range(times):
        program()
    return (time.process_time() - began) / times


def _print(rounds: int, medians: dict[str, float]) -> None:
    print(f"A committee's list, 50 rows × 16 fields with cursors, SQLite; medians of {rounds} rounds.\n")
    print("| program | CPU s per 1,000 | × ours | × bare |\n|---|--:|--:|--:|")
    for name, cpu in medians.items():
        print(f"| {name} | {cpu:.2f} | {cpu / medians[OURS]:.1f} | {cpu / medians[BARE]:.1f} |")
    print()


def main() -> None:
    bench()


if __name__ == "__main__":
    main()
