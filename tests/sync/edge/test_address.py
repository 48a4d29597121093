"""Days and numbers of an address: what lies outside of what is kept is refused before anything is reckoned with it."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day, instant, midnight
from sync.edge.address import MOST_NUMBER, day_in, number_in


@pytest.mark.parametrize(
    "said",
    ["9999-12-31", "3000-01-01", "1899-12-31", "0001-01-01", "0000-00-00", "2026-02-30", "nonsense", "20260401", "\0"],
)
def test_a_day_that_no_record_may_have_is_refused(said: str) -> None:
    with pytest.raises(Refusal) as no:
        day_in({"to": said}, "to")
    assert (no.value.code, no.value.field) == (Code.BAD_VALUE, "to")


@pytest.mark.parametrize("said", ["1900-01-01", "2999-12-31"])
def test_the_first_and_the_last_day_can_be_reckoned_with(said: str) -> None:
    found = day_in({"to": f" {said} "}, "to")
    assert found == dt.date.fromisoformat(said)
    for each in (found - dt.timedelta(days=1), found, found + dt.timedelta(days=1)):
        assert midnight(each).astimezone(dt.UTC).year in range(1899, 3001)


def test_an_address_that_says_nothing_asks_for_nothing() -> None:
    assert day_in({"to": " "}, "to") is None
    assert number_in({}, "after") is None


@pytest.mark.parametrize("said", [str(MOST_NUMBER + 1), "9" * 5_000, "-1", "1.5", "x", "٣", "²", "\0"])
def test_a_number_that_no_database_keeps_leads_nowhere(said: str) -> None:
    with pytest.raises(Refusal) as no:
        number_in({"after": said}, "after")
    assert no.value.code is Code.BAD_CURSOR
    assert number_in({"after": str(MOST_NUMBER)}, "after") == MOST_NUMBER
    with pytest.raises(Refusal):
        number_in({"after": "101"}, "after", 100)


@pytest.mark.parametrize("year", ["0001", "1899", "3000", "9999"])
def test_days_and_moments_in_years_that_no_record_may_have_are_none(year: str) -> None:
    """The scalars of GraphQL are read with these as well."""
    with pytest.raises(ValueError, match="years"):
        day(f"{year}-12-31")
    for offset in ("Z", "+23:59", "-23:59"):
        with pytest.raises(ValueError, match="years"):
            instant(f"{year}-12-31T23:59:59{offset}")
