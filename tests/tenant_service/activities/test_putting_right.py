"""What can be put right, and what cannot: backfilled sessions, held ones, drafts that come to nothing, ordinals."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import ORMExecuteState

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityState
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service, queries, service
from tenant_service.activities import figures_queries as figures
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import Report
from tenant_service.identity.actor import Actor
from tenant_service.signing import queries as signing
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import queries as venue_queries
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import DELTA, MARCH, PARENT, Office, draft
from tests.tenant_service.told import told


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, directory, clerk, secretary)


@pytest.mark.practice(5)
def test_a_returned_backfill_is_put_right_in_the_past_and_counts_when_it_is_signed(office: Office) -> None:
    id = office.backfilled()
    assert office.held_in(*MARCH) == 0, "what waits for sign-off does not count"
    office.refused(Code.OUT_OF_TURN, lambda unit: redrafted(unit, office, id))
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "人数不符"))
    assert office.held_in(*MARCH) == 0, "nor does what was sent back"
    with office.units.read() as unit:
        assert figures.first_day(unit.session) is None
    office.refused(
        Code.OUT_OF_TURN, lambda unit: service.redraft(unit, office.clerk, office.directory, id, draft(), DELTA)
    )
    office.refused(Code.BAD_TIME, lambda unit: redrafted(unit, office, id, days_ago=-3))
    office.refused(Code.NEEDS_REASON, lambda unit: redrafted(unit, office, id, why=" "))
    venue = office.venue()
    office.do(lambda unit: redrafted(unit, office, id, days_ago=22, venue_id=venue))
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    told_ = office.row(id)
    assert (told_["headcount"], told_["members_present"], told_["change_note"]) == (31, 7, "更正人数")
    assert (told_["state"], office.held_in(*MARCH)) == (ActivityState.CLOSED, 0)
    assert [each for each in told(office.units) if each.record == id] == []
    office.do(lambda unit: service.sign_off(unit, office.secretary, id, unclassified=True))
    [last] = [each for each in told(office.units) if each.record == id]
    assert office.held_in(*MARCH) == 1
    assert (last.data["ordinal"], last.data["headcount"]) == (1, 31)
    office.refused(Code.OUT_OF_TURN, lambda unit: redrafted(unit, office, id))


def redrafted(
    unit: Unit, office: Office, id: str, days_ago: int = 20, why: str = "更正人数", **changed: object
) -> object:
    told_ = draft(starts_at=places.SPRING - dt.timedelta(days=days_ago), ends_at=None, **changed)
    report = Report(31, leader_present=True, members_present=7)
    return backfill_service.redraft_backfill(unit, office.clerk, office.directory, id, told_, report, why, PARENT)


def test_only_what_was_backfilled_is_redrafted_as_such(office: Office) -> None:
    id = office.drafted(DELTA)
    office.refused(Code.OUT_OF_TURN, lambda unit: redrafted(unit, office, id))


def test_what_was_held_does_not_move_away_from_the_day_it_was_held(office: Office) -> None:
    id = office.published(DELTA)
    office.units.clock.on(days=8)  # type: ignore[attr-defined]
    office.do(lambda unit: service.hold(unit, office.clerk, id))
    later = places.SPRING + dt.timedelta(days=30)
    office.refused(Code.OUT_OF_TURN, lambda unit: service.change(unit, office.clerk, id, "改期", starts_at=later))
    ends = places.SPRING + dt.timedelta(days=7, hours=3)
    office.do(lambda unit: service.change(unit, office.clerk, id, "延长", ends_at=ends, place="二楼"))
    told_ = office.row(id)
    assert (told_["starts_at"], told_["ends_at"], told_["place"]) == (
        places.SPRING + dt.timedelta(days=7), ends, "二楼",
    )  # fmt: skip


def test_a_draft_is_discarded_without_a_word_to_anybody(office: Office, member: Actor) -> None:
    drafted, waiting, signed = office.drafted(DELTA), office.drafted(DELTA), office.published(DELTA)
    office.do(lambda unit: service.submit(unit, office.clerk, waiting))
    before = told(office.units)
    office.refused(Code.FORBIDDEN, lambda unit: service.discard(unit, member, drafted))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.discard(unit, office.clerk, signed))
    for id in (drafted, waiting):
        office.do(lambda unit, id=id: service.discard(unit, office.clerk, id))  # type: ignore[misc]
        office.refused(Code.NOT_FOUND, lambda unit, id=id: service.discard(unit, office.clerk, id))  # type: ignore[misc]
    assert told(office.units) == before
    with office.units.read() as unit:
        assert signing.by_approval(unit.session, ActivityRow) == {}


def test_a_backfilled_session_is_discarded_only_when_it_was_sent_back(office: Office) -> None:
    id = office.backfilled()
    office.refused(Code.OUT_OF_TURN, lambda unit: service.discard(unit, office.clerk, id))
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "重复录入"))
    office.do(lambda unit: service.discard(unit, office.clerk, id))
    assert (office.held_in(*MARCH), told(office.units)) == (0, [])


def test_a_look_waits_for_nobody_who_writes(office: Office) -> None:
    """What a page reads is not locked, and what is to be changed is (PostgreSQL; SQLite has one writer anyway)."""
    id, venue = office.drafted(DELTA), office.venue()
    locking: list[bool] = []

    def listen(state: ORMExecuteState) -> None:
        locking.append(getattr(state.statement, "_for_update_arg", None) is not None)

    with office.units.read() as unit:
        event.listen(unit.session, "do_orm_execute", listen)
        queries.ours(unit.session, id)
        venue_queries.ours(unit.session, venue)
        assert locking == [False, False]
        unit.session.expunge_all()
        queries.locked(unit.session, id)
        venue_queries.locked(unit.session, venue)
        assert locking == [False, False, True, True]


def test_two_sessions_that_end_at_once_have_two_ordinals(office: Office) -> None:
    """The second waits at the venue until the first is done."""
    venue = office.venue()
    ids = [office.backfilled(days, venue_id=venue) for days in (20, 19, 18, 17)]

    def sign(id: str) -> int | None:
        for _ in range(20):
            try:
                with office.units.write() as unit:
                    return service.sign_off(unit, office.secretary, id, unclassified=True).ordinal
            except Refusal as refusal:
                if refusal.code is not Code.TRY_AGAIN:
                    raise
        raise AssertionError("always in the way of each other")

    with ThreadPoolExecutor(len(ids)) as threads:
        found = list(threads.map(sign, ids))
    assert sorted(each or 0 for each in found) == [1, 2, 3, 4]


def test_no_ordinal_is_given_twice(office: Office) -> None:
    venue = office.venue()
    ids = [office.backfilled(days, venue_id=venue) for days in (20, 19)]

    def both(unit: Unit) -> None:
        for id in ids:
            row = queries.locked(unit.session, id)
            row.ordinal, row.ordinal_year = 1, 2026

    with pytest.raises(IntegrityError):
        office.do(both)
