"""A result that a restored backup had forgotten comes back with its figures; ballots never left, and do not."""

from sqlalchemy import MetaData

from tenant_service.appraisals import queries, service
from tenant_service.exchange.outcome import Outcome
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.supervision.office import PARENT


def test_a_forgotten_result_comes_back(units: Units, tables: MetaData) -> None:
    urn = Urn.at(units)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = urn.published(PARENT)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    row = urn.row(id)
    assert (row.ballots, row.satisfied, row.dissatisfied, row.shares) == (6, 5, 1, ["PARENT"])
    assert row.body_id == urn.bodies[0]
    assert urn.office.row(urn.campaign).open_appraisals == 1
    with units.read() as unit:
        assert queries.results(unit.session, row) == []
    urn.office.do(lambda unit: service.finalize(unit, urn.office.secretary, id))
    assert urn.office.row(urn.campaign).open_appraisals == 0
