"""Activities that a restored backup had forgotten come back as those last knew them whom they were shared with."""

import datetime as dt

import pytest
from sqlalchemy import MetaData, select

from sync.contract.channels import Scope, Share, log_of
from sync.contract.shapes.activities import ActivityKind, ActivityState
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind
from sync.contract.trust.directory import Directory
from tenant_service.activities import figures_queries as figures
from tenant_service.activities import queries, service
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.recovery import recover
from tenant_service.activities.service import Draft, Report
from tenant_service.exchange.models import AlarmRow, RecoveredRow, RestorationRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore

DELTA, PARENT, OPEN = Share(Scope.MECHANISM, places.DELTA), Share(Scope.PARENT), Share(Scope.OPEN)
DELTA_CHANNEL = DELTA.channel
YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


class Office:
    """Jiashan's office, its backup and its people."""

    def __init__(
        self, units: Units, tables: MetaData, directory: Directory, clerk: Actor, secretary: Actor, clock: places.Clock
    ) -> None:  # fmt: skip
        self.units, self.tables, self.directory, self.clock = units, tables, directory, clock
        self.clerk, self.secretary = clerk, secretary

    def published(self, *shares: Share, title: str = "联席会议", venue: str | None = None, days: int = 3) -> str:
        told = Draft(
            title, ActivityKind.JOINT_SESSION, places.SPRING + dt.timedelta(days=days), "嘉善", venue_id=venue,
            contact_name="李二", contact_phone="13800000000", mechanism_id=places.DELTA,
        )  # fmt: skip
        with self.units.write() as unit:
            id = service.draft(unit, self.clerk, self.directory, told, list(shares)).id
            service.submit(unit, self.clerk, id)
            service.sign_off(unit, self.secretary, id, unclassified=True)
        return id

    def moved(self, id: str, place: str) -> None:
        with self.units.write() as unit:
            service.change(unit, self.clerk, id, "场地冲突", place=place)

    def closed(self, id: str, present: int = 12, suggestions: tuple[str, ...] = ("清淤", "补绿")) -> None:
        report = Report(30, leader_present=True, suggestions=suggestions, text="已议", members_present=present)
        with self.units.write() as unit:
            service.enter_closing(unit, self.clerk, id, report)

    def row(self, id: str) -> ActivityRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def is_there(self, id: str) -> bool:
        with self.units.read() as unit:
            return unit.session.get(ActivityRow, id) is not None

    def counted(self, code: IndicatorCode) -> int:
        with self.units.read() as unit:
            return sum(each.number for each in figures.daily(unit.session, code, *YEAR))

    def backed_up(self) -> Restore:
        trust = places.trust(places.JIASHAN)
        return Restore(self.units, trust, Backup(self.units, self.tables))


@pytest.fixture
def office(
    units: Units, tables: MetaData, directory: Directory, clerk: Actor, secretary: Actor, clock: places.Clock
) -> Office:
    return Office(units, tables, directory, clerk, secretary, clock)


def test_a_forgotten_activity_stands_as_it_was_told_and_waits_for_its_private_fields(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA)
    office.clock.on(days=4)
    office.closed(id)
    before = office.row(id)
    restore.lose()
    assert not office.is_there(id)
    assert restore.come_back() == {id: Outcome.ANEW}
    row = office.row(id)
    assert row.record().__dict__ | {"revision": 0} == before.record().__dict__ | {"revision": 0}
    assert row.revision > before.revision
    assert (row.state, row.approval) == (ActivityState.CLOSED, Approval.SIGNED)
    assert (row.contact_name, row.signed_by) == (None, None)
    assert row.desk_secret != before.desk_secret
    assert row.shares == before.shares
    assert restore.shared_now(DELTA_CHANNEL).keys() == {id}
    with office.units.read() as unit:
        assert recovered.unchecked_among(unit.session, [id]) == {id}


def test_figures_count_what_came_back_once(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA)
    office.clock.on(days=4)
    office.closed(id)
    figures = {code: office.counted(code) for code in list(IndicatorCode)[:5]}
    assert figures[IndicatorCode.SUGGESTIONS] == 2
    restore.lose()
    restore.come_back()
    assert {code: office.counted(code) for code in figures} == figures


