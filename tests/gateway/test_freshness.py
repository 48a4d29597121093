"""How fresh an answer is has one wording, whoever says it, in Chinese and in English."""

import pytest

from gateway.console.console import TEMPLATES
from gateway.freshness import freshness
from sync.edge.shell.words import translations

ENGLISH = translations([TEMPLATES])["en"].gettext


@pytest.mark.parametrize(
    ("asked", "live", "stale", "zh", "en"),
    [
        (13, 13, [], "13/13 已计入，全部实时", "13/13 counted, all live"),
        (13, 12, [], "12/13 已计入，其中 12 实时", "12/13 counted, 12 of them live"),
        (13, 12, ["A"], "13/13 已计入，其中 12 实时，1 截至 A", "13/13 counted, 12 of them live, 1 as of A"),
        (13, 10, ["A", "A"], "12/13 已计入，其中 10 实时，2 截至 A", "12/13 counted, 10 of them live, 2 as of A"),
        (13, 11, ["A", "B"], "13/13 已计入，其中 11 实时，2 最早截至 A",
         "13/13 counted, 11 of them live, 2 as of A or later"),
        (13, 11, ["", ""], "13/13 已计入，其中 11 实时", "13/13 counted, 11 of them live"),
        (13, 0, [], "0/13 已计入", "0/13 counted"),
        (0, 0, [], "0/0 已计入", "0/0 counted"),
    ],
)  # fmt: skip
def test_what_is_there_is_said_in_one_way(asked: int, live: int, stale: list[str], zh: str, en: str) -> None:
    assert "，".join(freshness(asked, live, stale)) == zh
    assert ", ".join(freshness(asked, live, stale, ENGLISH)) == en
