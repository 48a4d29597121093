"""Figures by mechanism: each line is what a naive count of the rows gives, and who does not tell is named."""

import calendar
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.figures.counts import Count, Split, Window, by_mechanism
from gateway.federation.figures.coverage import Coverages, Key
from gateway.federation.figures.table import table, untold
from tests.gateway.test_figures import COMMITTEES, HELD, NOW, TODAY, VENUES, count, covered, reported

DELTA, CITIES = "330421.mechanism." + "d" * 32, "330100.mechanism." + "c" * 32
WHO = [each.id for each in COMMITTEES]
BY = st.frozensets(st.sampled_from(["COMMITTEE", "LEVEL", "MONTH", "KIND"]))
JANUARY = Window(dt.date(2026, 1, 1), dt.date(2026, 1, 31))


@dataclass(frozen=True)
class Row:
    """One activity as a naive count sees it: every host counts it, its mechanism is one or none."""

    id: str
    hosts: frozenset[str]
    mechanism: str | None
    kind: str
    day: dt.date


rows = st.lists(
    st.builds(
        Row, st.uuids().map(str), st.frozensets(st.sampled_from(WHO), min_size=1),
        st.sampled_from([None, DELTA, CITIES]), st.sampled_from(["STUDY", "VISIT"]),
        st.dates(dt.date(2025, 12, 20), dt.date(2026, 2, 10)),
    ),
    max_size=25,
)  # fmt: skip


def days_of(found: list[Row]) -> dict[str, list[int]]:
    told: dict[str, list[int]] = {}
    for row in found:
        told.setdefault(row.kind, [0] * calendar.monthrange(row.day.year, row.day.month)[1])[row.day.day - 1] += 1
    return told


def joint_of(found: list[Row]) -> frozenset[str]:
    return frozenset(row.id for row in found if len(row.hosts) > 1)


def counts_of(found: list[Row]) -> list[Count]:
    """What each committee tells of the rows that it hosts."""
    told = []
    for who in WHO:
        for month in ("2025-12", "2026-01", "2026-02"):
            mine = [row for row in found if who in row.hosts and f"{row.day:%Y-%m}" == month]
            under = {each: [row for row in mine if row.mechanism == each] for each in (DELTA, CITIES)}
            split = {each: Split(days_of(part), joint_of(part)) for each, part in under.items() if part}
            if mine:
                told.append(Count(who, HELD, month, days_of(mine), joint_of(mine), TODAY, split))
    return told


@given(found=rows, by=BY)
def test_every_line_is_what_a_naive_count_of_the_rows_gives(found: list[Row], by: frozenset[str]) -> None:
    window = Window(dt.date(2025, 12, 1), dt.date(2026, 2, 28))
    lines = table(counts_of(found), covered(), by | {"MECHANISM"}, window, [CITIES, DELTA])
    levels = {str(each.id): each.level for each in COMMITTEES}
    naive = Counter(
        Key(
            who if "COMMITTEE" in by else None, levels[who] if by & {"COMMITTEE", "LEVEL"} else None, row.mechanism,
            f"{row.day:%Y-%m}" if "MONTH" in by else None, row.kind if "KIND" in by else None,
        )
        for row in found for who in row.hosts
    )  # fmt: skip
    told = {key: figures[HELD] for key, figures in lines.items() if HELD in figures and figures[HELD].value}
    assert {key: figure.value for key, figure in told.items()} == naive
    for key, figure in told.items():
        distinct, why = figure.distinct()
        once = [
            row for row in found
            if row.mechanism == key.mechanism and key.kind in (None, row.kind)
            and key.month in (None, f"{row.day:%Y-%m}") and key.committee in {None, *row.hosts}
            and key.level in {None, *(levels[who] for who in row.hosts)}
        ]  # fmt: skip
        assert distinct == len(once) if why is None else (why == "NOT_BY_KIND" and "KIND" in by)


@given(found=rows)
def test_the_lines_of_all_mechanisms_and_of_none_sum_to_the_whole(found: list[Row]) -> None:
    counts, window = counts_of(found), Window(dt.date(2025, 12, 31), dt.date(2026, 2, 3))
    whole = table(counts, covered(), frozenset(), window)[Key()]
    lines = table(counts, covered(), frozenset({"MECHANISM"}), window)
    assert sum(line[HELD].value for line in lines.values() if line) == (whole[HELD].value if whole else 0)


