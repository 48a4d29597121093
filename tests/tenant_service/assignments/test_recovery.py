"""Items and assignments that a restored backup had forgotten come back as they were last told."""

from dataclasses import replace

import pytest
from sqlalchemy import MetaData, text

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.handovers import HandlingAct
from sync.contract.shapes.items import AssignmentState, ItemState
from sync.contract.shapes.requests import RequestState
from tenant_service.assignments import service
from tenant_service.assignments.models import HandoverRow
from tenant_service.assignments.recovery import LOST, recover_item
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.requests.models import RequestRow
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import Neighbours
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


# ── what lies in an inbox of another committee ──


def test_an_assignment_abroad_stands_after_a_restore_as_the_home_of_its_body_knew_it(
    neighbours: Neighbours, units: Units, tables: MetaData
) -> None:
    """The item was shared with nobody: what the home had taken over and done is all that there is to know of it."""
    id, handover = neighbours.handed_over()
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    neighbours.accept(handover)
    neighbours.reply(handover)
    neighbours.settle()
    was = neighbours.row(id)
    restore.lose()
    assert neighbours.row(id).state is AssignmentState.ASSIGNED
    outcomes = restore.come_back()
    assert outcomes[handover] is Outcome.UPDATED
    row = neighbours.row(id)
    assert (row.state, row.replied_at, row.days_late) == (was.state, was.replied_at, was.days_late)
    assert neighbours.office.steps(id)[-1] == ("recover", "ASSIGNED", "REPLIED")
    neighbours.here.again()
    neighbours.settle()
    row = neighbours.row(id)
    assert (row.drafted_reply, row.contact_phone) == (SOLVED.text, SOLVED.contact_phone)
    assert neighbours.office.steps(id)[-1] == ("recover", "ASSIGNED", "REPLIED"), "nothing was done twice"


def test_what_did_not_come_back_is_withdrawn_at_the_home_of_its_body_with_the_reason(
    neighbours: Neighbours, units: Units, tables: MetaData
) -> None:
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    _, handover = neighbours.handed_over()
    restore.lose()
    assert restore.come_back()[handover] is Outcome.ANEW
    [row] = neighbours.here.rows(HandoverRow)
    assert (row.state, row.reason) == (AssignmentState.WITHDRAWN, LOST)
    asked = neighbours.asks(places.QINGPU, handover, detail=HandlingAct.ACCEPT.value)
    assert (asked.state, asked.code) == (RequestState.REFUSED, Code.NOT_FOUND.value)


def test_what_a_restored_home_had_done_stands_in_its_inbox_again(neighbours: Neighbours, tables: MetaData) -> None:
    id, handover = neighbours.handed_over()
    there = neighbours.there.units
    restore = Restore(there, places.trust(places.QINGPU), Backup(there, tables))
    asked = neighbours.accept(handover)
    neighbours.settle()
    restore.lose()
    assert neighbours.there.rows(RequestRow) == []
    assert restore.come_back()[asked] is Outcome.ANEW
    assert [row.detail for row in neighbours.there.rows(RequestRow)] == [HandlingAct.ACCEPT.value]
    assert neighbours.row(id).state is AssignmentState.IN_PROGRESS
