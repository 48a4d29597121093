"""The committee's own days: put right, let go and undone, by whom, and what is kept of it."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.workdays import queries, service
from tenant_service.workdays.rules import DayKind
from tests.tenant_service.places import JIASHAN

CLOSED = dt.date(2026, 10, 8)
"""A Thursday that is worked, the first after the holidays."""


def days(units: Units) -> list[tuple[dt.date, bool, str]]:
    with units.read() as unit:
        return [(each.day, each.works, each.note) for each in queries.own(unit.session, dt.date.min)]


def history(units: Units) -> list[tuple[str, str | None, str, str | None]]:
    with units.read() as unit:
        found = queries.changes(unit.session, JIASHAN, 2026)
        noted = unit.session.scalars(select(AuditRow.act).where(AuditRow.subject == CLOSED.isoformat()))
        assert sorted(noted) == sorted(step.act for _, step in found)
    assert {day for day, _ in found} <= {CLOSED}
    return [(step.act, step.was, step.now, step.because) for _, step in reversed(found)]


def refused(units: Units, code: Code, act: Callable[[Unit], object]) -> None:
    before = days(units), history(units)
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        act(unit)
    assert refusal.value.code is code
    assert (days(units), history(units)) == before


def test_a_day_is_put_right_put_right_again_let_go_and_each_is_undone(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "机关搬迁", works=False)
        assert not queries.calendar(unit.session).works_on(CLOSED)
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "搬迁改期", works=True)
    assert days(units) == [(CLOSED, True, "搬迁改期")]
    with units.write() as unit:
        service.undo(unit, clerk, CLOSED)
    assert days(units) == [(CLOSED, False, "机关搬迁")]
    refused(units, Code.ALREADY_DONE, lambda unit: service.undo(unit, clerk, CLOSED))
    with units.write() as unit:
        service.let_go(unit, clerk, CLOSED, "不再搬迁")
    assert days(units) == []
    with units.write() as unit:
        service.undo(unit, clerk, CLOSED)
    assert days(units) == [(CLOSED, False, "机关搬迁")]
    assert history(units) == [
        ("workday.put_right", "AS_PUBLISHED", "FREE", "机关搬迁"), ("workday.put_right", "FREE", "WORKED", "搬迁改期"),
        ("workday.undo", "WORKED", "FREE", "机关搬迁"), ("workday.let_go", "FREE", "AS_PUBLISHED", "不再搬迁"),
        ("workday.undo", "AS_PUBLISHED", "FREE", "机关搬迁"),
    ]  # fmt: skip


def test_who_may_not_and_what_is_not_there_is_refused(units: Units, clerk: Actor, member: Actor) -> None:
    refused(units, Code.FORBIDDEN, lambda unit: service.put_right(unit, member, CLOSED, "搬迁", works=False))
    refused(units, Code.BAD_VALUE, lambda unit: service.put_right(unit, clerk, CLOSED, " ", works=False))
    far = CLOSED.replace(year=2999)
    refused(units, Code.BAD_VALUE, lambda unit: service.put_right(unit, clerk, far, "搬迁", works=False))
    for actor, code in ((clerk, Code.NOT_FOUND), (member, Code.FORBIDDEN)):
        refused(units, code, partial(service.let_go, actor=actor, day=CLOSED, note="搬迁"))
        refused(units, code, partial(service.undo, actor=actor, day=CLOSED))
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "机关搬迁", works=False)
    refused(units, Code.ALREADY_DONE, lambda unit: service.put_right(unit, clerk, CLOSED, "机关搬迁", works=False))
    refused(units, Code.BAD_VALUE, lambda unit: service.let_go(unit, clerk, CLOSED, ""))


def test_a_year_tells_of_each_day_why_it_is_worked_or_not(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "机关搬迁", works=False)
        service.put_right(unit, clerk, dt.date(2026, 10, 11), "值守", works=True)
    with units.read() as unit:
        year, unknown = queries.year(unit.session, 2026), queries.year(unit.session, 2031)
    of = {each.day.strftime("%m-%d"): (each.kind, each.works, each.holiday, each.note) for each in year.days}
    assert of["10-01"] == (DayKind.HOLIDAY, False, "国庆节", None)
    assert of["10-03"] == (DayKind.HOLIDAY, False, "国庆节", None), "a Saturday that lies in it"
    assert of["10-10"] == (DayKind.MAKE_UP, True, "国庆节", None)
    assert of["10-17"] == (DayKind.WEEKEND, False, None, None)
    assert of["10-12"] == (DayKind.WORKDAY, True, None, None)
    assert of["10-08"] == (DayKind.OWN_FREE, False, None, "机关搬迁")
    assert of["10-11"] == (DayKind.OWN_WORKED, True, None, "值守")
    assert (len(year.days), year.is_published) == (365, True)
    assert {each.kind for each in unknown.days} == {DayKind.WORKDAY, DayKind.WEEKEND}
    assert (unknown.is_published, unknown.workdays) == (False, 261)
    first, last = queries.published_years()
    assert (first <= 2010, last >= 2026) == (True, True)
