"""The cockpit shows what was counted, how fresh each part is, and nothing that was not counted."""

import datetime as dt

from gateway.console.boards import Words
from gateway.console.cockpit import Cockpit, cockpit, print_of
from gateway.console.history import History
from gateway.console.periods import chosen
from sync.contract.shapes.values import IndicatorCode
from tests.gateway.console.answers import NOW, answer, source

TODAY = dt.date(2026, 12, 3)
HELD = IndicatorCode.ACTIVITIES_HELD
STALE = source("330110", "STALE", NOW - dt.timedelta(minutes=90))
LONG_AWAY = source("330127", "STALE", NOW - dt.timedelta(days=3))
NEVER_HEARD = source("330127", "UNREACHABLE", None)


def seen(*sources: dict[str, object], by: IndicatorCode = HELD) -> Cockpit:
    return cockpit(answer(*sources), chosen({}, TODAY), by, TODAY, NOW, {"330102": (1, 2)})


def words(view: Cockpit) -> Words:
    return Words(lambda text: text, "zh-CN", NOW)


def test_a_committee_that_is_away_keeps_its_figures_with_their_time() -> None:
    view = seen(source("330102"), STALE, LONG_AWAY)
    assert [(tile.name, tile.value, tile.look) for tile in view.tiles()] == [
        ("上城", 40, "live"),
        ("余杭", 12, "stale"),
        ("淳安", 7, "away"),
    ]
    assert (view.counted, view.count("live"), view.count("stale", "away")) == (3, 1, 2)
    assert view.stale == [NOW - dt.timedelta(days=3), NOW - dt.timedelta(minutes=90)]
    assert view.wholeness == "part"


def test_one_that_was_never_heard_is_named_and_has_no_figure() -> None:
    view = seen(source("330102"), source("330110"), NEVER_HEARD)
    assert view.counted == 2
    assert view.missing == ["淳安"]
    assert view.wholeness == "gap"
    assert view.tiles()[-1].value is None
    assert words(view).table(view).rows[-1].cells[2:] == (None,) * len(IndicatorCode)


def test_a_figure_says_what_it_is_compared_with_and_what_is_counted_once() -> None:
    view = seen(source("330102"), source("330110"))
    first = words(view).kpis(view)[0]
    assert first.value == "52"
    assert "同比 +4.0%" in first.note
    assert "联办去重 51" in first.note
    assert "占 100.0%" in first.note


def test_pages_and_files_say_how_fresh_the_whole_is_in_the_same_words() -> None:
    whole, part, gap = seen(source("330102")), seen(source("330102"), STALE), seen(source("330102"), NEVER_HEARD)
    assert [words(each).whole(each) for each in (whole, part, gap)] == [
        "1/1 已计入，全部实时",
        "2/2 已计入，其中 1 实时，1 截至 12月3日 08:30",
        "1/2 已计入，其中 1 实时，缺淳安",
    ]
    for each in (whole, part, gap):
        assert words(each).whole(each) in words(each).table(each).notes
    assert [words(each).kpis(each)[0].coverage for each in (whole, part)] == ["", "未全部实时"]


def test_coverage_of_towns_is_told_with_its_denominator() -> None:
    view = seen(source("330102"))
    assert words(view).kpis(view)[-1].value == "40/40"


def test_a_month_that_nobody_has_counted_breaks_the_line() -> None:
    lines = seen(source("330102")).lines
    this_year, year_before = lines.series
    assert lines.steps[-1] == "12"
    assert this_year.values[-2:] == (9, None)
    assert year_before.values[-1] == 4


def test_a_kind_of_a_newer_release_is_told_by_its_code() -> None:
    assert [(bar.label, bar.value) for bar in seen(source("330102")).kinds] == [("NEWER", 8), ("民生议事堂协商", 5)]


def test_mechanisms_stand_in_order_and_what_is_under_none_last() -> None:
    told = [("330100.mechanism.c", 4), ("三地联动", 3), ("不属于联动机制", 52)]
    assert [(bar.label, bar.value) for bar in seen(source("330102")).mechanisms] == told


def test_where_nothing_is_done_under_a_mechanism_nothing_is_drawn() -> None:
    told = answer(source("330102"))
    told["mechanisms"]["rows"] = told["mechanisms"]["rows"][-1:]
    assert cockpit(told, chosen({}, TODAY), HELD, TODAY, NOW, {}).mechanisms == ()


def test_bars_stand_in_order_and_tiles_where_the_settings_put_them() -> None:
    view = seen(LONG_AWAY, source("330110"), source("330102"))
    assert [bar.label for bar in view.bars()] == ["上城", "余杭", "淳安"]
    assert [(tile.row, tile.column) for tile in view.tiles()] == [(None, None)] * 3
    assert [(tile.row, tile.column) for tile in seen(source("330102")).tiles()] == [(1, 2)]


def test_the_stream_tells_what_can_be_seen_and_nothing_else() -> None:
    one, slower = source("330102"), source("330102") | {"latencyMs": 900}
    later = source("330102", as_of=NOW + dt.timedelta(seconds=2))
    assert print_of(seen(one)) == print_of(seen(slower)) == print_of(seen(later))
    assert print_of(seen(one)) != print_of(seen(source("330102", "STALE", NOW)))
    assert print_of(seen(one)) != print_of(seen(one, by=IndicatorCode.SUGGESTIONS))


def test_a_trouble_is_noted_once_while_it_lasts() -> None:
    history, view = History(), seen(source("330102"), NEVER_HEARD)
    for minutes in range(3):
        history.note(view.standings, NOW + dt.timedelta(minutes=minutes))
    assert [each.at for each in history.of("330127")] == [NOW]
    history.note(seen(source("330127")).standings, NOW)
    history.note(view.standings, NOW + dt.timedelta(hours=1))
    assert [each.at for each in history.of("330127")] == [NOW + dt.timedelta(hours=1), NOW]
    assert history.of("330102") == []
