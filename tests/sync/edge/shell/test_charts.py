"""Charts say in words and tables whatever they draw, and draw by attributes alone."""

import re
from pathlib import Path

import pytest

from sync.edge.shell.pages import Pages
from sync.edge.shell.plots import Bar, Lines, Series

PLOT = Lines("举办活动", ("10", "11", "12"), (Series("今年", (3, None, 5)), Series("去年", (1, 2, 3))), "场次")


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "chart.html").write_text('{% import "charts.svg.jinja" as draw %}{{ draw[macro](*given) }}')
    return Pages([tmp_path])


def drawn(pages: Pages, macro: str, *given: object) -> str:
    return pages.text("chart.html", macro=macro, given=given)


def test_lines_have_their_title_their_words_and_their_table(pages: Pages) -> None:
    chart = drawn(pages, "lines", "months", PLOT)
    assert 'aria-labelledby="months-title months-told"' in chart
    assert "10 3; 11 —; 12 5;" in chart
    assert re.search(r"<tr><th scope=.row.>11</th><td class=.figure.>—</td><td class=.figure.>2</td></tr>", chart)
    assert chart.count("<circle") == 5


def test_bars_are_a_table_whose_drawing_nobody_needs(pages: Pages) -> None:
    chart = drawn(pages, "bars", "按政协", [Bar("余杭", 40, 10, "/c/330110"), Bar("<淳安>", None)], "场次", 80)
    assert '<rect class="whole" width="50.0"' in chart
    assert '<rect class="part" width="12.5"' in chart
    assert 'aria-hidden="true"' in chart
    assert "&lt;淳安&gt;" in chart
    assert "—" in chart


@pytest.mark.parametrize(
    ("macro", "given", "seen"),
    [
        ("progress", (22, 34, "22/34"), 'width="64.7"'),
        ("progress", (0, 0, "0/0"), 'width="0"'),
        ("spark", ([1, None, 4], "三个月：1、—、4"), "94.0,2.0"),
        ("spark", ([], "没有"), "<polyline"),
    ],
)
def test_small_charts_say_their_figures_in_words(
    pages: Pages, macro: str, given: tuple[object, ...], seen: str
) -> None:
    chart = drawn(pages, macro, *given)
    assert seen in chart
    assert f'role="img" aria-label="{given[-1]}"' in chart


def test_no_chart_carries_a_style(pages: Pages) -> None:
    assert "style=" not in drawn(pages, "lines", "months", PLOT) + drawn(pages, "bars", "", [Bar("一", 1)], "", 1)
