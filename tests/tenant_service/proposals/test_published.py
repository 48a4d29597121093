"""What committees publish of their proposals is entered row by row, and counted here as they count it."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace

import pytest

from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import NotFiledReason, ProposalState
from sync.contract.shapes.values import IndicatorCode
from tenant_service.proposals import queries, service
from tenant_service.proposals import review_service as review
from tenant_service.proposals.service import Source
from tenant_service.rooms import COUNTING
from tenant_service.statistics import figures_queries
from tenant_service.statistics.opening_rules import Days
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.proposals.office import FILING, LIFTS, Office

C = IndicatorCode
YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
SECTORS = ("经济界", "教育界", "农业界", "医药卫生界", "社会福利界")


def _filed(office: Office, unit: Unit, number: int, source: Source) -> str:
    """One that somebody said, from its draft to its number."""
    id = service.write(unit, office.clerk, replace(LIFTS, title=f"第{number}条线索", sources=(source,))).id
    service.hand_in(unit, office.clerk, id)
    review.review_first(unit, office.clerk, id)
    review.review_second(unit, office.clerk, id)
    review.sign_off(unit, office.secretary, FILING, id, unclassified=True)
    return id


def share(office: Office, of: IndicatorCode) -> tuple[int, int]:
    """How many of the year's proposals are such, and how many there are."""
    with office.units.read() as unit:
        found = figures_queries.share(unit, COUNTING, of, None, C.PROPOSALS_FILED, Days(*YEAR))
    return found.numerator, found.denominator


@pytest.mark.seed(71)
@pytest.mark.practice(11)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_254_leads_all_of_them_from_people_of_a_sector_each_with_who_said_it(
    office: Office, clock: places.Clock
) -> None:
    now, clock.now = clock.now, clock.now - dt.timedelta(days=365)
    office.do(lambda unit: _filed(office, unit, 0, Source(PostOrigin.MEMBER, None, None, "委员调研")))
    clock.now = now

    def year(unit: Unit) -> list[str]:
        return [
            _filed(office, unit, n, Source(PostOrigin.SECTOR, SECTORS[n % 5], None, f"联络点第{n}本", 1 + n % 3))
            for n in range(1, 255)
        ]  # fmt: skip

    ids = office.do(year)
    assert share(office, C.PROPOSALS_FROM_SECTORS) == (254, 254), "last year's is another year's"
    assert share(office, C.PROPOSALS_SOURCED) == (254, 254)
    with office.units.read() as unit:
        kept = [queries.sources(unit.session, id) for id in ids]
        numbers = [queries.ours(unit.session, id).number for id in ids]
    assert numbers == [f"第{n}号" for n in range(1, 255)]
    assert Counter(each.sector for [each] in kept) == {
        "教育界": 51,
        "农业界": 51,
        "医药卫生界": 51,
        "社会福利界": 51,
        "经济界": 50,
    }
    assert [each.told for [each] in kept[:2]] == ["联络点第1本", "联络点第2本"]
    own = Source(PostOrigin.MEMBER, None, None, "委员调研")
    office.do(lambda unit: _filed(office, unit, 255, own))
    assert share(office, C.PROPOSALS_FROM_SECTORS) == (254, 255), "what a member found themselves is no voice of others"
    assert share(office, C.PROPOSALS_SOURCED) == (255, 255)


@pytest.mark.seed(3)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_proposals_are_counted_by_where_they_stand_and_each_count_leads_to_these(
    office: Office, clerk_browser: Browser
) -> None:
    for _ in range(3):
        office.written()
    called, handed, reviewed, unfit = office.called(), office.handed_in(), office.reviewed(), office.reviewed()
    office.do(lambda unit: review.not_file(unit, office.secretary, unfit, NotFiledReason.EMPTY, "没有具体建议"))
    for _ in range(2):
        office.filed()
    page = clerk_browser.go("/proposals").text
    tiles = dict(re.findall(r'<a href="/proposals\?state=(\w+)">\S+ (\d+)</a>', page))
    assert tiles == {
        "DRAFTING": "3", "CO_SIGNING": "1", "SUBMITTED": "1", "SECOND_REVIEWED": "1", "NOT_FILED": "1", "FILED": "2",
    }  # fmt: skip
    for state, count in tiles.items():
        assert f"共 {count} 项" in clerk_browser.go(f"/proposals?state={state}").text
        file = clerk_browser.go(f"/proposals.csv?state={state}").text
        assert file.count(LIFTS.title) == int(count)
        assert file.count(ProposalState[state].label) == int(count)
    office.do(lambda unit: review.review_first(unit, office.clerk, handed))
    with office.units.read() as unit:
        found = queries.by_state(unit.session)
    assert (found.get(ProposalState.SUBMITTED), found[ProposalState.FIRST_REVIEWED]) == (None, 1)
    assert {office.row(each).state for each in (called, reviewed)} == {
        ProposalState.CO_SIGNING, ProposalState.SECOND_REVIEWED
    }  # fmt: skip
