"""The same on SQLite and on PostgreSQL, where four threads write at once."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.contract.channels import log_of
from sync.log import genesis, link
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import AlarmRow, DeadLetterRow, StashRow
from tenant_service.exchange.watching import freshness as shared
from tests.tenant_service.exchange.committees import CITY, COUNTY, SHOWN, Committee, World, carry, show
from tests.waiting import until

CHANNELS = ("c", "p", "o")
THREADS, ACTS = 4, 15


@pytest.fixture
def pair(engine: Engine) -> Iterator[tuple[Committee, Committee]]:
    """An owner and a reader; what one says and what the other hears are different tables, so one database will do."""
    world = World()
    yield Committee(world, COUNTY, engine), Committee(world, CITY, engine)
    SHOWN.drop_all(engine)


def test_numbers_stay_contiguous_whoever_writes_at_once(pair: tuple[Committee, Committee]) -> None:
    county, _ = pair
    threads = 1 if county.engine.dialect.name == "sqlite" else THREADS

    def acts(seed: int) -> None:
        drawn = random.Random(seed)
        for _ in range(ACTS):
            county.publish_all([county.new_id() for _ in range(2)], 1, drawn.sample(CHANNELS, 2))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(acts, range(THREADS)))
    assert sum(county.head(channel).seq - 1 for channel in CHANNELS) == THREADS * ACTS * 2 * 2
    for channel in CHANNELS:
        chain = genesis(log_of(COUNTY, channel), county.head(channel).epoch)
        for number, event in enumerate(county.page(channel), 1):
            assert (event.seq, event.prev) == (number, chain)
            chain = link(chain, event.body)


def test_what_is_said_is_heard_swept_and_buried_alike(pair: tuple[Committee, Committee]) -> None:
    county, city = pair
    good, bad, retracted = (county.new_id() for _ in range(3))
    city.projections = {"value": _not_in_april}
    city.again()
    county.publish_all([good, retracted], 1, ["c", "o"])
    county.publish(bad, 1, ["c"], month="2026-04")
    carry(county, city)
    assert city.shown().keys() == {good, retracted}
    assert [row.record for row in city.rows(DeadLetterRow)] == [bad]
    county.publish(retracted, 2, [])
    county.own.begin_epoch("asked for")
    late = county.page("c")[1:]
    city.inbox.take({f"{COUNTY}/c": late}, caught_up=True)
    assert len(city.rows(StashRow)) == len(late)
    carry(county, city)
    assert city.shown() == {good: (1, "['joint']", "c o")}
    assert city.rows(StashRow) == city.rows(AlarmRow) == []
    city.inbox.settle(f"{COUNTY}/c", county.head("c"))
    with city.units.read() as unit:
        [row] = [each for each in shared.status(unit.session, unit.now) if (each.owner, each.channel) == (COUNTY, "c")]
    assert (row.applied_seq, row.lag_seconds, row.as_of) == (county.head("c").seq, 0, county.world.clock.now)


def test_two_logs_that_tell_of_one_record_at_once_are_both_counted(pair: tuple[Committee, Committee]) -> None:
    """The first is in the middle of telling its room when the second arrives."""
    county, city = pair
    if county.engine.dialect.name == "sqlite":
        pytest.skip("one thread writes")
    id, entered, later = county.new_id(), threading.Event(), list[Future[object]]()

    def show_slowly(session: Session, seen: Seen) -> None:
        if not entered.is_set():
            entered.set()
            until(lambda: later and (later[0].done() or _waits_for_a_lock(county.engine)))
        show(session, seen)

    city.projections = {"value": show_slowly}
    city.again()
    county.publish(id, 1, ["c", "o"])

    def take(channel: str) -> object:
        return city.inbox.take({log_of(COUNTY, channel): county.page(channel)}, caught_up=True)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(take, "c")
        until(entered.is_set)
        later.append(pool.submit(take, "o"))
    assert (first.exception(), later[0].exception()) == (None, None)
    assert city.rows(DeadLetterRow) == []
    assert city.shown() == {id: (1, "['joint']", "c o")}


def _waits_for_a_lock(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.exec_driver_sql(waiting).scalar())


def _not_in_april(session: Session, seen: Seen) -> None:
    show(session, seen)
    if seen.record and seen.record.month == "2026-04":
        raise RuntimeError("not in April")
