"""Items and assignments that a restored backup had forgotten come back as they were last told."""

from dataclasses import replace

import pytest
from sqlalchemy import MetaData, text

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import AssignmentState, ItemState
from tenant_service.assignments import service
from tenant_service.assignments.recovery import recover_item
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.storage.unit_of_work import Unit, Units
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


def test_nobody_says_that_it_is_done_where_no_assignment_came_back(
    units: Units, tables: MetaData, office: Office
) -> None:
    item = office.agreed(office.campaign(), PARENT)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    [id] = office.in_progress(item)
    restore.lose()
    restore.held = {
        log: [event for event in told if id.encode() not in event.body] for log, told in restore.held.items()
    }
    assert restore.come_back()[item] is Outcome.UPDATED
    assert office.item(item).state is ItemState.ASSIGNED
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: service.carry_out(unit, office.secretary, item))
    assert (refusal.value.code, office.item(item).state) == (Code.NOTHING_IN_HANDS, ItemState.ASSIGNED)
    [again] = office.in_progress(item)
    office.replied(again)
    office.closed(again)
    assert office.item(item).state is ItemState.DONE


def test_a_list_is_counted_anew_when_an_item_of_it_is_gone(office: Office) -> None:
    campaign = office.campaign()
    office.agreed(campaign, PARENT)
    item = office.agreed(campaign, PARENT)

    def listed(unit: Unit) -> int:
        return int(unit.session.scalar(text("SELECT findings + suggestions FROM campaign")) or 0)

    assert office.do(listed) == 2
    row = office.item(item)
    told = Recovered(item, None, frozenset(), row.revision, set(), [], is_gone=True, said_at=places.SPRING)
    assert office.do(lambda unit: recover_item(unit, told)) is Outcome.WITHDRAWN
    assert office.do(listed) == 1
