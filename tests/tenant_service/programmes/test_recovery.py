"""A programme that a restored backup had forgotten comes back as it was told."""

from dataclasses import replace

from sqlalchemy import MetaData

from tenant_service.exchange.outcome import Outcome
from tenant_service.history import taken
from tenant_service.programmes import service
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.programmes.office import NANBU, PARENT, SIX, Office
from tests.tenant_service.restores import Backup, Restore


def test_a_forgotten_programme_comes_back(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = office.running(replace(NANBU, tasks=SIX.tasks), PARENT)
    before = office.row(id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = office.row(id)
    assert after.record() == replace(before.record(), revision=before.revision + 1)
    assert (after.approval, after.shares) == (before.approval, ["PARENT"])
    with units.read() as unit:
        assert [(step.act, step.now) for step in taken.of(unit.session, id)] == [("recover", "RUNNING")]
    assert restore.shared_now("c").keys() == {id}


def test_a_known_programme_keeps_what_was_never_told(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    id = office.running(SIX, PARENT)
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "初稿"))
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    office.do(lambda unit: service.cancel(unit, office.clerk, id, "并入年度计划"))
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    row = office.row(id)
    assert (row.state.value, row.drafted_report, row.cancelled_because) == ("CANCELLED", "初稿", "并入年度计划")
