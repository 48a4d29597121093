"""A statement past its deadline is interrupted, what it changed is gone, and the next one is not touched."""

import time

import pytest
from sqlalchemy import text

from sync.contract.errors import Code, Refusal
from tenant_service.identity import accounts
from tenant_service.identity.accounts import Draft
from tenant_service.storage import deadline
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.places import JIASHAN

ENDLESS = text("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
CONSOLE = accounts.founder(JIASHAN)


def test_an_endless_statement_is_interrupted_and_the_thread_is_free_again(units: Units) -> None:
    with pytest.raises(Refusal) as refused, deadline.within(time.monotonic() + 0.2), units.read() as unit:
        unit.session.execute(ENDLESS)
    assert refused.value.code is Code.TOO_SLOW
    with units.read() as unit:
        assert unit.session.scalar(text("SELECT 1")) == 1


def test_what_an_interrupted_act_changed_is_gone(units: Units) -> None:
    def act() -> None:
        with deadline.within(time.monotonic() + 0.3), units.write() as unit:
            accounts.create(unit, CONSOLE, Draft("new", "李四", frozenset()), "x")
            unit.session.execute(ENDLESS)

    with pytest.raises(Refusal):
        act()
    with units.read() as unit:
        assert accounts.everybody(unit.session) == []


def test_what_is_late_already_is_not_begun(units: Units) -> None:
    with pytest.raises(Refusal) as refused, deadline.within(time.monotonic()):
        pytest.fail("it was begun")
    assert refused.value.code is Code.TOO_SLOW


def test_a_deadline_ends_with_its_block(units: Units) -> None:
    with deadline.within(time.monotonic() + 60):
        with pytest.raises(Refusal), deadline.within(time.monotonic() - 1):
            pytest.fail("it was begun")
        assert not deadline.has_passed()
    with deadline.within(None), units.read() as unit:
        assert unit.session.scalar(text("SELECT 1")) == 1
