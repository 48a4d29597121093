"""A theme is the committee's own words: others read it where a topic of it went up, else how many such there are."""

import datetime as dt

import pytest

from sync.contract.channels import Share
from sync.contract.shapes.topics import TopicCategory
from sync.contract.shapes.values import IndicatorCode
from tenant_service.rooms import COUNTING
from tenant_service.statistics import figures_queries, queries, service
from tenant_service.statistics.opening_rules import Days
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Plan
from tenant_service.topics.figures_queries import OTHER_THEMES
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import LIFTS, PARENT, TODAY, WORDS, Office

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CODE, YEAR = IndicatorCode.TOPICS_PLANNED, (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def planned(office: Office, theme: str, *shares: Share) -> None:
    id = office.accepted(LIFTS, WORDS, *shares)
    office.do(lambda unit: screening.store(unit, office.clerk, id, TopicCategory.HOUSING))
    office.do(lambda unit: handling.select(unit, office.clerk, id, Plan("主席会议", TODAY, 2026, theme)))


def test_a_theme_that_nobody_shared_is_counted_and_not_named_abroad_and_stands_at_home(office: Office) -> None:
    planned(office, "产业", PARENT)
    planned(office, "信访积案")
    planned(office, "人事")
    with office.units.read() as unit:
        [value] = queries.counted(unit, COUNTING, [CODE], *YEAR)
        share = figures_queries.share(unit, COUNTING, CODE, "信访积案", CODE, Days(*YEAR))
    assert {kind: sum(days) for kind, days in value.days.items()} == {"产业": 1, OTHER_THEMES: 2}
    assert (share.numerator, share.denominator) == (1, 3)
    with office.units.write() as unit:
        service.publish_values(unit, COUNTING, {"c"})
    sent = repr([event.data for event in told(office.units) if ".value." in event.record])
    assert ("产业" in sent, "信访积案" in sent, "人事" in sent) == (True, False, False)
