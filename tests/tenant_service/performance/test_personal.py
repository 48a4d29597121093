"""Somebody who is erased stays counted, and nothing says who it was."""

import datetime as dt

from tenant_service.performance import personal, service
from tenant_service.performance.rules import Deed
from tenant_service.performance.service import Draft
from tenant_service.rooms import PEOPLE
from tenant_service.storage.personal import ERASED, Whom
from tests.tenant_service.performance.ledger import Office


def test_the_deed_stays_counted_and_its_words_are_gone(office: Office) -> None:
    person = office.person("郑四")
    draft = Draft(person, Deed.HELPING, dt.date(2026, 3, 1), "郑四帮扶一户", "郑四")
    office.do(lambda unit: service.enter(unit, office.clerk, PEOPLE, draft))
    with office.units.read() as unit:
        assert len(personal.about(unit.session, Whom(person, "郑四"))) == 1
    assert office.do(lambda unit: personal.erase(unit, Whom(person, "郑四"))) == 1
    [row] = office.lines()
    assert (row.title, row.note) == (ERASED, None)
    assert office.deeds(person) == {Deed.HELPING: 1}
