"""What lists and assignments come to in figures: agreed, done, replied to, in time, and late on a day."""

import datetime as dt

import pytest
from sqlalchemy import text

from tenant_service.assignments import figures_queries as figures
from tenant_service.assignments import service
from tenant_service.assignments.rules import Part
from tenant_service.counting.rules import Span, Tally
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.assignments.office import LEAD, Office
from tests.tenant_service.places import Clock

APRIL, MAY_20 = dt.date(2026, 4, 1), dt.date(2026, 5, 20)
YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
DUE = dt.date(2026, 5, 8)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "asked",
    [
        "item WHERE state = 'PROPOSED'", "item WHERE done_at >= '2026-01-01'",
        "assignment WHERE state = 'REPLIED' AND due_on < '2026-01-01'", "assignment WHERE replied_at >= '2026-01-01'",
    ],
)  # fmt: skip
def test_what_is_counted_for_the_first_page_and_by_day_is_found_by_an_index(units: Units, asked: str) -> None:
    with units.read() as unit:
        plan = unit.session.execute(text(f"EXPLAIN QUERY PLAN SELECT count(*) FROM {asked}")).all()
    assert all("SEARCH" in step.detail for step in plan), plan


def test_what_is_agreed_done_replied_to_and_late_is_counted_by_its_day(office: Office, clock: Clock) -> None:
    campaign = office.campaign()
    items = [office.agreed(campaign) for _ in range(4)]
    office.proposed(campaign)
    office.do(lambda unit: service.not_adopt(unit, office.secretary, items[3], "重复"))
    [in_time], [late], [open_] = (office.in_progress(item, Part(office.bureau, LEAD, DUE)) for item in items[:3])
    office.replied(in_time)
    clock.now = dt.datetime(2026, 5, 19, 17, tzinfo=dt.UTC)  # one in the morning of 20 May in Asia/Shanghai
    office.replied(late)
    office.closed(late)
    with office.units.read() as unit:
        session = unit.session
        assert figures.agreed(session, *YEAR) == [Tally(APRIL, "SUGGESTION", None, 3)]
        assert figures.done(session, *YEAR) == [Tally(MAY_20, "SUGGESTION", None, 1)]
        assert set(figures.replied(session, *YEAR)) == {Tally(APRIL, "LEAD", None, 1), Tally(MAY_20, "LEAD", None, 1)}
        assert figures.replied(session, *YEAR, on_time=True) == [Tally(APRIL, "LEAD", None, 1)]
        assert figures.replied(session, APRIL, dt.date(2026, 5, 19)) == [Tally(APRIL, "LEAD", None, 1)]
        day = DUE + dt.timedelta(days=1)
        assert sorted(figures.late(session, *YEAR), key=str) == sorted(
            [Span("LEAD", day, MAY_20), Span("LEAD", day, None)], key=str
        )
    office.do(lambda unit: service.reopen(unit, office.secretary, items[1], "又坏了"))
    with office.units.read() as unit:
        assert figures.done(unit.session, *YEAR) == []
    assert office.row(open_).days_late is None
