"""Whatever is asked for and whenever: in no sixty seconds does a name use much more than its room."""

import math

from hypothesis import given
from hypothesis import strategies as st

from gateway.last_minute import LastMinute

MOST = 20
TAKES = st.lists(st.tuples(st.floats(0, 50), st.integers(1, MOST)), max_size=60)


class Clock:
    """Moved by the tests."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def test_all_of_it_may_be_used_at_once_and_nothing_more() -> None:
    clock = Clock(20)
    made = LastMinute(10, clock)
    assert [made.take("a", 1, 3) for _ in range(3)] == [0, 0, 0]
    assert made.take("a", 1, 3) > 0
    assert made.take("b", 3, 3) == 0


def test_room_comes_back_little_by_little_and_not_with_the_full_minute() -> None:
    clock = Clock(59)
    made = LastMinute(10, clock)
    assert made.take("a", 60, 60) == 0
    clock.at = 61
    assert [made.take("a", 1, 60) > 0 for _ in range(2)] == [False, True]
    clock.at = 90
    assert made.take("a", 29, 60) == 0
    assert made.take("a", 2, 60) > 0
    clock.at = 180
    assert made.take("a", 60, 60) == 0


@given(TAKES)
def test_whoever_waits_as_long_as_told_finds_room_and_not_long_before(takes: list[tuple[float, int]]) -> None:
    clock = Clock(1_000.0)
    made = LastMinute(10, clock)
    for pause, much in takes:
        clock.at += pause
        wait = made.take("a", much, MOST)
        assert 0 <= wait <= 120
        if wait:
            clock.at += math.ceil(wait)
            assert made.take("a", much, MOST) == 0


@given(TAKES)
def test_a_full_minute_gives_nobody_their_room_twice(takes: list[tuple[float, int]]) -> None:
    clock, used = Clock(1_000.0), list[tuple[float, int]]()
    made = LastMinute(10, clock)
    for pause, much in takes:
        clock.at += pause
        if not made.take("a", much, MOST):
            used.append((clock.at, much))
        now, begun = clock.at, clock.at // 60 * 60
        share = sum(size for at, size in used if begun - 60 <= at < begun) * (60 - (now - begun)) / 60
        assert math.floor(share) + sum(size for at, size in used if at >= begun) <= MOST


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = Clock(10_000)
    made = LastMinute(10, clock)
    assert made.take("a", 3, 3) == 0
    clock.at = 100
    assert made.take("a", 3, 3) == 0
