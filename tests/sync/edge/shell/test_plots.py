"""Charts draw what is known, in their frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sync.edge.shell.plots import HEAT_STEPS, Lines, Series, ceiling, heat


@given(some.integers(min_value=1, max_value=10**9))
def test_an_axis_ends_at_a_round_number_not_far_above_the_most(most: int) -> None:
    assert most <= ceiling(most) <= max(2.5 * most, 1)


@given(some.integers(min_value=0, max_value=10**6), some.integers(min_value=1, max_value=10**6))
def test_only_nothing_has_the_shade_of_nothing(value: int, most: int) -> None:
    shade = heat(min(value, most), most)
    assert 0 <= shade < HEAT_STEPS
    assert (shade == 0) == (value == 0)


def test_a_line_breaks_where_nothing_is_known() -> None:
    plot = Lines("场次", ("1", "2", "3", "4"), (Series("今年", (3, None, 5, 6)),))
    assert [len(run.split()) for run in plot.runs(plot.series[0].values)] == [1, 2]


@pytest.mark.parametrize(("most", "labels"), [(1, ["1", "0"]), (5, ["6", "3", "0"]), (9_500, ["10,000", "5,000", "0"])])
def test_grid_lines_are_whole_numbers(most: int, labels: list[str]) -> None:
    plot = Lines("场次", ("1", "2"), (Series("今年", (0, most)),))
    assert [label for _height, label in plot.grid()] == labels


@given(some.lists(some.one_of(some.none(), some.integers(0, 10**6)), min_size=2, max_size=24))
def test_every_point_lies_in_the_frame(values: list[int | None]) -> None:
    plot = Lines("场次", tuple(map(str, range(len(values)))), (Series("今年", tuple(values)),))
    points = [point.split(",") for run in plot.runs(values) for point in run.split()]
    assert all(0 <= float(x) <= plot.width and 0 <= float(y) <= plot.height for x, y in points)
