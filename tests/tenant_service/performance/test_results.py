"""A year is computed, published, objected to and made final; what is published never changes silently."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.sectors import Sector
from tenant_service.notifications.models import NotificationRow
from tenant_service.performance import objection_service as objecting
from tenant_service.performance import personal, result_service, scheme_queries, scheme_service, service
from tenant_service.performance import result_queries as results
from tenant_service.performance.models import MemberResultRow, ObjectionRow, ResultRow, SchemeRow
from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import HUNDRED, Grade, SchemeState
from tenant_service.performance.scheme_service import SchemeDraft
from tenant_service.rooms import PEOPLE
from tenant_service.storage.personal import ERASED, Whom
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.members.office import new_person, seated
from tests.tenant_service.performance.assessing import DAY, RULES, UNTIL, YEAR, Assessing, actor


def refused(at: Assessing, code: Code, act: Callable[[Unit], object]) -> None:
    """Refused by this code, and every row of results and objections stands as before."""
    before = everything(at)
    with pytest.raises(Refusal) as refusal:
        at.office.do(act)
    assert (refusal.value.code, everything(at)) == (code, before)


def everything(at: Assessing) -> list[object]:
    with at.office.units.read() as unit:
        return [
            tuple(getattr(row, column.key) for column in model.__table__.columns)
            for model in (SchemeRow, ResultRow, MemberResultRow, ObjectionRow)
            for row in unit.session.scalars(select(model))
        ]  # fmt: skip


def own(at: Assessing, result: str, person: str) -> MemberResultRow:
    with at.office.units.read() as unit:
        return results.of_person(unit.session, at.office.clerk, result, person)


def told(at: Assessing) -> int:
    with at.office.units.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(NotificationRow)) or 0


# ── schemes ──


def test_a_scheme_is_enacted_by_another_and_the_version_before_it_is_closed(assessing: Assessing) -> None:
    office, first = assessing.office, assessing.scheme()
    again = office.do(lambda on: scheme_service.renew(on, office.clerk, first, YEAR).id)
    for who, code in ((office.clerk, Code.FORBIDDEN), (actor("nobody"), Code.FORBIDDEN)):
        refused(assessing, code, lambda on, who=who: scheme_service.enact(on, who, again, unclassified=True))  # type: ignore[misc]
    refused(
        assessing, Code.SECRECY_UNCONFIRMED,
        lambda on: scheme_service.enact(on, office.secretary, again, unclassified=False),
    )  # fmt: skip
    office.do(lambda on: scheme_service.enact(on, office.secretary, again, unclassified=True).id)
    with office.units.read() as unit:
        rows = scheme_queries.listed(unit.session, office.clerk)
        assert [(row.version, row.state) for row in rows] == [(2, SchemeState.IN_FORCE), (1, SchemeState.CLOSED)]
    draft = SchemeDraft("改", YEAR, RULES)
    refused(assessing, Code.OUT_OF_TURN, lambda on: scheme_service.redraft(on, office.clerk, again, draft))


def test_a_draft_is_the_offices_and_is_discarded(assessing: Assessing) -> None:
    office = assessing.office
    id = office.do(lambda on: scheme_service.adopt(on, office.clerk, "reading", YEAR).id)
    with office.units.read() as unit:
        assert scheme_queries.listed(unit.session, actor("member")) == []
        assert len(scheme_queries.listed(unit.session, office.clerk)) == 1
        assert scheme_queries.listed(unit.session, places.stranger(places.JIASHAN, places.JIAXING)) == []
    refused(assessing, Code.NOT_FOUND, lambda on: scheme_service.adopt(on, office.clerk, "none", YEAR))
    office.do(lambda on: scheme_service.discard(on, office.clerk, id))
    assert everything(assessing) == []


# ── a year ──


def test_everybody_with_a_seat_is_assessed_and_points_are_those_of_the_lines(assessing: Assessing) -> None:
    one, other = assessing.seat("郑四", "王五")
    refused(assessing, Code.BAD_VALUE, lambda on: result_service.compute(on, assessing.office.clerk, PEOPLE, YEAR))
    assessing.scheme()
    lines = assessing.did(one, Deed.SERVICE, Deed.DUTY)
    assessing.did(one, Deed.DUTY, day=dt.date(2025, 12, 31))
    result = assessing.computed()
    assert [(own(assessing, result, who).points, own(assessing, result, who).is_warned) for who in (one, other)] == [
        (200 + 500 + 250, False), (200, True)
    ]  # fmt: skip
    assert [each.line for each in own(assessing, result, one).scored] == lines
    assessing.did(other, *[Deed.DUTY] * 9)
    assert assessing.computed() == result, "computed again, it is the same result"
    assert own(assessing, result, other).grade is Grade.EXCELLENT


def test_it_is_not_published_where_the_ledger_changed_after_it_was_computed(assessing: Assessing) -> None:
    [one] = assessing.seat("郑四")
    assessing.scheme()
    result, office = assessing.computed(), assessing.office
    assessing.did(one, Deed.DUTY)
    refused(
        assessing, Code.STALE_VERSION,
        lambda on: result_service.publish(on, office.secretary, PEOPLE, result, UNTIL, unclassified=True),
    )  # fmt: skip
    refused(
        assessing, Code.FORBIDDEN,
        lambda on: result_service.publish(on, office.clerk, PEOPLE, result, UNTIL, unclassified=True),
    )  # fmt: skip
    assessing.computed()
    for wrong in (DAY, dt.date(2027, 1, 1)):
        with pytest.raises(Refusal) as refusal:
            assessing.publish(result, wrong)
        assert refusal.value.code is Code.BAD_TIME
    before = told(assessing)
    assessing.publish(result)
    assert told(assessing) == before + 1, "the member is told"


def test_what_is_published_stays_whatever_comes_after(assessing: Assessing) -> None:
    one, _ = assessing.seat("郑四", "王五")
    scheme = assessing.scheme()
    [line] = assessing.did(one, Deed.SERVICE)
    result, office = assessing.published(), assessing.office
    assessing.did(one, Deed.DUTY)
    office.do(lambda on: service.take_back(on, office.clerk, line, "登记有误"))
    row = own(assessing, result, one)
    assert row.points == 700
    with office.units.read() as unit:
        assert results.came_after(unit.session, unit.session.get_one(ResultRow, result), row) == 2
    refused(assessing, Code.OUT_OF_TURN, lambda on: result_service.compute(on, office.clerk, PEOPLE, YEAR))
    again = office.do(lambda on: scheme_service.renew(on, office.clerk, scheme, YEAR).id)
    refused(
        assessing, Code.OUT_OF_TURN, lambda on: scheme_service.enact(on, office.secretary, again, unclassified=True)
    )


def test_an_objection_is_upheld_by_a_correction_of_the_ledger_and_by_nothing_else(assessing: Assessing) -> None:
    one, other = assessing.seat("郑四", "王五")
    assessing.scheme()
    [line] = assessing.did(one, Deed.SERVICE)
    result, office = assessing.published(), assessing.office
    id = office.do(lambda on: objecting.object_to(on, actor(one), result, "漏记一次值班").id)
    refused(assessing, Code.ALREADY_DONE, lambda on: objecting.object_to(on, actor(one), result, "再说一次"))
    refused(assessing, Code.NOT_FOUND, lambda on: objecting.take_back(on, actor(other), id))
    refused(assessing, Code.FORBIDDEN, lambda on: objecting.uphold(on, actor(one), id, "是"))
    refused(assessing, Code.BAD_VALUE, lambda on: objecting.uphold(on, office.clerk, id, "已补记"))
    refused(assessing, Code.NEEDS_REASON, lambda on: objecting.decline(on, office.clerk, id, " "))
    assessing.did(one, Deed.DUTY)
    before = told(assessing)
    office.do(lambda on: objecting.uphold(on, office.clerk, id, "已补记2026年3月2日值班").id)
    row = own(assessing, result, one)
    assert (row.points, row.first_points, row.first_grade) == (950, 700, Grade.BASIC)
    assert told(assessing) == before + 1, "whoever objected hears of it"
    with office.units.read() as unit:
        [objection] = results.objections(unit.session, actor(one), result)
        assert (objection.state, objection.was, objection.became) == (ObjectionState.UPHELD, 700, 950)
        assert results.objections(unit.session, actor(other)) == []
    second = office.do(lambda on: objecting.object_to(on, actor(one), result, "这次服务是两次", line).id)
    office.do(lambda on: objecting.decline(on, office.clerk, second, "签到表只有一次").id)
    assert own(assessing, result, one).points == 950
    refused(assessing, Code.OUT_OF_TURN, lambda on: objecting.decline(on, office.clerk, second, "再次"))


def test_nobody_objects_to_anothers_result_or_too_late(assessing: Assessing) -> None:
    one, other = assessing.seat("郑四", "王五")
    assessing.scheme()
    [line] = assessing.did(one, Deed.SERVICE)
    result, office = assessing.computed(), assessing.office
    refused(assessing, Code.NOT_FOUND, lambda on: objecting.object_to(on, actor(one), result, "未公示"))
    assessing.publish(result)
    refused(assessing, Code.NOT_FOUND, lambda on: objecting.object_to(on, actor(other), result, "不是我的", line))
    refused(assessing, Code.NOT_FOUND, lambda on: objecting.object_to(on, actor("stranger"), result, "没有我"))
    with office.units.read() as unit:
        with pytest.raises(Refusal) as refusal:
            results.of_person(unit.session, actor(other), result, one)
        assert refusal.value.code is Code.NOT_FOUND
        assert [row.person_id for row in results.members(unit.session, actor(other), result)] == [other]
    office.clock.on(days=(UNTIL - places.SPRING.date()).days + 1)
    refused(assessing, Code.BAD_TIME, lambda on: objecting.object_to(on, actor(one), result, "太晚"))


def test_it_is_final_when_the_time_is_over_and_each_objection_is_answered(assessing: Assessing) -> None:
    [one] = assessing.seat("郑四")
    assessing.scheme()
    result, office = assessing.published(), assessing.office
    id = office.do(lambda on: objecting.object_to(on, actor(one), result, "漏记").id)
    refused(assessing, Code.BAD_TIME, lambda on: result_service.finalize(on, office.secretary, result))
    office.clock.on(days=30)
    refused(assessing, Code.OUT_OF_TURN, lambda on: result_service.finalize(on, office.secretary, result))
    office.do(lambda on: objecting.take_back(on, actor(one), id).id)
    office.do(lambda on: result_service.finalize(on, office.secretary, result).id)
    with office.units.read() as unit:
        assert results.one(unit.session, office.clerk, result).state is ResultState.FINAL
    refused(assessing, Code.OUT_OF_TURN, lambda on: result_service.compute(on, office.clerk, PEOPLE, YEAR))


def test_whoever_is_below_the_warning_line_is_told_once_a_day(assessing: Assessing) -> None:
    one, _ = assessing.seat("郑四", "王五")
    office = assessing.office
    refused(assessing, Code.BAD_VALUE, lambda on: result_service.warn(on, office.clerk, PEOPLE, YEAR))
    assessing.scheme(dataclasses.replace(RULES, warn_below=10 * HUNDRED))
    assessing.did(one, Deed.SERVICE)
    before = told(assessing)
    assert office.do(lambda on: result_service.warn(on, office.clerk, PEOPLE, YEAR)) == 1
    assert told(assessing) == before + 1
    refused(assessing, Code.ALREADY_DONE, lambda on: result_service.warn(on, office.clerk, PEOPLE, YEAR))
    refused(assessing, Code.FORBIDDEN, lambda on: result_service.warn(on, actor(one), PEOPLE, YEAR))
    office.clock.on(days=1)
    assert office.do(lambda on: result_service.warn(on, office.clerk, PEOPLE, YEAR)) == 1


# ── among each other ──


def test_units_are_compared_and_small_ones_and_single_members_are_not(assessing: Assessing) -> None:
    large, small = assessing.unit("文史委"), assessing.unit("提案委")
    members = assessing.seat("甲一", "乙二", "丙三", unit=large)
    assessing.seat("丁四", "戊五", unit=small)
    assessing.scheme()
    for person in members:
        assessing.did(person, Deed.SERVICE)
    assessing.did(members[0], Deed.READING)
    result = assessing.published()
    with assessing.office.units.read() as unit:
        row = unit.session.get_one(ResultRow, result)
        kind = UnitKind.SPECIAL_COMMITTEE.value
        found, left = results.standings(unit.session, PEOPLE, row, kind, [Deed.READING])
        assert [(each.name, each.members, each.mean, each.deeds, each.doing) for each in found] == [
            ("文史委", 3, 800, 1, 1)
        ]
        assert left == 1
        scheme = unit.session.get_one(SchemeRow, row.scheme_id)
        best = results.of_person(unit.session, assessing.office.clerk, result, members[0])
        assert results.place(unit.session, scheme, best) == (1, 5)
        scheme.rules = dataclasses.replace(RULES, shows_place=False)
        assert results.place(unit.session, scheme, best) is None
        unit.session.rollback()


def test_sectors_are_compared_by_the_seats_of_their_members(assessing: Assessing) -> None:
    units, clerk = assessing.office.units, assessing.office.clerk
    people = {}
    for name, sector in (("甲一", Sector.EDUCATION), ("乙二", Sector.EDUCATION), ("丙三", Sector.EDUCATION),
                         ("丁四", Sector.SPORTS)):  # fmt: skip
        people[name] = new_person(units, clerk, name)
        seated(units, clerk, people[name], sector=sector)
    assessing.scheme()
    assessing.did(people["甲一"], Deed.SERVICE)
    result = assessing.published()
    with units.read() as unit:
        row = unit.session.get_one(ResultRow, result)
        found, small = results.standings(unit.session, PEOPLE, row, UnitKind.SECTOR.value, [Deed.SERVICE])
    assert [(each.name, each.members, each.mean, each.deeds) for each in found] == [(Sector.EDUCATION.label, 3, 367, 1)]
    assert small == 1


def test_what_an_erased_member_objected_is_gone_and_the_points_stay(assessing: Assessing) -> None:
    [one] = assessing.seat("郑四")
    assessing.scheme()
    result, office = assessing.published(), assessing.office
    id = office.do(lambda on: objecting.object_to(on, actor(one), result, "郑四漏记").id)
    office.do(lambda on: objecting.decline(on, office.clerk, id, "郑四没有").id)
    with office.units.read() as unit:
        tables = {each.table for each in personal.about(unit.session, Whom(one, "郑四"))}
    assert tables == {"member_result", "objection"}
    assert office.do(lambda on: personal.erase(on, Whom(one, "郑四"))) == 1
    with office.units.read() as unit:
        row = results.objection(unit.session, office.clerk, id)
        assert (row.text, row.answer) == (ERASED, None)
    assert own(assessing, result, one).points == 200
