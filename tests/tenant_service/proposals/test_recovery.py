"""A proposal that a restored backup had forgotten comes back filed, and its number is never given again."""

from dataclasses import replace

from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from tenant_service.exchange.outcome import Outcome
from tenant_service.proposals import service
from tests.tenant_service import places
from tests.tenant_service.proposals.office import JOINT, LIFTS, Office
from tests.tenant_service.restores import Backup, Restore


def test_a_forgotten_proposal_comes_back(office: Office, tables: MetaData) -> None:
    first = office.member("沈一")
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    id = office.filed(by=first)
    shares = [Share(Scope.PARENT)]
    office.do(lambda unit: service.share(unit, office.secretary, places.directory(), id, shares))
    before = office.row(id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = office.row(id)
    assert after.record() == replace(before.record(), revision=before.revision + 1, proposers=before.proposers)
    assert (after.approval, after.shares, after.seq) == (before.approval, ["PARENT"], 1)
    assert office.steps(id) == ["recover"]
    assert office.signed_as(id) == [("沈一", "SIGNED")]
    assert office.row(office.filed()).number == "第2号"


def test_one_that_was_handed_in_only_is_not_told_and_not_found_again(office: Office, tables: MetaData) -> None:
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    office.handed_in(LIFTS)
    office.called(JOINT)
    restore.lose()
    assert restore.come_back() == {}
