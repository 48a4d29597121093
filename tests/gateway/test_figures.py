"""Figures that add up: whatever a table is broken down by, its lines sum to the whole."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.figures.counts import Count, Import, Window
from gateway.federation.figures.coverage import Coverage, Coverages, Covered, Key
from gateway.federation.figures.imports import in_words
from gateway.federation.figures.table import Figure, table
from sync.contract.ids import Id
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord, CommitteeState
from sync.contract.shapes.values import IndicatorCode

HELD, LEADER, TIMES, VENUES = (
    IndicatorCode.ACTIVITIES_HELD, IndicatorCode.LEADER_ATTENDED, IndicatorCode.MEMBER_TIMES, IndicatorCode.VENUES_OPEN,
)  # fmt: skip
NOW = dt.datetime(2026, 12, 3, 4, tzinfo=dt.UTC)
TODAY = NOW.date()
DIMENSIONS = ["COMMITTEE", "LEVEL", "MONTH", "KIND"]


def committee(id: str, name: str, level: Level = Level.COUNTY) -> CommitteeRecord:
    return CommitteeRecord(
        id=Id(id), name=f"{name}区政协", short_name=name, level=level, parent_id=Id("330100"),
        state=CommitteeState.ACTIVE, current_code=id,
    )  # fmt: skip


COMMITTEES = [
    committee("330100", "杭州", Level.CITY), committee("330102", "上城"), committee("330105", "拱墅"),
    committee("330106", "西湖"),
]  # fmt: skip


def covered(away: int = 0, missing: int = 0) -> list[Covered]:
    """The last ones are missing, those before them away since 8 o'clock."""
    eight = dt.datetime(2026, 12, 3, 0, tzinfo=dt.UTC)
    fresh = len(COMMITTEES) - away - missing
    return [
        Covered(each, n < fresh, NOW if n < fresh else eight if n < fresh + away else None)
        for n, each in enumerate(COMMITTEES)
    ]


def count(
    committee: str, month: str, days: dict[str, Sequence[int]], *, of: IndicatorCode = HELD,
    joint: set[str] | None = frozenset(),  # type: ignore[assignment]
    on: dt.date = TODAY,
) -> Count:  # fmt: skip
    return Count(committee, of, month, days, None if joint is None else frozenset(joint), on)