def test_mechanisms_come_in_the_directorys_order_and_what_is_done_under_none_last() -> None:
    unknown = "330106.mechanism." + "e" * 32
    split = {id: Split({"STUDY": [1] * 31}, frozenset()) for id in (DELTA, unknown, CITIES)}
    counts = [Count("330102", HELD, "2026-01", {"STUDY": [4] * 31}, frozenset(), TODAY, split)]
    lines = table(counts, covered(), frozenset({"MECHANISM"}), JANUARY, [CITIES, DELTA])
    assert [(key.mechanism, line[HELD].value) for key, line in lines.items()] == [
        (CITIES, 31), (DELTA, 31), (unknown, 31), (None, 31),
    ]  # fmt: skip


def test_a_mechanism_has_a_line_only_where_something_was_done_under_it() -> None:
    days = {"STUDY": [0] * 30 + [1]}
    counts = [Count("330102", HELD, "2026-01", days, frozenset(), TODAY, {DELTA: Split(days, frozenset())})]
    window = Window(dt.date(2026, 1, 1), dt.date(2026, 1, 30))
    assert list(table(counts, covered(), frozenset({"MECHANISM"}), window)) == [Key()]
    assert list(table([], covered(), frozenset({"MECHANISM"}), JANUARY)) == [Key()]


def test_who_does_not_tell_it_apart_is_left_out_and_named_never_counted_as_nothing() -> None:
    split = {DELTA: Split({"STUDY": [1] * 31}, frozenset())}
    counts = [
        Count("330102", HELD, "2026-01", {"STUDY": [2] * 31}, frozenset(), TODAY, split),
        Count("330105", HELD, "2025-12", {"STUDY": [1] * 31}, frozenset(), TODAY, split),
        count("330105", "2026-01", {"STUDY": [5] * 31}),
        count("330105", "2026-01", {"HALL": [5] * 31}, of=VENUES),
    ]
    by, window = frozenset({"MECHANISM"}), Window(dt.date(2025, 12, 1), dt.date(2026, 1, 31))
    silent = untold(counts, by, window)
    assert silent == {("330105", HELD)}, "what stands there stands under no mechanism, and is told apart"
    lines = table(counts, covered(), by, window)
    assert {key.mechanism: line[HELD].value for key, line in lines.items()} == {DELTA: 31, None: 31}
    assert lines[Key()][VENUES].value == 5
    coverage = Coverages(covered(missing=1), reported(), NOW, silent).of(HELD, Key(mechanism=DELTA))
    assert coverage.shown == {"total": 4, "fresh": 2, "stale": 0, "missing": 2}
    assert coverage.why_incomplete == {"PART_MISSING", "NOT_BY_MECHANISM"}
    assert lines[Key(mechanism=DELTA)][HELD].distinct(coverage.why_incomplete) == (None, "PART_MISSING")
    assert lines[Key(mechanism=DELTA)][HELD].distinct(["NOT_BY_MECHANISM"]) == (None, "NOT_BY_MECHANISM")
    assert untold(counts, frozenset(), window) == set()


@pytest.mark.parametrize(
    "split",
    [
        {DELTA: Split({"STUDY": [2] * 31}, frozenset())}, {DELTA: Split({"VISIT": [1] * 31}, frozenset())},
        {DELTA: Split({"STUDY": [1] * 32}, frozenset())}, {DELTA: Split({"STUDY": [1]}, frozenset({"y"}))},
        {each: Split({"STUDY": [1] * 31}, frozenset({"x"})) for each in (DELTA, CITIES)},
    ],
)  # fmt: skip
def test_parts_that_are_more_than_the_whole_are_refused(split: dict[str, Any]) -> None:
    whole = Count("330102", HELD, "2026-01", {"STUDY": [1] * 31}, frozenset({"x"}), TODAY, split)
    with pytest.raises(ValueError, match=r"more|not with others"):
        list(by_mechanism(whole))


def test_an_id_that_is_told_by_no_mechanism_stays_unknown() -> None:
    split = {DELTA: Split({"STUDY": [1] * 31}, None)}
    counts = [Count("330102", HELD, "2026-01", {"STUDY": [3] * 31}, frozenset({"x"}), TODAY, split)]
    lines = table(counts, covered(), frozenset({"MECHANISM"}), JANUARY)
    assert [line[HELD].distinct() for line in lines.values()] == [(None, "NOT_LISTED")] * 2
