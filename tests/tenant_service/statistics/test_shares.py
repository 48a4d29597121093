"""占比: a part of the whole is counted from the same days, says what is imported, and is no guess."""

import datetime as dt

import pytest

from sync.contract.shapes.values import IndicatorCode
from sync.contract.shares import in_words, percent
from tenant_service.rooms import COUNTING
from tenant_service.statistics.figures_queries import OwnShare, share
from tenant_service.statistics.opening_rules import Days
from tests.tenant_service.statistics.county import County
from tests.tenant_service.statistics.test_practice import IN_2020, Openings
from tests.tenant_service.statistics.test_practice import desk as desk  # noqa: PLC0414 — the fixture

HELD, LED = IndicatorCode.ACTIVITIES_HELD, IndicatorCode.LEADER_ATTENDED
SINCE_2020 = Days(dt.date(2020, 1, 1), dt.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(22, 34, 65), (184, 379, 49), (1, 200, 1), (1, 201, 0), (0, 3, 0), (3, 3, 100)]
)
def test_a_half_is_rounded_up_as_papers_do(part: int, whole: int, told: int) -> None:
    assert percent(part, whole) == told


def test_of_nothing_nothing_is_a_part() -> None:
    assert (percent(0, 0), in_words(0, 0), in_words(22, 34)) == (None, "0/0", "22/34，占65%")


def test_a_share_holds_what_is_imported_in_both_parts_and_of_one_kind_is_no_guess(
    county: County, desk: Openings
) -> None:
    def told(of: IndicatorCode, kind: str | None, over: IndicatorCode) -> OwnShare:
        with county.units.read() as unit:
            return share(unit, COUNTING, of, kind, over, SINCE_2020)

    county.held(20, leader=True)
    county.held(30)
    assert told(LED, None, HELD) == OwnShare(1, 2)
    assert told(HELD, "HALL_SESSION", HELD) == OwnShare(2, 2)
    desk.signed(10, kind="STUDY")
    assert told(HELD, "HALL_SESSION", HELD) == OwnShare(2, 12, (0, 10))
    assert told(HELD, "STUDY", HELD) == OwnShare(10, 12, (10, 10))
    in_2021 = Days(IN_2020.since.replace(year=2021), IN_2020.until.replace(year=2021))
    desk.signed(5, in_2021)
    assert told(HELD, "STUDY", HELD) == OwnShare(10, 17, (10, 15), is_known=False)
    assert told(LED, None, HELD) == OwnShare(1, 17, (0, 15))
