"""The committee's own days: put right and let go, by whom, and what stands in the audit log."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.workdays import queries, service

CLOSED = dt.date(2026, 10, 8)


def days(units: Units) -> list[tuple[dt.date, bool, str]]:
    with units.read() as unit:
        return [(each.day, each.works, each.note) for each in queries.own(unit.session, dt.date.min)]


def refused(units: Units, code: Code, act: Callable[[Unit], None]) -> None:
    before = days(units)
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        act(unit)
    assert refusal.value.code is code
    assert days(units) == before


def test_a_day_is_put_right_put_right_again_and_let_go(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "机关搬迁", works=False)
        assert not queries.calendar(unit.session).works_on(CLOSED)
    with units.write() as unit:
        service.put_right(unit, clerk, CLOSED, "搬迁改期", works=True)
    assert days(units) == [(CLOSED, True, "搬迁改期")]
    with units.write() as unit:
        service.let_go(unit, clerk, CLOSED)
    assert days(units) == []


def test_who_may_not_and_what_is_not_there_is_refused(units: Units, clerk: Actor, member: Actor) -> None:
    refused(units, Code.FORBIDDEN, lambda unit: service.put_right(unit, member, CLOSED, "搬迁", works=False))
    refused(units, Code.BAD_VALUE, lambda unit: service.put_right(unit, clerk, CLOSED, " ", works=False))
    refused(units, Code.NOT_FOUND, lambda unit: service.let_go(unit, clerk, CLOSED))
    refused(units, Code.FORBIDDEN, lambda unit: service.let_go(unit, member, CLOSED))
