"""Somebody is told once, within the act, by the ways they chose; and opens it."""

import pytest

from sync.contract.errors import Code
from tenant_service.identity import deputies
from tenant_service.identity.actor import nobody
from tenant_service.identity.policy import Role, UseCase
from tenant_service.notifications import queries, service
from tenant_service.notifications.rules import DeliveryState, NotificationKind, Way
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import refused
from tests.tenant_service.notifications.office import NOTICE, SUBJECT, Office


def test_a_member_is_told_once_whichever_way_they_are_named(office: Office) -> None:
    person = office.person("郑四")
    member = office.account("zhengsi", Role.MEMBER, person=person)
    assert office.tell(person, member.sub, person) == 1
    assert office.inbox(member) == ["协商会通知"]
    [row] = office.deliveries()
    assert (row.way, row.state) == (Way.SMS, DeliveryState.WAITING)


def test_nobody_is_told_of_an_act_that_was_rolled_back(office: Office, units: Units) -> None:
    person = office.person("郑四")

    def break_off() -> None:
        with units.write() as unit:
            assert service.tell(unit, [person], NOTICE, SUBJECT, "协商会通知") == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert (office.told(), office.deliveries()) == ([], [])


def test_a_body_is_told_by_its_contacts_and_who_did_it_is_not(office: Office) -> None:
    contact, clerk = office.account("jianshe", Role.DEPARTMENT), office.account("wangyi", Role.CLERK)
    assert office.tell(places.BODY, clerk.sub, kind=NotificationKind.ASSIGNED, by=clerk) == 1
    assert (office.inbox(contact), office.inbox(clerk)) == (["协商会通知"], [])


def test_people_of_other_committees_are_their_homes_to_tell(office: Office) -> None:
    assert office.tell(f"{places.JIAXING}.person.{'0' * 32}") == 0
    assert office.told() == []


def test_whoever_may_sign_is_told_and_so_is_who_signs_in_their_place(office: Office, units: Units) -> None:
    secretary, clerk = office.account("mishu", Role.SECRETARY), office.account("wangyi", Role.CLERK)
    another = office.account("lier", Role.CLERK)
    with units.write() as unit:
        today = places.SPRING.date()
        grant = deputies.Draft(another.sub, today, today, (UseCase.SIGN_OFF_ACTIVITY,))
        deputies.grant(unit, secretary, grant, "外出培训")
    with units.write() as unit:
        told = service.tell_signers(unit, UseCase.SIGN_OFF_ACTIVITY, SUBJECT, "“协商会”待签发", by=clerk)
    assert told == 2
    assert [office.inbox(each) for each in (secretary, another, clerk)] == [["“协商会”待签发"]] * 2 + [[]]


def test_what_is_chosen_decides_the_ways_and_the_inbox_has_it_anyway(office: Office) -> None:
    member = office.account("zhengsi", Role.MEMBER, person=office.person("郑四"))
    office.choose(member, NOTICE, Way.EMAIL, Way.WEBHOOK)
    office.tell(member.sub)
    office.choose(member, NOTICE)
    office.tell(member.sub, title="又一个")
    assert {row.way for row in office.deliveries()} == {Way.EMAIL, Way.WEBHOOK}
    assert office.inbox(member) == ["又一个", "协商会通知"]


def test_it_is_read_once_by_whom_it_is_for_and_by_nobody_else(office: Office, units: Units) -> None:
    mine, other = office.account("zhengsi", Role.MEMBER), office.account("wangyi", Role.SECRETARY)
    office.tell(mine.sub)
    [told] = office.told()
    refused(units, Code.NOT_FOUND, lambda unit: service.read(unit, other, told.id))
    refused(units, Code.NOT_SIGNED_IN, lambda unit: service.read(unit, nobody(places.JIASHAN), told.id))
    with units.write() as unit:
        service.read(unit, mine, told.id)
    with units.read() as unit:
        assert queries.unread(unit.session, mine) == 0
        [seen] = queries.seen(unit.session, SUBJECT, [NOTICE]).items()
        assert seen == (mine.sub, queries.Seen(told.at, places.SPRING, ((Way.SMS, DeliveryState.WAITING),)))


def test_all_of_ones_own_are_read_at_once(office: Office, units: Units) -> None:
    mine, other = office.account("zhengsi", Role.MEMBER), office.account("wangyi", Role.CLERK)
    for title in ("一", "二"):
        office.tell(mine.sub, other.sub, title=title)
    with units.write() as unit:
        assert service.read_all(unit, mine) == 2
    with units.read() as unit:
        assert [queries.unread(unit.session, each) for each in (mine, other)] == [0, 2]


@pytest.mark.parametrize(("mobile", "email"), [("138", None), (None, "zheng at example"), ("138****5678", None)])
def test_an_address_that_is_none_is_refused_beside_its_field(
    office: Office, units: Units, mobile: str | None, email: str | None
) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    told = refused(units, Code.BAD_VALUE, lambda unit: service.reach(unit, mine, mobile, email, is_digest=False))
    assert told.field in ("mobile", "email")
