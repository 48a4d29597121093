"""What bodies cost that are made to be costly, before they are refused or planned: the worst of each kind of door.

The yardstick is reading one megabyte of JSON with the standard library, in turn with them: on most machines some ten
milliseconds. What is measured is this process's CPU; the least of some rounds, because nothing makes work less.
"""

import json
import time
from collections.abc import Callable

from tests.edges.documents import bodies
from tests.edges.readers import READERS

ROUNDS, SHOWN = 5, 8
GOAL = 50.0
"""Milliseconds."""
YARDSTICK = json.dumps([{"name": "县政协委员工作室", "count": n, "days": [n, n + 1]} for n in range(13_000)])


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def main() -> None:
    """Prints the worst bodies for a gateway over a hundred committees and for a committee."""
    of = list(bodies())
    for who, made in READERS.items():
        read = made()
        yardstick = min(cpu(lambda: json.loads(YARDSTICK)) for _ in range(ROUNDS))
        seen: dict[str, tuple[float, str]] = {}
        for name, body in of:
            outcome = str(read(body))
            took = min(cpu(lambda: read(body)) for _ in range(ROUNDS))  # noqa: B023 — called at once
            seen[name] = took, outcome
        _print(who, yardstick, seen)


def _print(who: str, yardstick: float, seen: dict[str, tuple[float, str]]) -> None:
    worst = sorted(seen.items(), key=lambda each: -each[1][0])[:SHOWN]
    print(f"Bodies below 100 kB at a {who}: the worst of {len(seen)}, until refused or planned. Goal: {GOAL:.0f} ms.\n")
    print("| body | becomes | CPU ms | × 1 MB of JSON |\n|---|---|--:|--:|")
    for name, (took, outcome) in worst:
        print(f"| {name} | {outcome} | {took:.1f} | {took / yardstick:.1f} |")
    print(f"| (yardstick: {len(YARDSTICK) / 1e6:.1f} MB of JSON) | | {yardstick:.1f} | 1.0 |\n")
