"""Plays schedules by hand: python -m tests.simulator --seed 17 --tell, or --schedules 2000 [--first N] [--tables]."""

import argparse
import sys

from tests.simulator.schedules import play
from tests.simulator.summaries import many
from tests.simulator.tables import play_on_tables


def main() -> int:
    """0: all went well; 1: the checker found something."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    asked.add_argument("--seed", type=int, help="plays this schedule alone")
    asked.add_argument("--tell", action="store_true", help="tells what happens in it")
    asked.add_argument("--schedules", type=int, default=2_000, help="how many")
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--tables", action="store_true", help="on the committees' real tables")
    told = asked.parse_args()
    if told.seed is None:
        summary = many(range(told.first, told.first + told.schedules), tables=told.tables)
        print(summary.text())
        return 1 if summary.failed else 0
    say = print if told.tell else None
    outcome = play_on_tables(told.seed, say=say) if told.tables else play(told.seed, say=say)
    print(f"seed {told.seed}: {dict(sorted(outcome.counts.items()))}")
    print(f"all was well {outcome.took:.0f} virtual seconds after the last fault; fingerprint {outcome.fingerprint}")
    print("\n".join(outcome.problems) or "nothing wrong")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
