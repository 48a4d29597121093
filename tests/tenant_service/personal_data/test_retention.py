"""What is kept for a while goes when that is over, exactly that, and a look beforehand changes nothing."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from deploy.command import app
from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import MembershipEnding
from sync.contract.shapes.requests import RequestKind, RequestState
from sync.contract.trust.directory import NOBODY_LISTED
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft, Report
from tenant_service.attendance import service as attendance
from tenant_service.attendance.models import ParticipationRow
from tenant_service.attendance.service import Invited
from tenant_service.identity import disclosures
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.models import DisclosureRow
from tenant_service.members import service as members
from tenant_service.members.models import PersonRow
from tenant_service.members.service import PersonDraft
from tenant_service.personal_data import retention
from tenant_service.requests.models import IncomingRow
from tenant_service.roster.models import BatchRow, LineRow
from tenant_service.settings import Settings
from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import everything
from tests.tenant_service.places import JIASHAN, QINGPU, Clock
from tests.tenant_service.roster import test_import as importing

GUEST = f"{QINGPU}.person.{'7' * 32}"


def kept(**more: int) -> Settings:
    return Settings(committee=JIASHAN, **more)  # type: ignore[arg-type]


def due(units: Units, settings: Settings) -> dict[str, int]:
    with units.read() as unit:
        standings = retention.standings(retention.rules_of(settings), unit.session, unit.now)
        return {each.rule.of.what: each.due for each in standings}


def dropped(units: Units, settings: Settings) -> None:
    for rule in retention.rules_of(settings):
        removed, some = 0, 1
        while some:
            with units.write() as unit:
                some = rule.drop(unit)
            removed += some
        with units.write() as unit:
            retention.note_run(unit, rule, removed)


@pytest.fixture
def held(units: Units, clerk: Actor, secretary: Actor, clock: Clock) -> str:
    """A closed activity with a guest of Qingpu and one of our own people on its list; its id."""
    directory = places.directory()
    with units.write() as unit:
        own = members.add_person(unit, clerk, PersonDraft("郑一")).id
        made = activities.draft(
            unit,
            clerk,
            directory,
            Draft("议事", ActivityKind.HALL_SESSION, places.SPRING, "惠通村"),
            [Share(Scope.OPEN)],
        )
        activities.submit(unit, clerk, made.id)
        activities.sign_off(unit, secretary, made.id, unclassified=True)
        for guest in (Invited(GUEST, "青浦来客"), Invited(own, "郑一")):
            attendance.check_in_by_list(unit, clerk, made.id, guest)
        unit.session.add(
            IncomingRow(
                id=f"{QINGPU}.request.{'1' * 32}", committee_id=QINGPU, to_id=JIASHAN, kind=RequestKind.SIGN_UP,
                subject_id=made.id, person_id=GUEST, person_name="青浦来客", text="乘车前往", detail=None,
                asked_at=unit.now, answer_id=None, state=RequestState.ACCEPTED, code=None, reason_zh=None,
                reason_en=None, result_id=None, answered_at=unit.now, arrived_at=unit.now, tries=0, try_after=None,
            )
        )  # fmt: skip
    clock.on(hours=3)
    with units.write() as unit:
        attendance.close(unit, clerk, made.id, Report(0, leader_present=False, text="开了会"))
    return made.id


def test_guests_are_forgotten_thirty_days_after_and_stay_counted(units: Units, held: str, clock: Clock) -> None:
    def listed() -> list[tuple[str, str]]:
        with units.read() as unit:
            rows = unit.session.scalars(select(ParticipationRow).order_by(ParticipationRow.name))
            return [(row.name, row.state.value) for row in rows]

    clock.on(days=30)
    dropped(units, kept())
    assert listed() == [("郑一", "PRESENT"), ("青浦来客", "PRESENT")]
    clock.on(days=1)
    assert due(units, kept())["names of other committees' people on our lists"] == 1
    dropped(units, kept())
    assert listed() == [("郑一", "PRESENT"), ("（已删除）", "PRESENT")]
    with units.read() as unit:
        asked = unit.session.scalars(select(IncomingRow)).one()
    assert (asked.person_name, asked.text, asked.state) == (None, None, RequestState.ACCEPTED)
    assert not any(due(units, kept()).values())


def test_a_setting_keeps_them_longer(units: Units, held: str, clock: Clock) -> None:
    clock.on(days=60)
    assert not any(due(units, kept(guest_days=90)).values())


def test_files_of_rosters_go_and_the_people_in_them_stay(units: Units, clerk: Actor, clock: Clock) -> None:
    old = importing.previewed(units, clerk, importing.ZHANG)
    importing.applied(units, clerk, old)
    clock.on(days=100)
    new = importing.previewed(units, clerk, importing.LI)
    clock.on(days=80, minutes=1)
    assert due(units, kept())["rows of roster files"] == 1
    dropped(units, kept())
    with units.read() as unit:
        assert list(unit.session.scalars(select(BatchRow.id))) == [new]
        assert {row.batch_id for row in unit.session.scalars(select(LineRow))} == {new}
        assert list(unit.session.scalars(select(PersonRow.name))) == ["张三"]


def test_the_register_is_kept_as_long_as_the_log(units: Units, clerk: Actor, clock: Clock) -> None:
    with units.write() as unit:
        disclosures.reveal(unit, clerk, GUEST, "work_phone", Told("核对联系方式", "NOTICE"))
    clock.now = dt.datetime(2026, 10, 31, 15, 59, tzinfo=dt.UTC)
    assert due(units, kept())["who was shown personal data, and why"] == 0
    clock.on(minutes=1)
    assert due(units, kept(audit_months=12))["who was shown personal data, and why"] == 0
    assert due(units, kept())["who was shown personal data, and why"] == 1
    dropped(units, kept())
    with units.read() as unit:
        assert unit.session.scalars(select(DisclosureRow)).all() == []


def test_who_left_is_erased_after_years_only_where_a_setting_says_so(units: Units, clerk: Actor, clock: Clock) -> None:
    with units.write() as unit:
        stays = members.add_person(unit, clerk, PersonDraft("在任者")).id
        gone = members.add_person(unit, clerk, PersonDraft("离任者", work_phone="13900000000")).id
        members.part_with(unit, clerk, gone, MembershipEnding.RESIGNED, places.SPRING.date())
    clock.on(days=5 * 365)
    dropped(units, kept(left_person_years=5))
    clock.on(days=2)
    dropped(units, kept())
    assert "who people were that left" not in due(units, kept())
    assert due(units, kept(left_person_years=5))["who people were that left"] == 1
    dropped(units, kept(left_person_years=5))
    with units.read() as unit:
        names = {row.id: (row.name, row.work_phone) for row in unit.session.scalars(select(PersonRow))}
    assert names == {stays: ("在任者", None), gone: ("（已删除）", None)}


def test_what_the_last_run_removed_and_the_next_will_remove_is_known(
    units: Units, held: str, clerk: Actor, clock: Clock
) -> None:
    def guests() -> tuple[object, ...]:
        with units.read() as unit:
            [only] = [
                each for each in retention.standings(retention.rules_of(kept()), unit.session, unit.now)
                if each.rule.of.code == "guests"
            ]  # fmt: skip
        return only.ran_at, only.removed, only.emptied_at, only.emptied, only.due, only.next_at, only.due_next

    clock.on(days=30)
    assert guests() == (None, 0, None, 0, 0, clock.now, 0), "no run is known"
    dropped(units, kept())
    first = clock.now
    assert guests() == (first, 0, None, 0, 0, first + dt.timedelta(days=1), 1), "the next run will remove one"
    clock.on(days=1)
    assert guests() == (first, 0, None, 0, 1, clock.now, 1)
    dropped(units, kept())
    second = clock.now
    assert guests() == (second, 1, second, 1, 0, second + dt.timedelta(days=1), 0)
    clock.on(days=3)
    assert guests() == (second, 1, second, 1, 0, clock.now, 0), "a run that is late comes now"
    dropped(units, kept())
    assert guests()[:4] == (clock.now, 0, second, 1), "the last that removed anything is remembered"


def test_a_look_changes_nothing(units: Units, engine: Engine, held: str, clock: Clock) -> None:
    clock.on(days=400)
    before = everything(engine)
    assert due(units, kept(left_person_years=1))["names of other committees' people on our lists"] == 1
    assert everything(engine) == before


def test_the_command_shows_and_drops_when_it_is_told_to(tmp_path: Path, clerk: Actor) -> None:
    (tmp_path / "tenant.toml").write_text(f'committee = "{JIASHAN}"\ndatabase = "sqlite:///{tmp_path}/jiashan.db"\n')
    engine = open_engine(f"sqlite:///{tmp_path}/jiashan.db")
    migrate(engine)
    units = Units(engine, JIASHAN, _Untold(), Clock())
    with units.write() as unit:
        disclosures.reveal(unit, clerk, GUEST, "work_phone", Told("核对联系方式", "NOTICE"))

    def run(*more: str) -> str:
        said = CliRunner().invoke(app, ["tenant", "retention", "--config", str(tmp_path / "tenant.toml"), *more])
        assert said.exit_code == 0, said.output
        return said.output

    assert "1  who was shown personal data, and why, kept 6 whole months (audit_months)" in run()
    assert "1  who was shown personal data" in run()
    assert "last run" not in run()
    assert "1 dropped" in run("--apply")
    assert "dropped 1; the next, " in run()
    assert "0  who was shown personal data" in run()


class _Untold:
    directory = NOBODY_LISTED

    def put_all(self, *_: object) -> None: ...
    def delete(self, *_: object) -> None: ...
