"""调整期限: the 交办单位 sets another last day, and what was late stays so; pages offer what the day still permits."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from tenant_service.assignments import figures_queries as figures
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments.rules import Part
from tenant_service.counting.rules import Span
from tenant_service.identity.policy import Role
from tenant_service.settings import Periods
from tests.tenant_service.assignments.office import LEAD, Office
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DUE, NEW = dt.date(2026, 4, 10), dt.date(2026, 6, 30)
WHY = "雨季停工", "县府办〔2026〕8号"
SLOW = Periods(return_workdays=60)
YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


@pytest.fixture
def late(office: Office, clock: Clock) -> str:
    """The bureau has it since 1 April, and it is ten days late."""
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, DUE))
    clock.on(days=19)
    return id


def test_a_new_last_day_keeps_the_first_and_how_late_it_was(office: Office, late: str, clock: Clock) -> None:
    office.do(lambda unit: over.reschedule(unit, office.coordinator, late, NEW, *WHY))
    row = office.row(late)
    assert (row.due_on, row.was_due_on, row.days_late, row.due_is_estimate) == (NEW, DUE, 10, False)
    assert office.history(late)[-1].because == "2026-04-10 → 2026-06-30：雨季停工（县府办〔2026〕8号）"
    clock.on(days=30)
    office.replied(late)
    assert office.row(late).days_late == 10, "in time by the new day, and late for good by the first"
    with office.units.read() as unit:
        spans, in_time = figures.late(unit.session, *YEAR), figures.replied(unit.session, *YEAR, on_time=True)
    assert spans == [Span("LEAD", DUE + dt.timedelta(days=1), dt.date(2026, 4, 20))]
    assert in_time == []


def test_who_is_given_a_matter_has_a_clock_of_its_own_and_what_was_late_before_stays_in_the_figures(
    office: Office, clock: Clock
) -> None:
    [late] = office.assigned(office.agreed(office.campaign()), Part(office.bureau, LEAD, DUE))
    clock.on(days=19)
    office.do(lambda unit: over.reschedule(unit, office.coordinator, late, NEW, *WHY))
    office.do(lambda unit: handling.ask_to_return(unit, office.of(late), SLOW, late, "不属本局职责"))
    office.do(lambda unit: over.reassign(unit, office.coordinator, SLOW, late, office.roads, NEW))
    assert office.row(late).days_late is None
    clock.on(days=10)
    office.do(lambda unit: handling.accept(unit, office.of(late), late))
    office.replied(late)
    assert office.row(late).days_late == 0
    with office.units.read() as unit:
        spans, in_time = figures.late(unit.session, *YEAR), figures.replied(unit.session, *YEAR, on_time=True)
    assert spans == [Span("LEAD", DUE + dt.timedelta(days=1), dt.date(2026, 4, 20))]
    assert len(in_time) == 1


def test_a_reply_after_the_new_day_is_as_late_as_the_worse_of_both(office: Office, late: str, clock: Clock) -> None:
    office.do(lambda unit: over.reschedule(unit, office.coordinator, late, dt.date(2026, 4, 30), *WHY))
    clock.on(days=25)
    office.replied(late)
    assert office.row(late).days_late == 15


def test_what_was_never_late_is_not_when_its_day_is_changed_in_time(office: Office, clock: Clock) -> None:
    [id] = office.in_progress(office.agreed(office.campaign()), Part(office.bureau, LEAD, DUE))
    office.do(lambda unit: handling.ask_extension(unit, office.contact, id, dt.date(2026, 5, 1), "工期"))
    office.do(lambda unit: over.reschedule(unit, office.coordinator, id, NEW, *WHY))
    assert (office.row(id).days_late, office.row(id).extension_until) == (None, None)
    clock.on(days=40)
    office.replied(id)
    assert office.row(id).days_late == 0


def test_a_day_that_cannot_be_set_is_refused_and_leaves_no_trace(office: Office, late: str) -> None:
    today = dt.date(2026, 4, 20)
    for who, told, code in (
        (office.clerk, (NEW, *WHY), Code.FORBIDDEN), (office.contact, (NEW, *WHY), Code.FORBIDDEN),
        (office.coordinator, (today, *WHY), Code.BAD_TIME), (office.coordinator, (DUE, *WHY), Code.BAD_TIME),
        (office.coordinator, (NEW, "", WHY[1]), Code.NEEDS_REASON),
        (office.coordinator, (NEW, WHY[0], ""), Code.BAD_VALUE),
        (office.coordinator, (NEW, WHY[0], "【秘密】"), Code.CLASSIFIED),
    ):  # fmt: skip
        office.refused(code, lambda unit, who=who, told=told: over.reschedule(unit, who, late, *told), late)  # type: ignore[misc]
    office.replied(late)
    office.refused(
        Code.OUT_OF_TURN, lambda unit: over.reschedule(unit, office.coordinator, late, NEW, *WHY), late
    )  # fmt: skip


def test_pages_offer_what_the_day_permits_and_say_why_not_where_it_does_not(
    office: Office, late: str, clock: Clock, anybody: Callable[..., Browser]
) -> None:
    desk, contact = anybody(Role.COORDINATOR, body=office.desk), anybody(Role.DEPARTMENT, body=office.bureau)
    at = f"/assignments/{late}"
    assert f'action="{at}/ask-extension"' not in contact.go(at).text
    assert "已逾期，不能再申请延期" in contact.text
    page = desk.go(at).send(f"{at}/reschedule", dueOn="2026-06-30", document="", reason="雨季停工")
    assert (page.status, page.error_of("document")) == (400, "必填")
    page = desk.send(f"{at}/reschedule", dueOn="2026-06-30", document=WHY[1], reason="雨季停工")
    assert "2026-06-30（原定 2026-04-10）" in page.text
    assert "2026-04-20 调整，原定 2026-04-10，依据县府办〔2026〕8号" in page.text
    assert "逾期10天" in page.text
    assert f'action="{at}/ask-extension"' in contact.go(at).text
    [new] = office.assigned(office.agreed(office.item(office.row(late).item_id).list_id))
    at = f"/assignments/{new}"
    assert f'action="{at}/ask-to-return"' in contact.go(at).text
    clock.on(days=20)
    assert f'action="{at}/ask-to-return"' not in contact.go(at).text
    assert "退办申请的期限" in contact.text
    office.do(lambda unit: handling.ask_extension(unit, office.contact, new, dt.date(2026, 7, 1), "工期"))
    assert "已申请延期" in contact.go(at).text
    clock.on(days=60)
    assert f'action="{at}/grant-extension"' not in desk.go(at).text
    assert "不能同意延期" in desk.text
