"""An act under a key is done once, also when both ask at one moment; what is over is forgotten."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, func, select, text

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.values import ValueRecord
from tenant_service.attendance import used_codes
from tenant_service.attendance.models import UsedCodeRow
from tenant_service.graph import idempotency
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import IdempotencyRow
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.exchange.committees import value
from tests.tenant_service.places import Clock
from tests.waiting import until

ARGUMENTS = {"name": "罗星议事堂"}


def act(unit: Unit) -> ValueRecord:
    return value(unit.new_id("value"), 1)


def done(units: Units, clerk: Actor, key: str = "k", **arguments: str) -> ValueRecord:
    with units.write() as unit:
        return idempotency.once(unit, clerk, "act", key, arguments or ARGUMENTS, act)


def test_the_same_key_has_the_same_answer_while_it_is_kept(units: Units, clerk: Actor, clock: Clock) -> None:
    first = done(units, clerk)
    assert done(units, clerk) == first
    assert done(units, clerk, "another").id != first.id
    clock.on(days=8)
    assert done(units, clerk).id != first.id


def test_a_key_is_for_one_act(units: Units, clerk: Actor) -> None:
    done(units, clerk)
    with pytest.raises(Refusal) as refusal:
        done(units, clerk, name="别的")
    assert refusal.value.code is Code.IDEMPOTENCY_KEY_REUSED


def test_a_refused_act_leaves_its_key_free(units: Units, clerk: Actor) -> None:
    def refuse(_unit: Unit) -> ValueRecord:
        raise Refusal(Code.FORBIDDEN)

    with pytest.raises(Refusal), units.write() as unit:
        idempotency.once(unit, clerk, "act", "k", ARGUMENTS, refuse)
    assert count(units, IdempotencyRow) == 0
    done(units, clerk)
    assert count(units, IdempotencyRow) == 1


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_two_who_ask_at_one_moment_have_one_answer(units: Units, clerk: Actor, engine: Engine) -> None:
    """The second asks while the first is in the midst of it."""
    in_midst, has_second = Event(), Event()

    def stands_still() -> bool:
        """Whether the second waits for the first, or is done already."""
        with engine.connect() as connection:
            waiting = connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return bool(waiting) or second.done()

    def slowly(unit: Unit) -> ValueRecord:
        in_midst.set()
        assert has_second.wait(20)
        until(stands_still)
        return act(unit)

    def ask(how: object) -> ValueRecord:
        with units.write() as unit:
            return idempotency.once(unit, clerk, "act", "k", ARGUMENTS, how)  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(ask, slowly)
        assert in_midst.wait(20)
        second = threads.submit(ask, act)
        has_second.set()
        assert first.result(30) == second.result(30), "each act makes a record with an id of its own"


def test_what_is_over_is_forgotten_slice_by_slice(units: Units, clerk: Actor, clock: Clock) -> None:
    with units.write() as unit:
        for n in range(idempotency.AT_ONCE + 5):
            row = IdempotencyRow(iss=clerk.iss, sub=clerk.sub, key=str(n), digest="", answer=b"{}", kept_until=unit.now)
            unit.session.add(row)
        for days in (29, 31, 400):
            at = unit.now - dt.timedelta(days=days)
            unit.session.add(UsedCodeRow(jti=str(days), activity_id="a", at=at))
    done(units, clerk, "fresh")
    told = []
    for forget in (idempotency.forget, idempotency.forget, idempotency.forget, used_codes.forget, used_codes.forget):
        with units.write() as unit:
            told.append(forget(unit))
    assert told == [idempotency.AT_ONCE, 5, 0, 2, 0]
    assert (count(units, IdempotencyRow), count(units, UsedCodeRow)) == (1, 1)
    clock.on(days=7)
    with units.write() as unit:
        assert idempotency.forget(unit) == 1


def count(units: Units, table: type) -> int:
    with units.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(table)) or 0
