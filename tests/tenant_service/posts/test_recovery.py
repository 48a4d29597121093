"""A post that a restored backup had forgotten comes back as it was told."""

from dataclasses import replace

from sqlalchemy import MetaData

from tenant_service.exchange.outcome import Outcome
from tenant_service.history import taken
from tenant_service.posts import service
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.posts.office import BOOKS, PARENT, THREAD, Office
from tests.tenant_service.restores import Backup, Restore


def test_a_forgotten_post_comes_back_published(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    zhang = office.member("张委员")
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    id = office.published(THREAD, PARENT, by=zhang)
    office.said(id, zhang, "补充一句")
    before = office.row(id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = office.row(id)
    assert after.record() == replace(before.record(), revision=before.revision + 1)
    assert (after.approval, after.shares, after.comments) == (before.approval, ["PARENT"], 1)
    with units.read() as unit:
        assert [(step.act, step.now) for step in taken.of(unit.session, id)] == [("recover", "PUBLISHED")]


def test_a_known_post_keeps_its_author_and_is_taken_down_again(units: Units, tables: MetaData) -> None:
    office = Office.at(units)
    zhang = office.member("张委员")
    id, list_id = office.published(THREAD, PARENT, by=zhang), office.published(BOOKS)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "已并案"))
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    row = office.row(id)
    assert (row.state.value, row.author, row.author_id) == ("WITHDRAWN", "张委员", zhang.person)
    assert office.row(list_id).books == list(BOOKS.books)
