"""A stock of a few months is counted from what stood in them, and comes to what all rows ever would come to."""

import datetime as dt
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.instants import midnight
from sync.contract.shapes.items import AssignmentRole, AssignmentState, ItemKind, ItemState
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind, VenueState
from tenant_service.assignments.models import AssignmentRow, ItemRow
from tenant_service.members.models import UnitRow
from tenant_service.rooms import COUNTING
from tenant_service.statistics import queries, rules
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues.models import VenueRow
from tests.tenant_service import places

TODAY = dt.date(2026, 4, 1)
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30))
SPANS = st.lists(
    st.tuples(DAYS, st.none() | DAYS).filter(lambda each: each[1] is None or each[0] <= each[1]), max_size=8
)
NUMBERS = count()


def new(unit: Unit, kind: str) -> dict[str, object]:
    id = f"{unit.committee}.{kind}.{next(NUMBERS):032x}"
    return {"id": id, "committee_id": unit.committee, "shares": [], "revision": 1, "changed_at": unit.now}


def venue(unit: Unit, town: str, kind: VenueKind, since: dt.date, until: dt.date | None) -> None:
    told = new(unit, "venue")
    unit.session.add(VenueRow(
        **told, name="阵地", sort_key="z", kind=kind, state=VenueState.OPEN, area_id=town, address="一号",
        opened_on=since, closed_on=until, qr_token=told["id"],
    ))  # fmt: skip


def assignment(unit: Unit, item: str, due: dt.date, replied: dt.date | None) -> None:
    state = AssignmentState.IN_PROGRESS if replied is None else AssignmentState.REPLIED
    unit.session.add(AssignmentRow(
        **new(unit, "assignment"), item_id=item, state=state, role=AssignmentRole.LEAD, due_on=due,
        replied_at=midnight(replied) if replied else None, days_late=(replied - due).days if replied else None,
    ))  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(town_spans=SPANS, venue_spans=SPANS, assignment_spans=SPANS, window=st.tuples(DAYS, DAYS).map(sorted))
def test_a_window_of_a_stock_is_the_same_whether_all_rows_are_read_or_those_of_the_window(
    units: Units, town_spans: list[tuple[dt.date, dt.date | None]], venue_spans: list[tuple[dt.date, dt.date | None]],
    assignment_spans: list[tuple[dt.date, dt.date | None]], window: list[dt.date],
) -> None:  # fmt: skip
    with units.read() as unit:
        session = unit.session
        towns = [new(unit, "unit") for _ in town_spans] or [new(unit, "unit")]
        for told, (since, until) in zip(towns, town_spans, strict=False):
            session.add(UnitRow(**told, kind=UnitKind.TOWN, name="街道", sort_key="j", since=since, until=until))
        for at, (since, until) in enumerate(venue_spans):
            kinds = (VenueKind.HALL, VenueKind.STUDIO, VenueKind.CONTACT_POINT)
            for kind in kinds[: 1 + at % 4]:
                venue(unit, str(towns[at % len(towns)]["id"]), kind, since, until)
        item = new(unit, "item")
        session.add(ItemRow(
            **item, kind=ItemKind.SUGGESTION, state=ItemState.AGREED, list_id=places.JIASHAN, text="建议",
            proposed_by="",
        ))  # fmt: skip
        session.flush()
        for due, replied in assignment_spans:
            assignment(unit, str(item["id"]), due, replied)
        session.flush()
        months = list(rules.months(*window))
        first, last = rules.first_day(months[0]), rules.last_day(months[-1])
        for code in (
            IndicatorCode.AREAS, IndicatorCode.AREAS_COVERED, IndicatorCode.VENUES_OPEN, IndicatorCode.ASSIGNMENTS_LATE,
        ):  # fmt: skip
            spans = COUNTING.stocks[code].spans
            ever, of_window = spans(session, *queries.EVER), spans(session, first, last)
            assert all(each.touches(first, last) for each in of_window)
            for month in months:
                assert rules.stock(of_window, month, TODAY) == rules.stock(ever, month, TODAY), (code, month)
        session.rollback()
