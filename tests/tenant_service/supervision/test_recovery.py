"""A campaign that a restored backup had forgotten comes back, with its lines and the bodies that the list still has."""

from dataclasses import replace

from sqlalchemy import MetaData

from tenant_service.exchange.outcome import Outcome
from tenant_service.history import taken
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import queries, service
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.supervision.office import PARENT, WORKS, Office, appraisal
from tests.tenant_service.supervision.test_findings import FOUND


def test_a_forgotten_campaign_comes_back(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    draft = replace(appraisal(office), works=("一", "二"))
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = office.running(draft, PARENT)
    before = office.row(id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = office.row(id)
    assert after.record() == replace(before.record(), revision=before.revision + 1)
    assert (after.approval, after.shares) == (before.approval, ["PARENT"])
    with units.read() as unit:
        assert [line.text for line in queries.lines(unit.session, id)] == ["一", "二"]
        assert set(queries.bodies(unit.session, id)) == set(draft.body_ids)
        assert [(step.act, step.now) for step in taken.of(unit.session, id)] == [("recover", "RUNNING")]
    assert restore.shared_now("c").keys() == {id}


def test_what_it_found_and_nobody_settled_keeps_a_campaign_open_that_was_forgotten(
    units: Units, tables: MetaData
) -> None:
    office = Office.at(units)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = office.running(WORKS, PARENT)
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    assert office.row(id).counts() == FOUND
    assert FOUND.unsettled == 23 + 23 - 20 - 2


def test_a_known_campaign_keeps_what_was_never_told(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    id = office.running(WORKS, PARENT)
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "初稿"))
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    office.do(lambda unit: service.cancel(unit, office.clerk, id, "并入督查"))
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    row = office.row(id)
    assert (row.state.value, row.drafted_report, row.cancelled_because) == ("CANCELLED", "初稿", "并入督查")
