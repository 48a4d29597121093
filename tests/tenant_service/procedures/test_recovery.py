"""A version that a restored backup had forgotten comes back whole, and another that took its number makes room."""

from sqlalchemy import MetaData

from tenant_service.exchange.outcome import Outcome
from tenant_service.procedures import queries
from tests.tenant_service import places
from tests.tenant_service.procedures.office import Office
from tests.tenant_service.restores import Backup, Restore


def test_a_forgotten_version_comes_back(office: Office, tables: MetaData) -> None:
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    made = office.enacted(office.drafted().id)
    restore.lose()
    assert restore.come_back() == {made.id: Outcome.ANEW}
    with office.units.read() as unit:
        again = queries.ours(unit.session, made.id).record()
    assert (again.step_needs, again.state, again.version) == (made.step_needs, made.state, 1)


def test_one_that_was_given_its_number_meanwhile_goes_behind_it(office: Office, tables: MetaData) -> None:
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    lost = office.enacted(office.drafted().id)
    restore.lose()
    meanwhile = office.drafted()
    assert restore.come_back()[lost.id] is Outcome.ANEW
    with office.units.read() as unit:
        assert [(each.id, each.version) for each in queries.of_code(unit.session, "hall")] == [
            (meanwhile.id, 2), (lost.id, 1),
        ]  # fmt: skip
