"""Who had a place at our activities comes back, as the member's home was told; nobody stands on the list twice."""

import datetime as dt

import pytest
from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from sync.contract.ids import Id
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind, RequestRecord
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries as activities
from tenant_service.activities import service as activity_service
from tenant_service.activities.service import Draft
from tenant_service.attendance import asking_service, queries, service
from tenant_service.attendance.entries import UNNAMED
from tenant_service.attendance.models import ParticipationRow
from tenant_service.attendance.service import Invited
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore

STARTS = places.SPRING + dt.timedelta(hours=1)
GUEST = f"{places.QINGPU}.person.{'2' * 32}"
CHANNEL = f"x_{places.QINGPU}"


class Desk:
    """One published session of Jiashan, shared with the Delta."""

    def __init__(
        self, units: Units, tables: MetaData, directory: Directory, clerk: Actor, secretary: Actor
    ) -> None:  # fmt: skip
        self.units, self.tables, self.directory, self.clerk = units, tables, directory, clerk
        self.handlers = asking_service.HANDLERS
        draft = Draft("联席会议", ActivityKind.JOINT_SESSION, STARTS, "嘉善")
        with units.write() as unit:
            made = activity_service.draft(unit, clerk, directory, draft, [Share(Scope.MECHANISM, places.DELTA)])
            activity_service.submit(unit, clerk, made.id)
            activity_service.sign_off(unit, secretary, made.id, unclassified=True)
        self.activity = made.id

    def backed_up(self) -> Restore:
        return Restore(self.units, places.trust(places.JIASHAN), Backup(self.units, self.tables))

    def signs_up(self, who: str = GUEST) -> None:
        with self.units.write() as unit:
            asked = RequestRecord(
                id=unit.new_id("request"), committee_id=Id(places.QINGPU), to_id=Id(places.JIASHAN),
                kind=RequestKind.SIGN_UP, subject_id=Id(self.activity), person_id=Id(who), person_name="王一",
                text=None, detail=None, asked_at=unit.now,
            )  # fmt: skip
            self.handlers[RequestKind.SIGN_UP](unit, asked)

    def is_present(self, who: str = GUEST) -> None:
        with self.units.write() as unit:
            guest = Invited(who, "王一")
            service.check_in_by_list(unit, self.clerk, self.activity, guest)

    def rows(self) -> list[ParticipationRow]:
        with self.units.read() as unit:
            return queries.of_activity(unit.session, self.clerk, self.activity)


@pytest.fixture
def desk(units: Units, tables: MetaData, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, tables, directory, clerk, secretary)


def test_a_forgotten_place_comes_back_out_of_what_the_home_was_told(desk: Desk) -> None:
    """The body was sealed; it was sealed to ourselves as well."""
    restore = desk.backed_up()
    desk.signs_up()
    desk.is_present()
    [before] = desk.rows()
    restore.lose()
    assert desk.rows() == []
    assert restore.come_back() == {before.id: Outcome.ANEW}
    [row] = desk.rows()
    assert row.record().__dict__ | {"revision": 0} == before.record().__dict__ | {"revision": 0}
    assert (row.participant, row.name, row.revision) == (GUEST, UNNAMED, before.revision + 1)
    assert restore.shared_now(CHANNEL).keys() == {row.id}
    with desk.units.read() as unit:
        assert activities.ours(unit.session, desk.activity).checked_in == 1


def test_a_known_place_moves_on_to_what_the_home_was_told(desk: Desk) -> None:
    desk.signs_up()
    restore = desk.backed_up()
    desk.is_present()
    restore.lose()
    assert restore.come_back() == {desk.rows()[0].id: Outcome.UPDATED}
    [row] = desk.rows()
    assert (row.state, row.name) == (At.PRESENT, "王一")


def test_who_was_signed_up_again_since_the_restore_stands_there_once(desk: Desk) -> None:
    """The home's request came in again, before anybody knew that it had been answered."""
    restore = desk.backed_up()
    desk.signs_up()
    desk.is_present()
    [before] = desk.rows()
    restore.lose()
    desk.signs_up()
    assert restore.come_back() == {before.id: Outcome.UPDATED}
    [row] = desk.rows()
    assert (row.state, row.name, row.id != before.id) == (At.PRESENT, "王一", True)
    assert restore.shared_now(CHANNEL).keys() == {row.id}


def test_the_name_is_put_in_when_somebody_says_it(desk: Desk) -> None:
    restore = desk.backed_up()
    desk.signs_up()
    restore.lose()
    restore.come_back()
    desk.is_present()
    assert [row.name for row in desk.rows()] == ["王一"]


def test_without_our_own_key_people_are_told_whose_exchange_is_lost(desk: Desk) -> None:
    trust = places.trust(places.JIASHAN)
    trust.enc = []
    restore = Restore(desk.units, trust, Backup(desk.units, desk.tables))
    desk.signs_up()
    [before] = desk.rows()
    restore.lose()
    assert restore.come_back() == {before.id: Outcome.SEALED}
    assert desk.rows() == []
