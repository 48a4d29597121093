"""No body that fits costs much before it is refused or planned. What is counted is the work, not a clock, and what is
allowed is well within fifty milliseconds of a core.
"""

import pytest

from tests.edges.documents import bodies
from tests.edges.doors import Door
from tests.edges.readers import READERS, Reader
from tests.work import lines_of

MOST_LINES = 1_000_000
BODIES = dict(bodies())


@pytest.fixture(scope="module")
def readers() -> dict[str, Reader]:
    return {name: made() for name, made in READERS.items()}


@pytest.mark.parametrize("who", list(READERS))
@pytest.mark.parametrize("name", list(BODIES))
def test_no_body_costs_much_before_it_is_refused_or_planned(readers: dict[str, Reader], who: str, name: str) -> None:
    count, outcome = lines_of(lambda: readers[who](BODIES[name]))
    assert count < MOST_LINES, outcome
    assert outcome in ("planned", "INVALID", "TOO_COMPLEX", "BAD_REQUEST", "NEEDS_QUERY", "UNKNOWN_COMMITTEE", "BAD_ID")


@pytest.mark.parametrize("who", list(READERS))
def test_the_bodies_are_neither_all_refused_nor_too_large(readers: dict[str, Reader], who: str) -> None:
    """Else they would say nothing of what a refusal, or a plan, costs."""
    outcomes = [readers[who](body) for body in BODIES.values()]
    assert outcomes.count("planned") >= 10
    assert outcomes.count("TOO_COMPLEX") >= 20
    assert "TOO_LARGE" not in outcomes
    assert max(map(len, BODIES.values())) > 98_000


def test_they_break_nothing_at_the_doors(door: Door) -> None:
    """Also where the stack is not as shallow as in a test."""
    for name, body in BODIES.items():
        answer = door.post(body)
        assert answer.status_code < 500, name
        assert '"INTERNAL"' not in answer.text, name
