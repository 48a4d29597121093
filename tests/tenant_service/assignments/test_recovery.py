"""Items and assignments that a restored backup had forgotten come back as they were last told."""

from dataclasses import replace

import pytest
from sqlalchemy import MetaData

from sync.contract.shapes.items import AssignmentState, ItemState
from tenant_service.exchange.outcome import Outcome
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.assignments.office import SOLVED, Office
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.supervision.office import PARENT

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_what_was_forgotten_comes_back_with_its_number_and_can_be_gone_on_with(
    units: Units, tables: MetaData, office: Office
) -> None:
    campaign = office.campaign()
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    item = office.agreed(campaign, PARENT)
    [id] = office.in_progress(item)
    before, was = office.item(item).record(), office.row(id).record()
    restore.lose()
    mine = office.agreed(campaign)
    assert office.item(mine).number == 1, "nobody knows of the one that is lost"
    assert restore.come_back() == {campaign: Outcome.KEPT, item: Outcome.ANEW, id: Outcome.ANEW}
    assert office.item(item).record() == replace(before, revision=before.revision + 1)
    assert office.row(id).record() == replace(was, revision=was.revision + 1)
    assert (office.item(mine).number, office.row(id).office_id) == (2, office.desk)
    office.replied(id)
    office.closed(id)
    assert office.item(item).state is ItemState.DONE


def test_what_was_never_told_stays_as_the_backup_has_it(units: Units, tables: MetaData, office: Office) -> None:
    item = office.agreed(office.campaign(), PARENT)
    [id] = office.in_progress(item)
    office.replied(id)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    office.closed(id)
    restore.lose()
    outcomes = restore.come_back()
    assert (outcomes[item], outcomes[id]) == (Outcome.UPDATED, Outcome.UPDATED)
    row = office.row(id)
    assert (row.state, row.reply, row.contact_phone) == (AssignmentState.CLOSED, SOLVED.text, SOLVED.contact_phone)
    assert office.steps(id)[-1] == ("recover", "REPLIED", "CLOSED")
