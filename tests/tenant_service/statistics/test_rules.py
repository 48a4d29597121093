"""How days add up: whatever the rows, nothing is counted twice and nothing is left out."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tenant_service.counting.rules import Span, Tally, together
from tenant_service.statistics import rules

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
SPANS = st.tuples(DAYS, st.none() | DAYS).filter(lambda span: span[1] is None or span[0] < span[1])


KINDS, MECHANISMS = st.sampled_from(["HALL", "STUDY"]), st.sampled_from([None, "delta", "three cities"])


@given(st.lists(st.builds(Tally, DAYS, KINDS, MECHANISMS, st.integers(0, 50)), max_size=60))
def test_a_flow_adds_up_to_its_rows(rows: list[Tally]) -> None:
    told = [rules.flow(of_month, month) for month, of_month in rules.by_month(rows).items()]
    assert sum(sum(numbers) for days in told for numbers in days.values()) == sum(row.number for row in rows)
    for kind in ("HALL", "STUDY"):
        assert sum(sum(days.get(kind, [])) for days in told) == sum(row.number for row in rows if row.kind == kind)


@given(st.lists(st.builds(Tally, DAYS, KINDS, MECHANISMS, st.integers(0, 50)), max_size=60))
def test_what_each_mechanism_has_is_what_was_done_under_it(rows: list[Tally]) -> None:
    for month, of_month in rules.by_month(rows).items():
        parts = rules.by_mechanism(of_month, month)
        assert parts == {
            under: days for under in ("delta", "three cities")
            if (days := rules.flow([row for row in of_month if row.mechanism == under], month))
        }  # fmt: skip


@given(st.lists(SPANS, max_size=12), DAYS, DAYS)
def test_a_stock_is_what_stood_on_each_day(
    spans: list[tuple[dt.date, dt.date | None]], day: dt.date, today: dt.date
) -> None:
    month = rules.month_of(day)
    told = rules.stock([Span("HALL", *span) for span in spans], month, today).get("HALL", [])
    if day > today:
        assert len(told) < day.day, "a day that has not come has no figure"
        return
    stood = sum(1 for since, until in spans if since <= day and (until is None or day < until))
    assert (told[day.day - 1] if told else 0) == stood


@given(st.lists(st.lists(SPANS, max_size=4), min_size=1, max_size=3), DAYS)
def test_together_holds_exactly_when_each_holds(
    groups: list[list[tuple[dt.date, dt.date | None]]], day: dt.date
) -> None:
    def holds(spans: list[tuple[dt.date, dt.date | None]]) -> bool:
        return any(since <= day and (until is None or day < until) for since, until in spans)

    assert holds(together(groups)) == all(map(holds, groups))


def test_months_have_no_gap_and_no_double() -> None:
    assert list(rules.months(dt.date(2025, 11, 30), dt.date(2026, 2, 1))) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
