"""A report that a restored backup had forgotten comes back whole, with its authors by name."""

from dataclasses import replace

from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from tenant_service.exchange.outcome import Outcome
from tenant_service.reports import queries, sending_service, service
from tests.tenant_service import places
from tests.tenant_service.reports.office import PIECE, Office
from tests.tenant_service.restores import Backup, Restore


def test_a_forgotten_report_comes_back(office: Office, tables: MetaData) -> None:
    writes = office.member("沈一")
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    id = office.signed(by=writes)
    shares = [Share(Scope.PARENT)]
    office.do(lambda unit: service.share(unit, office.secretary, places.directory(), id, shares))
    before = office.row(id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = office.row(id)
    assert after.record() == replace(before.record(), revision=before.revision + 1)
    assert (after.approval, after.shares) == (before.approval, ["PARENT"])
    assert office.steps(id) == ["recover"]
    with office.units.read() as unit:
        assert [each.name for each in queries.authors(unit.session, id)] == ["沈一", "民盟支部"]


def test_what_was_sent_up_is_no_choice_of_sharing_after_a_restore_either(office: Office, tables: MetaData) -> None:
    id = office.signed(replace(PIECE, authors=("民盟支部",)))
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    office.do(lambda unit: sending_service.send(unit, office.secretary, id))
    restore.lose()
    restore.come_back()
    row = office.row(id)
    assert row.shares == []
    assert row.title == PIECE.title
