"""What changed is listed in the transaction of the change, and no reader passes over any of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, delete, select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage import changed
from tenant_service.storage.changed import Place
from tenant_service.storage.models import ChangeRow
from tenant_service.storage.unit_of_work import Unit, Units
from tests.gateway.committee import committees, rows_of
from tests.tenant_service import places
from tests.tenant_service.exchange.committees import CITY, COUNTY, SHOWN, Committee, World, carry
from tests.waiting import until

PATIENCE = 60


def said(units: Units, place: Place | None = None, most: int = 100) -> list[tuple[str, int, bool]]:
    with units.read() as unit:
        return [(row.record, row.version, row.is_gone) for row in changed.after(unit.session, place or Place(0), most)]


def end(units: Units) -> Place:
    with units.read() as unit:
        return changed.end(unit.session)


def change(units: Units, n: int, version: int = 1) -> str:
    id = f"{places.JIASHAN}.venue.{n:032x}"
    with units.write() as unit:
        unit.changed(id, version)
    return id


def draft(units: Units, actor: Actor, directory: Directory) -> str:
    told = activities.Draft("议事堂", ActivityKind.HALL_SESSION, places.SPRING, "南星街道", "提案委员会")
    with units.write() as unit:
        return activities.draft(unit, actor, directory, told, []).id


def test_what_is_shared_with_nobody_is_listed_and_so_is_that_it_is_gone(
    units: Units, clerk: Actor, directory: Directory
) -> None:
    id = draft(units, clerk, directory)
    with units.write() as unit:
        activities.submit(unit, clerk, id)
    with units.write() as unit:
        activities.send_back(unit, places.staff(places.JIASHAN, Role.SECRETARY), id, "请补充地点")
    was = end(units)
    with units.write() as unit:
        activities.discard(unit, clerk, id)
    assert [(id, gone) for id, _, gone in said(units)] == [(id, False), (id, False), (id, False), (id, True)]
    assert [gone for _, _, gone in said(units, was)] == [True]


def test_a_refused_act_lists_nothing(units: Units, clerk: Actor, directory: Directory) -> None:
    heard: list[int] = []
    units.after_changing(lambda: heard.append(1))
    id = draft(units, clerk, directory)
    listed = said(units)
    with pytest.raises(Refusal), units.write() as unit:
        _submit_and_refuse(unit, clerk, id)
    assert (said(units), heard) == (listed, [1])


def test_what_an_attempt_gave_up_is_not_listed(units: Units) -> None:
    id = f"{places.JIASHAN}.venue.{7:032x}"
    with units.write() as unit:
        unit.changed(id, 1)
        with pytest.raises(RuntimeError), unit.attempt():
            _change_and_break(unit, id)
    assert said(units) == [(id, 1, False)]


def test_a_kind_that_nobody_asks_for_by_its_id_is_not_listed(engine: Engine) -> None:
    world = World()
    county, city = Committee(world, COUNTY, engine), Committee(world, CITY, engine)
    try:
        county.publish(county.new_id(), 1, ["c"])
        carry(county, city)
        assert end(city.units) == Place(0)
    finally:
        SHOWN.drop_all(engine)


def test_what_others_shared_is_listed_when_it_is_taken_in_and_when_it_is_withdrawn(engine: Engine) -> None:
    """Owner and reader share this database, so what the owner does is listed as well."""
    world = World()
    county, city = Committee(world, COUNTY, engine), Committee(world, CITY, engine)
    city.projections = {"activity": lambda _session, _seen: None}
    city.again()
    record = rows_of({COUNTY: committees(10)[COUNTY]}, 1).activities[0]
    told: list[tuple[int, bool]] = []
    try:
        for version, channels in ((1, {"c"}), (2, set[str]())):
            with county.units.write() as unit:
                unit.publish(record, version, channels)
            place = end(city.units)
            carry(county, city)
            told += [(version, gone) for id, version, gone in said(city.units, place) if id == record.id]
    finally:
        SHOWN.drop_all(engine)
    assert told == [(1, False), (2, True)]


def test_a_reader_never_passes_over_a_change_that_commits_late(units: Units) -> None:
    """Two transactions write at once, and the one that drew the smaller number commits last, if it can."""
    wrote, may_end = Event(), Event()

    def slow() -> None:
        with units.write() as unit:
            unit.changed(f"{places.JIASHAN}.venue.{1:032x}", 1)
            changed.write(unit.session, unit.now)
            unit.session.flush()
            wrote.set()
            assert may_end.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert wrote.wait(PATIENCE)
        second = pool.submit(change, units, 2)
        if units.engine.dialect.name == "postgresql":
            until(lambda: second.done() or _waits(units.engine), within=PATIENCE)
        seen = said(units)
        place = end(units)
        may_end.set()
        first.result(PATIENCE)
        second.result(PATIENCE)
    assert seen == []
    assert [int(id[-1]) for id, _, _ in said(units, place)] == [1, 2]


def test_many_at_once_are_read_in_order_while_they_write(units: Units) -> None:
    threads = 1 if units.engine.dialect.name == "sqlite" else 4
    found: list[str] = []
    place = Place(0)
    with ThreadPoolExecutor(threads) as pool:
        acts = [pool.submit(change, units, n) for n in range(60)]
        while not all(each.done() for each in acts) or len(found) < len(acts):
            with units.read() as unit:
                rows = changed.after(unit.session, place, 7)
            assert [row.seq for row in rows] == list(range(place.seq + 1, place.seq + 1 + len(rows)))
            found += [row.record for row in rows]
            place = Place(rows[-1].seq, rows[-1].mark) if rows else place
            for each in acts:
                if each.done():
                    each.result()
    assert len(found) == len(set(found)) == len(acts)


def test_a_place_that_is_older_than_what_is_kept_is_told_as_such(units: Units, clock: places.Clock) -> None:
    beginning = end(units)
    change(units, 1)
    first = end(units)
    change(units, 2)
    assert len(said(units, beginning)) == 2
    clock.on(days=changed.KEPT.days + 1)
    change(units, 3)
    with units.write() as unit:
        assert changed.forget(unit.session, unit.now) == 2
        assert changed.forget(unit.session, unit.now) == 0
    for old in (beginning, first):
        with pytest.raises(Refusal) as refused:
            said(units, old)
        assert refused.value.code is Code.CURSOR_TOO_OLD
    assert said(units, end(units)) == []


def test_a_place_of_another_life_of_the_database_is_told_as_such(units: Units) -> None:
    """A backup is put back, and as many other changes follow as had been there."""
    change(units, 1)
    kept = end(units)
    change(units, 2)
    lost = end(units)
    with units.write() as unit:  # as the backup had it
        unit.session.execute(delete(ChangeRow).where(ChangeRow.seq > kept.seq))
        unit.session.execute(changed.ChangeEndRow.__table__.update().values(seq=kept.seq, mark=kept.mark))  # type: ignore[attr-defined]
    for n in (3, 4):
        with pytest.raises(Refusal) as refused:
            said(units, lost)
        assert refused.value.code is Code.CURSOR_TOO_OLD
        change(units, n)
    assert [int(id[-1]) for id, _, _ in said(units, kept)] == [3, 4]


def test_of_too_many_the_oldest_are_dropped_in_slices(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "MOST_KEPT", 3)
    monkeypatch.setattr(changed, "AT_ONCE", 2)
    for n in range(8):
        change(units, n)
    dropped: list[int] = []
    while not dropped or dropped[-1]:
        with units.write() as unit:
            dropped.append(changed.forget(unit.session, unit.now))
    with units.read() as unit:
        left = unit.session.scalars(select(ChangeRow.seq).order_by(ChangeRow.seq)).all()
    assert (dropped, left) == ([2, 2, 1, 0], [6, 7, 8])


@pytest.mark.parametrize("told", ["", "1", "x.y", "-1.a", "9" * 30 + ".a", "１.a"])
def test_what_is_no_place_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as refused:
        Place.read(told)
    assert refused.value.code is Code.BAD_CURSOR


def test_a_place_is_read_as_it_was_written() -> None:
    assert Place.read(str(Place(3, "ab"))) == Place(3, "ab")


def _waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.exec_driver_sql(waiting).scalar())


def _submit_and_refuse(unit: Unit, clerk: Actor, id: str) -> None:
    activities.submit(unit, clerk, id)
    raise Refusal(Code.TRY_AGAIN)


def _change_and_break(unit: Unit, id: str) -> None:
    unit.changed(id, 2)
    unit.changed(id[:-1] + "8", 1)
    raise RuntimeError
