"""The windows that leaders ask for."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.console.periods import NAMES, chosen, earlier, twelve_months
from sync.contract.errors import Code, Refusal

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, dt.date(2026, 1, 1), TODAY),
        ({"period": "nonsense"}, dt.date(2026, 1, 1), TODAY),
        ({"period": "quarter"}, dt.date(2026, 10, 1), TODAY),
        ({"period": "last-quarter"}, dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        ({"period": "year-before"}, dt.date(2025, 1, 1), dt.date(2025, 11, 21)),
        ({"period": "last-year"}, dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ({"period": "twelve-months"}, dt.date(2025, 11, 22), TODAY),
        ({"period": "custom", "from": "2026-03-01", "to": "2026-03-31"}, dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    ],
)
def test_a_period_is_the_days_that_its_name_says(asked: dict[str, str], first: dt.date, last: dt.date) -> None:
    period = chosen(asked, TODAY)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "asked", [{"from": "yesterday"}, {"from": "2026-02-30"}, {"from": "2026-05-01", "to": "2026-04-01"}]
)
def test_days_that_make_no_window_are_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        chosen({"period": "custom"} | asked, TODAY)
    assert refused.value.code is Code.BAD_TIME


def test_a_leap_day_is_compared_with_the_day_before_march() -> None:
    assert earlier(dt.date(2028, 2, 29)) == dt.date(2027, 2, 28)


@given(some.dates(dt.date(2001, 1, 1), dt.date(2100, 12, 31)), some.sampled_from(sorted(set(NAMES) - {"custom"})))
def test_every_period_ends_no_later_than_today_and_begins_before_it_ends(today: dt.date, code: str) -> None:
    period = chosen({"period": code}, today)
    assert period.first <= period.last <= today
    assert period.a_year_earlier().last < period.last


@given(some.dates(dt.date(2001, 1, 1), dt.date(2100, 12, 31)))
def test_twelve_months_are_twelve_different_months(today: dt.date) -> None:
    first, last = twelve_months(today)
    assert first.day == 1
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == 11
