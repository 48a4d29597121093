"""A topic that a restored backup had forgotten comes back with its links; what was never told stays at home."""

from dataclasses import replace

import pytest
from sqlalchemy import MetaData

from sync.contract.shapes.topics import TopicState
from tenant_service.exchange.outcome import Outcome
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing.rules import Approval
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics import service
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.topics.office import LIFTS, PARENT, WORDS, Office

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_a_forgotten_topic_comes_back_with_what_it_was_merged_into(office: Office, tables: MetaData) -> None:
    kept = office.answered(PARENT)
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    id = office.accepted(LIFTS, WORDS, PARENT)
    office.do(lambda unit: screening.merge(unit, office.clerk, id, kept, "同一件事"))
    before = office.row(id).record()
    restore.lose()
    assert restore.come_back()[id] is Outcome.ANEW
    row = office.row(id)
    assert row.record() == replace(before, revision=before.revision + 1)
    assert (row.shares, office.steps(id)) == (["PARENT"], [("recover", "MERGED")])
    with office.units.read() as unit:
        assert links.targets(unit.session, id, Relation.MERGED_INTO) == [kept]


def test_a_known_topic_keeps_what_was_never_told(office: Office, tables: MetaData) -> None:
    id = office.handled(PARENT)
    office.do(lambda unit: handling.write_note(unit, office.clerk, id, "已约住建局"))
    restore = Restore(office.units, places.trust(places.JIASHAN), Backup(office.units, tables))
    office.do(lambda unit: handling.resolve(unit, office.clerk, id, "已装。"))
    office.do(lambda unit: handling.answer(unit, office.secretary, id, unclassified=True))
    office.do(lambda unit: service.count_items(unit, id, 3, 3, 0))
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    row = office.row(id)
    assert (row.state, row.answer, row.approval) == (TopicState.CLOSED, "已装。", Approval.SIGNED)
    assert (row.work_note, row.items_done, row.answered_on) == ("已约住建局", 3, row.closed_at and row.closed_at.date())
    assert restore.shared_now("c").keys() == {id}
