"""No older word on a record is shown after a newer one, though a replay and a page come at one moment (PostgreSQL)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from tenant_service.exchange.turns import take_turn
from tenant_service.exchange.watching import replaying
from tests.tenant_service.exchange.committees import CITY, COUNTY, SHOWN, SISTER, Committee, World, carry, show
from tests.tenant_service.exchange.test_status import _never
from tests.waiting import until

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True),
]

WAITS = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
             "(SELECT oid FROM pg_database WHERE datname = current_database())")  # fmt: skip


@pytest.fixture
def pair(engine: Engine) -> Iterator[tuple[Committee, Committee]]:
    """An owner and a reader whose room has taken in nothing yet, in one database."""
    world = World()
    county, city = Committee(world, COUNTY, engine), Committee(world, CITY, engine, {"value": _never})
    yield county, city
    SHOWN.drop_all(engine)


def somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(WAITS))


def test_a_page_waits_for_a_replay_and_its_newer_word_is_shown_last(pair: tuple[Committee, Committee]) -> None:
    county, city = pair
    id = county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    city.projections = {"value": show}
    city.again()
    county.publish(id, 2, ["p"])
    with ThreadPoolExecutor(1) as threads:
        with city.units.write() as unit:
            take_turn(unit.session, [COUNTY])
            page = threads.submit(carry, county, city)
            until(lambda: somebody_waits(city.engine))
            assert replaying.replay(unit, city.inbox.projector).shown == [id]
        page.result(30)
    assert city.shown()[id][0] == 2


def test_a_replay_waits_for_a_page_and_shows_what_that_brought(pair: tuple[Committee, Committee]) -> None:
    county, city = pair
    id = county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    city.projections = {"value": show}
    city.again()
    with ThreadPoolExecutor(1) as threads:
        with city.units.write() as unit:
            take_turn(unit.session, [COUNTY])
            shown = threads.submit(city.inbox.reproject)
            until(lambda: somebody_waits(city.engine))
            assert city.shown() == {}
        assert shown.result(30) == 1
    assert city.shown()[id][0] == 1


def test_other_owners_do_not_wait(pair: tuple[Committee, Committee]) -> None:
    county, city = pair
    county.publish(county.new_id(), 1, ["c"])
    with city.units.write() as unit:
        take_turn(unit.session, [SISTER])
        carry(county, city)
