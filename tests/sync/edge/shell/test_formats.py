"""Figures and moments as people read them."""

import datetime as dt

import pytest

from sync.edge.shell import formats
from sync.edge.shell.words import Language

NOW = dt.datetime(2026, 12, 3, 2, 0, tzinfo=dt.UTC)  # 10:00 in Shanghai


@pytest.mark.parametrize(
    ("passed", "zh", "en"),
    [
        (dt.timedelta(seconds=20), "刚刚", "just now"),
        (dt.timedelta(minutes=90), "90 分钟前", "90 min ago"),
        (dt.timedelta(hours=5), "5 小时前", "5 h ago"),
        (dt.timedelta(days=3), "3 天前", "3 d ago"),
    ],
)
def test_how_long_ago_is_told_in_the_unit_one_would_use(passed: dt.timedelta, zh: str, en: str) -> None:
    assert formats.ago(NOW - passed, NOW, "zh-CN") == zh
    assert formats.ago(NOW - passed, NOW, "en") == en


def test_a_moment_is_told_in_shanghai_and_names_only_another_year() -> None:
    assert formats.moment(dt.datetime(2026, 12, 3, 0, 0, tzinfo=dt.UTC), NOW, "zh-CN") == "12月3日 08:00"
    assert formats.moment(dt.datetime(2025, 12, 31, 16, 0, tzinfo=dt.UTC), NOW, "zh-CN") == "1月1日 00:00"
    assert formats.moment(dt.datetime(2025, 12, 3, 0, 0, tzinfo=dt.UTC), NOW, "zh-CN") == "2025年12月3日 08:00"
    assert formats.moment(dt.datetime(2025, 12, 3, 0, 0, tzinfo=dt.UTC), NOW, "en") == "3 Dec 2025 08:00"


def test_a_span_names_its_day_once() -> None:
    start = dt.datetime(2026, 12, 3, 0, 0, tzinfo=dt.UTC)
    assert formats.span(start, start + dt.timedelta(hours=2), NOW, "zh-CN") == "12月3日 08:00–10:00"
    assert formats.span(start, start + dt.timedelta(days=1), NOW, "zh-CN") == "12月3日 08:00 – 12月4日 08:00"
    assert formats.span(start, None, NOW, "zh-CN") == "12月3日 08:00"


@pytest.mark.parametrize(
    ("value", "language", "told"),
    [
        (6_834, "zh-CN", "6800余"),
        (12_500, "zh-CN", "1.2万余"),
        (120_000, "zh-CN", "12万"),
        (87, "zh-CN", "87"),
        (None, "zh-CN", "—"),
        (6_834, "en", "over 6,800"),
    ],
)
def test_a_rough_figure_is_rounded_down_and_says_so(value: int | None, language: Language, told: str) -> None:
    assert formats.roughly(value, language) == told


def test_an_unknown_figure_is_a_dash_and_never_a_zero() -> None:
    assert formats.number(None) == "—"
    assert formats.number(0) == "0"
    assert formats.share(184, 379) == "48.5%"
    assert formats.share(184, 0) == "—"
