"""Rows of a kind are found, refused and locked the same in every room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Select, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, Session

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.venues import VenueKind, VenueOrder
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries as activities
from tenant_service.attendance import queries as attendance
from tenant_service.identity.actor import Actor
from tenant_service.members import queries as members
from tenant_service.roster import queries as roster
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import queries as venues
from tenant_service.venues import service
from tenant_service.venues.models import SeenVenueRow
from tests.tenant_service import places

FINDS: dict[str, Callable[[Session, str], object]] = {
    "activity": activities.ours, "activity to be changed": activities.locked, "activity known": activities.known,
    "venue": venues.ours, "venue to be changed": venues.locked, "unit to be changed": members.locked_unit,
    "body to be changed": members.locked_body, "person": members.our_person,
    "person to be changed": members.locked_person, "membership to be changed": members.locked_membership,
    "participation to be changed": attendance.locked, "roster": roster.batch,
}  # fmt: skip
HALL = service.Draft("惠通村民生议事堂", VenueKind.HALL, "惠通村文化礼堂二楼")


@pytest.mark.parametrize("find", FINDS.values(), ids=FINDS)
def test_what_is_not_there_is_refused_alike(units: Units, find: Callable[[Session, str], object]) -> None:
    with units.read() as unit, pytest.raises(Refusal) as refusal:
        find(unit.session, f"{places.JIASHAN}.nothing.0")
    assert refusal.value.code is Code.NOT_FOUND


def test_a_row_to_be_changed_is_locked_and_one_to_be_looked_at_is_not(
    units: Units, directory: Directory, clerk: Actor
) -> None:
    id = added(units, directory, clerk)
    with units.write() as unit:
        with statements(unit.session) as asked:
            venues.ours(unit.session, id)
        assert asked
        assert not any("FOR UPDATE" in each for each in asked)
        with statements(unit.session) as asked:
            venues.locked(unit.session, id)
        assert any("FOR UPDATE" in each for each in asked)


def test_a_copy_is_known_and_shown_and_is_not_ours(
    units: Units, directory: Directory, clerk: Actor, secretary: Actor
) -> None:
    id, ours = f"{places.QINGPU}.venue.1", added(units, directory, clerk)
    with units.write() as unit:
        told = {**vars(venues.ours(unit.session, ours).record()), "id": id, "committee_id": places.QINGPU}
        unit.session.add(SeenVenueRow(**told, channels=["o"], as_of=unit.now))
    with units.read() as unit:
        session = unit.session
        assert venues.VENUES.known(session, id).id == id
        assert venues.one(session, secretary, id) is not None
        assert venues.at_work(session, secretary, id) is None
        listed = venues.listed(session, clerk, venues.Wanted(), VenueOrder.SORT_KEY_ASC, 5, None)
        assert [each.id for each in listed.rows] == [ours]
        shown = venues.listed(session, clerk, venues.Wanted(), VenueOrder.SORT_KEY_ASC, 5, None, [places.QINGPU])
        assert [each.id for each in shown.rows] == [id]
        with pytest.raises(Refusal) as refusal:
            venues.ours(session, id)
    assert refusal.value.code is Code.NOT_FOUND


def test_what_is_shared_with_nobody_reaches_our_own_people_alone(
    units: Units, directory: Directory, clerk: Actor
) -> None:
    shut, open_ = added(units, directory, clerk), added(units, directory, clerk, Share(Scope.OPEN))
    stranger = places.stranger(places.JIASHAN, places.QINGPU)
    with units.read() as unit:
        assert venues.one(unit.session, clerk, shut) is not None
        assert venues.one(unit.session, stranger, shut) is None
        assert venues.at_work(unit.session, stranger, open_) is None
        assert venues.newest_change(unit.session) == unit.now


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What the session asks meanwhile, as PostgreSQL would be asked."""
    asked: list[str] = []

    def note(state: ORMExecuteState) -> None:
        if isinstance(state.statement, Select):
            asked.append(str(state.statement.compile(dialect=postgresql.dialect())))  # type: ignore[no-untyped-call]

    event.listen(session, "do_orm_execute", note)
    try:
        yield asked
    finally:
        event.remove(session, "do_orm_execute", note)


def added(units: Units, directory: Directory, clerk: Actor, *shares: Share) -> str:
    with units.write() as unit:
        return service.add(unit, clerk, directory, HALL, list(shares)).id
