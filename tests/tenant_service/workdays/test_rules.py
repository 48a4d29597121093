"""Workdays as the State Council published them, as a committee puts them right, and beyond what is known."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from tenant_service.workdays.listing import HOLIDAYS
from tenant_service.workdays.queries import published
from tenant_service.workdays.rules import Calendar, Due, days_late

BEFORE_NATIONAL_DAY = dt.date(2026, 9, 30)
DAYS = st.dates(dt.date(2005, 1, 1), dt.date(2025, 12, 31))


def test_a_week_of_holidays_is_passed_over_and_a_worked_saturday_counts() -> None:
    assert Calendar(published).after(BEFORE_NATIONAL_DAY, 1) == Due(dt.date(2026, 10, 8))
    assert Calendar(published).after(BEFORE_NATIONAL_DAY, 3) == Due(dt.date(2026, 10, 10)), "a Saturday that is worked"


def test_what_a_committee_puts_right_goes_before_what_is_published() -> None:
    closed = Calendar(published, {dt.date(2026, 10, 8): False, dt.date(2026, 10, 3): True})
    assert closed.after(BEFORE_NATIONAL_DAY, 1) == Due(dt.date(2026, 10, 3))
    assert closed.after(BEFORE_NATIONAL_DAY, 2) == Due(dt.date(2026, 10, 9))


def test_beyond_the_published_years_it_is_monday_to_friday_and_says_so() -> None:
    friday = dt.date(2099, 1, 2)
    assert Calendar(published).after(friday, 1) == Due(dt.date(2099, 1, 5), is_estimate=True)
    known = Calendar(
        published, {friday + dt.timedelta(days=each): each < 1 for each in range(1, 4)} | {dt.date(2099, 1, 5): True}
    )
    assert known.after(friday, 1) == Due(dt.date(2099, 1, 5)), "every day on the way was told"


@pytest.mark.parametrize("workdays", [0, -1, 251])
def test_a_term_has_one_day_to_a_year_of_them(workdays: int) -> None:
    with pytest.raises(Refusal) as refusal:
        Calendar(published).after(BEFORE_NATIONAL_DAY, workdays)
    assert refusal.value.code is Code.BAD_VALUE


@given(DAYS, st.integers(1, 60))
def test_as_many_workdays_lie_between_as_were_counted(start: dt.date, workdays: int) -> None:
    due = Calendar(published).after(start, workdays).day
    assert Calendar(published).works_on(due)
    assert Calendar(published).between(start, due) == workdays


@given(DAYS, st.integers(-30, 30))
def test_late_is_counted_in_days(due: dt.date, behind: int) -> None:
    assert days_late(due, due + dt.timedelta(days=behind)) == max(behind, 0)


def test_every_holiday_that_is_published_has_a_name_for_readers() -> None:
    assert {each.chinese for each in chinese_calendar.Holiday} == set(HOLIDAYS)
