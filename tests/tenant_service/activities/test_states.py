"""Whatever is tried with an activity, in any order: it walks along its steps, and is told only when it is signed."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.shapes.activities import ActivityState
from tenant_service.activities import backfill_service, queries, rules, service
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.rules import Act
from tenant_service.activities.service import Report
from tenant_service.identity.policy import Role
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import PARENT, Office, draft
from tests.tenant_service.told import told
from tests.tenant_service.walks import new_units

# Each example starts from an empty database of its own; the rooms' other tests ask both databases.
ONWARD: dict[ActivityState, set[ActivityState | None]] = {
    ActivityState.DRAFT: {ActivityState.PUBLISHED, None},
    ActivityState.PUBLISHED: {ActivityState.HELD, ActivityState.CLOSED, ActivityState.CANCELLED},
    ActivityState.HELD: {ActivityState.CLOSED, ActivityState.CANCELLED},
    ActivityState.CLOSED: {None},  # backfilled, sent back and discarded
    ActivityState.CANCELLED: set(),
}
TRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
REPORT = Report(headcount=3, leader_present=True, members_present=2)
LONG = (dt.date(2025, 1, 1), dt.date(2027, 12, 31))


@contextmanager
def office_of(folder: Path, empty: Path) -> Iterator[Office]:
    """Jiashan's office over a new database."""
    clerk, secretary = places.staff(places.JIASHAN, Role.CLERK), places.staff(places.JIASHAN, Role.SECRETARY)
    with new_units(folder, empty) as units:
        yield Office(units, places.directory(), clerk, secretary)


def acts(office: Office, id: str, venue: str) -> dict[str, Callable[[Unit], object]]:
    clerk, secretary, directory = office.clerk, office.secretary, office.directory
    past = draft(starts_at=places.SPRING - dt.timedelta(days=3), ends_at=None, venue_id=venue)
    soon = draft(starts_at=places.SPRING + dt.timedelta(days=1), ends_at=None, venue_id=venue)
    later = places.SPRING + dt.timedelta(days=40)
    return {
        "redraft": lambda unit: service.redraft(unit, clerk, directory, id, soon, PARENT),
        "redraft_backfill": lambda unit: backfill_service.redraft_backfill(
            unit, clerk, directory, id, past, REPORT, "更正", PARENT
        ),
        "redraft_ahead": lambda unit: backfill_service.redraft_backfill(
            unit, clerk, directory, id, soon, REPORT, "改", PARENT
        ),
        "submit": lambda unit: service.submit(unit, clerk, id),
        "send_back": lambda unit: service.send_back(unit, secretary, id, "退回"),
        "sign_off": lambda unit: service.sign_off(unit, secretary, id, unclassified=True),
        "move": lambda unit: service.change(unit, clerk, id, "改期", starts_at=later),
        "change": lambda unit: service.change(unit, clerk, id, "换地方", place="二楼"),
        "cancel": lambda unit: service.cancel(unit, clerk, id, "取消"),
        "share": lambda unit: service.share(unit, secretary, directory, id, PARENT),
        "hold": lambda unit: service.hold(unit, clerk, id),
        "close": lambda unit: service.enter_closing(unit, clerk, id, REPORT),
        "count": lambda unit: service.count_present(unit, id, 4),
        "discard": lambda unit: service.discard(unit, clerk, id),
    }


NAMES = (
    "redraft", "redraft_backfill", "redraft_ahead", "submit", "send_back", "sign_off", "move", "change", "cancel",
    "share", "hold", "close", "count", "discard", "wait", "submit", "submit", "sign_off", "sign_off", "wait",
)  # fmt: skip


def look(office: Office, id: str) -> ActivityRow | None:
    with office.units.read() as unit:
        return unit.session.get(ActivityRow, id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@TRIED
@given(is_backfilled=st.booleans(), tried=st.lists(st.sampled_from(NAMES), min_size=4, max_size=18))
def test_an_activity_only_walks_along_its_steps(
    is_backfilled: bool, tried: list[str], folder: Path, empty_sqlite: Path
) -> None:
    with office_of(folder, empty_sqlite) as office:
        venue = office.venue()
        id = office.backfilled(venue_id=venue) if is_backfilled else office.drafted(PARENT, venue_id=venue)
        possible = acts(office, id, venue)
        now = look(office, id)
        was_signed = False
        for name in tried:
            before = now
            if name == "wait":
                office.units.clock.on(days=5)  # type: ignore[attr-defined]
            else:
                offered, refused = offers(before, office), refusal_of(office, possible[name])
                if name in list(Act):
                    assert (name in offered) is (refused is None), f"{name}: the page and the service disagree"
                if refused:
                    now = look(office, id)
                    assert seen(now) == seen(before), f"{name} was refused and left a trace"
                    continue
            now = look(office, id)
            walked(before, now)
            was_signed = was_signed or (now is not None and now.approval is Approval.SIGNED)
            assert was_signed or not [each for each in told(office.units) if each.record == id]
            assert office.held_in(*LONG) == (1 if counts(now) else 0)
            if now is not None and now.state in (ActivityState.HELD, ActivityState.CLOSED):
                assert now.starts_at <= office.units.clock.now, "what was held began"  # type: ignore[attr-defined]
            if now is not None:
                assert (now.ordinal is not None) == (
                    now.state is ActivityState.CLOSED and now.approval is Approval.SIGNED
                )


def refusal_of(office: Office, act: Callable[[Unit], object]) -> Refusal | None:
    try:
        office.do(act)
    except Refusal as refusal:
        return refusal
    return None


def offers(row: ActivityRow | None, office: Office) -> frozenset[Act]:
    """What a page offers to those who may do everything."""
    now = office.units.clock.now  # type: ignore[attr-defined]
    return rules.possible(row.standing(), now) if row is not None else frozenset()


def walked(before: ActivityRow | None, now: ActivityRow | None) -> None:
    if before is None:
        assert now is None
    elif (now.state if now else None) is not before.state:
        assert (now.state if now else None) in ONWARD[before.state]
        assert now is not None or before.approval is not Approval.SIGNED, "what was signed stays"


def counts(row: ActivityRow | None) -> bool:
    return (
        row is not None and row.state in (ActivityState.HELD, ActivityState.CLOSED) and row.approval is Approval.SIGNED
    )


def seen(row: ActivityRow | None) -> object:
    return (vars(row.record()), row.approval, row.checked_in, row.ordinal_year) if row else None


def test_the_example_sees_a_step_that_is_none(folder: Path, empty_sqlite: Path) -> None:
    with office_of(folder, empty_sqlite) as office:
        id = office.drafted(PARENT)
        before = look(office, id)

        def leap(unit: Unit) -> None:
            queries.locked(unit.session, id).state = ActivityState.HELD

        office.do(leap)
        with pytest.raises(AssertionError):
            walked(before, look(office, id))