def test_a_known_activity_has_its_forgotten_change_and_keeps_what_was_never_told(office: Office) -> None:
    id = office.published(DELTA)
    restore = office.backed_up()
    office.moved(id, "枫泾")
    restore.lose()
    assert office.row(id).place == "嘉善"
    assert restore.come_back() == {id: Outcome.UPDATED}
    row = office.row(id)
    assert (row.place, row.change_note, row.contact_name) == ("枫泾", "场地冲突", "李二")
    assert row.revision == 5, "above the one that was told"


def test_a_draft_in_the_backup_is_published_as_it_was_told(office: Office) -> None:
    told = Draft("联席会议", ActivityKind.JOINT_SESSION, places.SPRING, "嘉善")
    with office.units.write() as unit:
        id = service.draft(unit, office.clerk, office.directory, told, [DELTA]).id
    restore = office.backed_up()
    with office.units.write() as unit:
        service.submit(unit, office.clerk, id)
        service.sign_off(unit, office.secretary, id, unclassified=True)
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    assert (office.row(id).state, office.row(id).approval) == (ActivityState.PUBLISHED, Approval.SIGNED)


def test_what_was_no_longer_shared_is_not_shared_again(office: Office) -> None:
    id = office.published(DELTA, PARENT)
    restore = office.backed_up()
    with office.units.write() as unit:
        service.share(unit, office.clerk, office.directory, id, [PARENT])
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    assert restore.shared_now(DELTA_CHANNEL) == {}
    assert restore.shared_now("c").keys() == {id}
    assert office.row(id).shares == ["PARENT"]


def test_a_retraction_whose_log_alone_came_back_is_kept(office: Office) -> None:
    id = office.published(DELTA)
    restore = office.backed_up()
    with office.units.write() as unit:
        service.share(unit, office.clerk, office.directory, id, [])
    restore.lose()
    assert restore.come_back() == {id: Outcome.WITHDRAWN}
    assert restore.shared_now(DELTA_CHANNEL) == {}
    assert office.row(id).shares == []


def test_a_channel_that_is_not_known_to_have_been_told_the_newest_is_told_nothing(office: Office) -> None:
    """Whether the change was retracted from it nobody knows."""
    id = office.published(DELTA, PARENT)
    restore = office.backed_up()
    office.moved(id, "枫泾")
    restore.lose()
    restore.come_back(log_of(places.JIASHAN, "c"))
    assert restore.shared_now("c")[id][1]["place"] == "枫泾"
    assert restore.shared_now(DELTA_CHANNEL) == {}


def test_the_fullest_copy_counts(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA, OPEN)
    office.clock.on(days=4)
    office.closed(id)
    restore.lose()
    restore.come_back()
    assert office.row(id).suggestions == ["清淤", "补绿"]


def test_what_lies_deeper_than_anybody_was_told_stays_as_the_backup_has_it(office: Office) -> None:
    id = office.published(OPEN)
    office.clock.on(days=4)
    office.closed(id)
    restore = office.backed_up()
    with office.units.write() as unit:
        service.count_present(unit, id, 13)
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    assert (office.row(id).members_present, office.row(id).suggestions) == (13, ["清淤", "补绿"])
    assert office.counted(IndicatorCode.SUGGESTIONS) == 2


def test_what_was_changed_since_the_restore_is_not_overwritten(office: Office) -> None:
    id = office.published(DELTA)
    restore = office.backed_up()
    office.moved(id, "枫泾")
    office.moved(id, "金泽")
    restore.lose()
    office.moved(id, "黎里")
    assert restore.come_back() == {id: Outcome.KEPT}
    assert office.row(id).place == "黎里"
    assert restore.shared_now(DELTA_CHANNEL)[id][1]["place"] == "黎里"


