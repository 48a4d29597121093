"""What a person was told goes with them, and is forgotten when its time is over."""

import datetime as dt

from tenant_service.identity.policy import Role
from tenant_service.notifications import personal, service
from tenant_service.notifications.rules import Way
from tenant_service.storage.personal import Whom
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.notifications.office import NOTICE, SUBJECT, Office


def test_erased_is_what_one_person_was_told_and_nothing_else(office: Office, units: Units) -> None:
    person, other = office.person("郑四"), office.person("赵一", "13900001111")
    member = office.account("zhengsi", Role.MEMBER, person=person)
    office.reach(member, email="zheng@example.org")
    office.choose(member, NOTICE, Way.EMAIL, Way.SMS)
    office.tell(person, other)
    with units.write() as unit:
        service.belongs(unit, SUBJECT, person, is_told=True)
    whom = Whom(person, "郑四", "13812345678")
    with units.read() as unit:
        tables = [each.table for each in personal.about(unit.session, whom)]
    assert sorted(set(tables)) == sorted(each.name for each in personal.TABLES)
    with units.write() as unit:
        assert personal.erase(unit, whom) == 4
    assert [row.recipient for row in office.told()] == [other]
    assert len(office.deliveries()) == 1


def test_what_is_older_than_the_setting_is_forgotten(office: Office, units: Units) -> None:
    office.tell(office.person("郑四"))
    [told] = office.told()
    with units.write() as unit:
        assert personal.forget(unit, told.at) == 0
        assert personal.forget(unit, told.at + dt.timedelta(seconds=1)) == 1
    assert (office.told(), office.deliveries()) == ([], [])
