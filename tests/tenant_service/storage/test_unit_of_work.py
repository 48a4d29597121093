"""One act, one transaction; and many acts at once, which never wait for each other crosswise."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.venues import VenueKind
from sync.contract.trust.directory import Directory
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.models import AuditRow
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import service as venues
from tenant_service.venues.models import VenueRow
from tests.tenant_service.told import told

AT_ONCE = 4
EACH = 6
_LETTERS = "甲乙丙丁戊己"


def test_acts_at_one_moment_are_all_done_and_all_noted(units: Units, directory: Directory, clerk: Actor) -> None:
    """On PostgreSQL four threads act side by side; on SQLite they wait in line."""
    begin = threading.Barrier(AT_ONCE)

    def work(number: int) -> None:
        begin.wait(20)
        for n in range(EACH):
            with units.write() as unit:
                if (number + n) % 2:
                    members.add_person(unit, clerk, PersonDraft(f"赵{_LETTERS[number]}{_LETTERS[n]}"))
                else:
                    draft = venues.Draft(f"议事堂{number}第{n}", VenueKind.HALL, "一号")
                    venues.add(unit, clerk, directory, draft, [Share(Scope.OPEN)])

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(work, range(AT_ONCE), timeout=60))
    with units.read() as unit:
        assert audit_checking.check(unit.session, []).fault is None

        assert unit.session.scalar(select(func.count()).select_from(AuditRow)) == AT_ONCE * EACH
    assert len(told(units)) == AT_ONCE * EACH // 2


def test_the_log_of_a_clock_in_another_zone_is_whole(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        unit.now = unit.now.astimezone(dt.timezone(dt.timedelta(hours=8)))
        audit.note(unit, clerk, "venues.add", "330110.venue.1")
    with units.read() as unit:
        assert audit_checking.check(unit.session, []).fault is None


def test_a_record_that_changed_twice_in_one_act_is_told_once(units: Units, directory: Directory, clerk: Actor) -> None:
    with units.write() as unit:
        draft = venues.Draft("议事堂", VenueKind.HALL, "一号")
        made = venues.add(unit, clerk, directory, draft, [Share(Scope.OPEN)])
        venues.change(unit, clerk, made.id, venues.Draft("新议事堂", VenueKind.HALL, "一号"))
    assert [event.data["name"] for event in told(units)] == ["新议事堂"]


def test_what_an_attempt_gave_up_is_neither_told_nor_noted(units: Units, directory: Directory, clerk: Actor) -> None:
    def add_all(unit: Unit, *names: str) -> None:
        for name in names:
            venues.add(unit, clerk, directory, venues.Draft(name, VenueKind.HALL, "一号"), [Share(Scope.OPEN)])

    with units.write() as unit:
        with pytest.raises(Refusal), unit.attempt():
            add_all(unit, "甲", "")
        add_all(unit, "乙")
    assert [event.data["name"] for event in told(units)] == ["乙"]


def test_who_gives_way_is_asked_to_try_again(units: Units, directory: Directory, clerk: Actor) -> None:
    """Two acts that lock two rows crosswise: PostgreSQL ends one of them."""
    if units.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")

    with units.write() as unit:
        ids = [venues.add(unit, clerk, directory, venues.Draft(n, VenueKind.HALL, "x"), []).id for n in ("甲", "乙")]
    both = threading.Barrier(2)

    def lock(order: list[str]) -> str:
        try:
            with units.write() as unit:
                unit.session.get(VenueRow, order[0], with_for_update=True)
                both.wait(20)
                unit.session.get(VenueRow, order[1], with_for_update=True)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(lock, [ids, ids[::-1]], timeout=60)) == sorted([Code.TRY_AGAIN, "done"])