def test_no_ordinal_is_given_twice(office: Office) -> None:
    """What was told keeps its 第N次; who took the same number since the restore, and told nobody, has the next."""
    with office.units.write() as unit:
        place = venues.Draft("议事堂", VenueKind.HALL, "体育路1号", opened_on=dt.date(2026, 1, 1))
        hall = venues.add(unit, office.clerk, office.directory, place, []).id
    first, second, third, fourth = (office.published(DELTA, venue=hall) for _ in range(4))
    office.clock.on(days=4)
    office.closed(first)
    restore = office.backed_up()
    office.closed(second)
    restore.lose()
    office.closed(third)
    assert (office.row(third).ordinal, office.row(second).ordinal) == (2, None)
    restore.come_back()
    office.closed(fourth)
    assert [office.row(id).ordinal for id in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert restore.shared_now(DELTA_CHANNEL)[third][1]["ordinal"] == 3


def test_a_list_that_is_not_whole_never_lowers_the_figure_that_was_told(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA)
    office.clock.on(days=4)
    office.closed(id, present=12)
    restore.lose()
    restore.come_back()
    with office.units.write() as unit:
        service.count_present(unit, id, 3)
    assert office.row(id).members_present == 12
    with office.units.write() as unit:
        service.count_present(unit, id, 2)
    assert office.row(id).members_present == 11, "who is taken off is taken off"


def test_whoever_saves_it_has_looked_at_it(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA)
    restore.lose()
    restore.come_back()
    office.moved(id, "枫泾")
    with office.units.read() as unit:
        assert recovered.unchecked(unit.session) == 0
        acts = unit.session.scalars(select(AuditRow.act).where(AuditRow.subject == id).order_by(AuditRow.seq)).all()
    assert acts == ["restore.recover", "activity.change", "recovered.check"]


def test_people_are_told_which_span_of_private_data_is_gone(office: Office) -> None:
    office.published(DELTA)
    known = office.clock.now
    restore = office.backed_up()
    office.clock.on(hours=1)
    office.published(DELTA, title="之后")
    shared = office.clock.now
    restore.lose()
    office.clock.on(days=7)
    restore.come_back()
    with office.units.read() as unit:
        [told] = unit.session.scalars(select(RestorationRow)).all()
    assert (told.known_until, told.shared_until, told.at) == (known, shared, office.clock.now)


def test_restored_twice_nothing_is_doubled(office: Office) -> None:
    kept = office.published(DELTA)
    restore = office.backed_up()
    id = office.published(DELTA)
    office.moved(kept, "枫泾")
    restore.lose()
    restore.come_back()
    office.moved(id, "金泽")
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW, kept: Outcome.UPDATED}
    assert (office.row(id).place, office.row(kept).place) == ("金泽", "枫泾")
    assert restore.shared_now(DELTA_CHANNEL).keys() == {kept, id}


def test_killed_before_the_epoch_began_it_begins_from_what_was_salvaged(office: Office) -> None:
    restore = office.backed_up()
    id = office.published(DELTA)
    restore.lose()

    def killed(_unit: Unit, _told: Recovered) -> Outcome:
        raise KeyboardInterrupt

    first = Restore(restore.units, restore.trust, restore.backup, recoveries={"activity": killed}, held=restore.held)
    with pytest.raises(KeyboardInterrupt):
        first.come_back()
    assert not office.is_there(id)
    assert restore.come_back() == {id: Outcome.ANEW}
    with office.units.read() as unit:
        assert len(unit.session.scalars(select(RestorationRow)).all()) == 1


def test_one_that_its_room_cannot_take_harms_no_other_and_is_told(office: Office) -> None:
    restore = office.backed_up()
    good, bad = office.published(DELTA), office.published(DELTA)
    restore.lose()

    def breaks(unit: Unit, told: Recovered) -> Outcome:
        if told.id == bad:
            raise ValueError("canary")
        return recover(unit, told)

    restore = Restore(restore.units, restore.trust, restore.backup, recoveries={"activity": breaks}, held=restore.held)
    assert restore.come_back() == {good: Outcome.ANEW, bad: Outcome.FAILED}
    assert restore.shared_now(DELTA_CHANNEL).keys() == {good}
    with office.units.read() as unit:
        assert unit.session.scalars(select(RecoveredRow.error).where(RecoveredRow.record == bad)).all() == [
            "ValueError: canary"
        ]
        assert unit.session.scalars(select(AlarmRow.code)).all() == ["NOT_RECOVERED"]
