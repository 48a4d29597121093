"""The checker is proven by bugs: each that is planted must be found."""

import pytest

from tests.simulator.bugs import PLANTED, SECOND_LINES
from tests.simulator.schedules import Kit, play

MOST = 200
"""Schedules until a bug must have been found."""


def found(kit: Kit, most: int) -> str:
    """What the checker says of the first schedule in which it finds something."""
    for seed in range(most):
        if problems := play(seed, kit).problems:
            return problems[0]
    return ""


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert found(PLANTED[bug], MOST)


@pytest.mark.parametrize("lack", SECOND_LINES)
def test_a_second_line_is_not_needed_while_the_first_holds(lack: str) -> None:
    """If this is found one day, it is a first line, and belongs among the planted bugs."""
    assert not found(SECOND_LINES[lack], 25)