def whole(counts: list[Count], since: str, until: str, of: IndicatorCode = HELD) -> Figure:
    window = Window(dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    return table(counts, covered(), frozenset(), window)[Key()].get(of) or Figure()


@st.composite
def some_counts(draw: st.DrawFn) -> list[Count]:
    found = []
    for each in COMMITTEES:
        for month in ("2025-12", "2026-01", "2026-02"):
            for of in draw(st.sets(st.sampled_from([HELD, TIMES, VENUES]))):
                length = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
                kinds = draw(st.sets(st.sampled_from(["HALL_SESSION", "STUDY", "VISIT"])))
                days: dict[str, Sequence[int]] = {
                    kind: draw(st.lists(st.integers(0, 5), min_size=length, max_size=length)) for kind in sorted(kinds)
                }
                found.append(count(each.id, month, days, of=of))
    return found


windows = st.tuples(st.dates(dt.date(2025, 11, 20), dt.date(2026, 3, 10)), st.integers(0, 100)).map(
    lambda told: Window(told[0], told[0] + dt.timedelta(days=told[1]))
)


@given(by=st.frozensets(st.sampled_from(DIMENSIONS)), counts=some_counts(), window=windows)
def test_however_it_is_broken_down_the_lines_sum_to_the_whole(
    by: frozenset[str], counts: list[Count], window: Window
) -> None:
    total = table(counts, covered(), frozenset(), window)[Key()]
    lines = table(counts, covered(), by, window)
    for of in (HELD, TIMES) if "MONTH" in by else (HELD, TIMES, VENUES):  # what is there is not summed over months
        summed = sum(figures[of].value for figures in lines.values() if of in figures)
        assert summed == (total[of].value if of in total else 0)


@given(counts=some_counts(), window=windows, at=st.integers(0, 100))
def test_what_happened_in_two_halves_of_a_window_sums_to_the_whole(
    counts: list[Count], window: Window, at: int
) -> None:
    split = min(window.since + dt.timedelta(days=at), window.until)
    halves = [Window(window.since, split), Window(split + dt.timedelta(days=1), window.until)]
    parts = [table(counts, covered(), frozenset(), half)[Key()] for half in halves if half.since <= half.until]
    total = table(counts, covered(), frozenset(), window)[Key()]
    for of in (HELD, TIMES):
        assert sum(each[of].value for each in parts if of in each) == (total[of].value if of in total else 0)


@given(counts=some_counts(), window=windows, away=st.sampled_from(COMMITTEES))
def test_who_is_away_changes_nothing_but_its_own_line(
    counts: list[Count], window: Window, away: CommitteeRecord
) -> None:
    before = table(counts, covered(), frozenset({"COMMITTEE"}), window)
    after = table([each for each in counts if each.committee != away.id], covered(), frozenset({"COMMITTEE"}), window)
    assert {key: line for key, line in before.items() if key.committee != away.id} == {
        key: line for key, line in after.items() if key.committee != away.id
    }
    assert list(before) == list(after)


def test_days_are_clipped_at_both_ends_inclusive() -> None:
    days = [0] * 31
    days[0], days[9], days[10], days[30] = 1, 10, 100, 1000
    counts = [count("330102", "2026-01", {"STUDY": days})]
    assert whole(counts, "2026-01-10", "2026-01-11").value == 110
    assert whole(counts, "2026-01-01", "2026-01-31").value == 1111
    assert whole(counts, "2026-01-31", "2026-02-28").value == 1000
    assert whole(counts, "2026-02-01", "2026-02-28").value == 0


def test_of_what_is_there_the_last_day_counts() -> None:
    counts = [
        count("330102", "2026-01", {"HALL": [3] * 31}, of=VENUES),
        count("330102", "2026-02", {"HALL": [4] * 20 + [5] * 8}, of=VENUES),
        count("330105", "2026-01", {"HALL": [7] * 31}, of=VENUES),
    ]
    assert whole(counts, "2026-01-01", "2026-02-28", VENUES).value == 5 + 7
    assert whole(counts, "2026-01-01", "2026-02-20", VENUES).value == 4 + 7
    assert whole(counts, "2026-01-01", "2026-01-15", VENUES).value == 3 + 7
    by_month = table(counts, covered(), frozenset({"MONTH"}), Window(dt.date(2026, 1, 1), dt.date(2026, 2, 28)))
    assert [figures[VENUES].value for figures in by_month.values()] == [10, 5]


@pytest.mark.parametrize("told", [[6] * 3, [6] * 3 + [0] * 28], ids=["days that have come", "all days"])
def test_of_a_month_that_is_not_over_the_last_day_that_came_counts(told: list[int]) -> None:
    counts = [count("330102", "2026-12", {"HALL": told}, of=VENUES, on=dt.date(2026, 12, 3))]
    assert whole(counts, "2026-01-01", "2026-12-31", VENUES).value == 6


YEAR_2025 = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


def imported(days: tuple[dt.date, dt.date], number: int, kind: str = "", committee: str = "330102") -> list[Count]:
    """A total as its committee tells it: in every month that it touches."""
    total = Import(committee, HELD, kind, *days, number)
    months = Window(*days).months()
    return [replace(count(committee, month, {}), mechanisms={}, imports=(total,)) for month in months]


@given(
    by=st.frozensets(st.sampled_from([*DIMENSIONS, "MECHANISM"])), kind=st.sampled_from(["", "STUDY"]),
    rows=st.integers(0, 5), window=windows, since=st.dates(dt.date(2025, 11, 1), dt.date(2026, 3, 1)),
    length=st.integers(0, 60),
)  # fmt: skip
def test_a_total_from_before_the_platform_counts_whole_or_is_named(
    by: frozenset[str], kind: str, rows: int, window: Window, since: dt.date, length: int
) -> None:
    until = since + dt.timedelta(days=length)
    counts = [replace(count("330102", "2026-01", {"STUDY": [rows] * 31}), mechanisms={})]
    counts += imported((since, until), 120, kind)
    without = table(counts[:1], covered(), by, window)
    is_inside = window.since <= since and until <= window.until
    is_met = since <= window.until and window.since <= until
    lines = [figures[HELD] for figures in table(counts, covered(), by, window).values() if HELD in figures]
    before = sum(figures[HELD].value for figures in without.values() if HELD in figures)
    of_one_month = f"{since:%Y-%m}" == f"{until:%Y-%m}"
    counted = 120 if is_inside and ("MONTH" not in by or of_one_month) else 0
    assert sum(each.value for each in lines) == before + counted
    assert sum(each.imported for each in lines) == counted
    assert bool([each for each in lines if each.left_out]) is (is_met and not counted)
    assert all(each.distinct() == (None, "IMPORTED") for each in lines if each.imported)


def test_what_is_imported_is_said_in_words() -> None:
    total = Import("330102", HELD, "", *YEAR_2025, 1200)
    assert in_words(0, []) == ""
    assert in_words(1200, []) == "，其中 1,200 为汇总导入"
    assert in_words(0, [("上城", total)]) == (
        "；未计入只部分落在所选日期内的汇总导入：上城 2025-01-01至2025-12-31（1,200）"
    )


def test_joint_work_is_counted_once_in_distinct_and_at_each_host_in_the_sum() -> None:
    """Jiashan, Qingpu and Wujiang hold one session together: sum 3, distinct 1."""
    one = [0] * 30 + [1]
    counts = [count(id, "2026-01", {"JOINT_SESSION": one}, joint={"x"}) for id in ("330102", "330105", "330106")]
    counts.append(count("330100", "2026-01", {"STUDY": [1] * 31}))
    figure = whole(counts, "2026-01-01", "2026-01-31")
    assert figure.value == 34
    assert figure.distinct() == (32, None)
    assert figure.distinct(["PART_MISSING"]) == (None, "PART_MISSING")


@pytest.mark.parametrize(
    ("counts", "since", "by", "why"),
    [
        ([count("330102", "2026-01", {"STUDY": [1] * 31}, joint=None)], "2026-01-01", "", "NOT_LISTED"),
        ([count("330102", "2026-01", {"STUDY": [1] * 31}, joint={"x"})], "2026-01-02", "", "MONTH_CUT"),
        ([count("330102", "2026-01", {"STUDY": [1] * 31, "VISIT": [1]}, joint={"x"})], "2026-01-01", "KIND",
         "NOT_BY_KIND"),
        ([count("330102", "2026-01", {"STUDY": [9] * 31}, joint={"x"}, of=TIMES)], "2026-01-01", "", "SEVERAL_EACH"),
        ([count("330102", "2026-01", {"STUDY": [1] * 31}, joint={"x"})], "2026-01-01", "KIND", None),
        ([count("330102", "2026-01", {"STUDY": [0] * 5 + [1]}, joint={"x"})], "2026-01-06", "", None),
        ([count("330102", "2026-01", {"STUDY": [0] * 31}, joint=None)], "2026-01-01", "", None),
    ],
)  # fmt: skip
def test_an_unknown_distinct_figure_says_why(counts: list[Count], since: str, by: str, why: str | None) -> None:
    window = Window(dt.date.fromisoformat(since), dt.date(2026, 1, 31))
    for figures in table(counts, covered(), frozenset({by} - {""}), window).values():
        for figure in figures.values():
            assert figure.distinct()[1] == why


def test_every_committee_level_and_month_asked_for_has_its_line_in_order() -> None:
    window = Window(dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    lines = table([], covered(), frozenset({"COMMITTEE", "MONTH"}), window)
    assert [(key.committee, key.month) for key in lines] == [
        (each.id, month) for each in COMMITTEES for month in ("2025-12", "2026-01")
    ]
    assert [key.level for key in table([], covered(), frozenset({"LEVEL"}), window)] == [Level.CITY, Level.COUNTY]


def reported(but: str = "") -> set[Any]:
    return {(each.id, HELD) for each in COMMITTEES if each.id != but}


@pytest.mark.parametrize(
    ("away", "missing", "but", "said"),
    [
        (0, 0, "", "4/4 已计入，全部实时"),
        (1, 0, "", "4/4 已计入，其中 3 实时，1 截至 12月3日 08:00"),
        (0, 1, "", "3/4 已计入，其中 3 实时，缺西湖"),
        (1, 1, "", "3/4 已计入，其中 2 实时，1 截至 12月3日 08:00，缺西湖"),
        (2, 0, "330106", "3/4 已计入，其中 2 实时，1 截至 12月3日 08:00，缺西湖"),
        (0, 2, "", "2/4 已计入，其中 2 实时，缺拱墅、西湖"),
    ],
)
def test_a_figure_says_in_words_whom_it_covers(away: int, missing: int, but: str, said: str) -> None:
    assert Coverages(covered(away, missing), reported(but), NOW).of(HELD, Key()).text == said


def test_the_words_name_the_oldest_and_a_year_that_is_not_this_one() -> None:
    moments = [NOW, NOW - dt.timedelta(hours=1), NOW - dt.timedelta(days=400)]
    told = [(Covered(each, is_fresh=False, as_of=at), "stale") for each, at in zip(COMMITTEES, moments, strict=False)]
    assert Coverage(told, NOW).text == "3/3 已计入，其中 0 实时，3 最早截至 2025年10月29日 12:00"


def test_a_line_covers_only_those_it_is_about() -> None:
    def who(key: Key) -> list[str]:
        return [each.committee.id for each, _ in Coverages(covered(), set(), NOW).of(HELD, key).of]

    assert who(Key(committee="330105", level=Level.COUNTY)) == ["330105"]
    assert who(Key(level=Level.COUNTY)) == ["330102", "330105", "330106"]
    assert who(Key(kind="STUDY")) == [each.id for each in COMMITTEES]
