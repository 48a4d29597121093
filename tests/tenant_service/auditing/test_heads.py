"""A parent keeps the heads of the audit logs below it, and says when one is late or does not continue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from sync.contract.shapes.audit import opened
from tenant_service.auditing import queries, rules, service
from tenant_service.auditing.models import HeardHeadRow
from tenant_service.auditing.rules import Place, Standing
from tenant_service.exchange.models import OutboxRow
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import heads as audit_heads
from tenant_service.identity.policy import Role
from tenant_service.storage.engine import open_engine
from tests.tenant_service.exchange.committees import CITY, COUNTY, PARTNER, PROVINCE, Committee, World, carry
from tests.tenant_service.identity.tampering import disarm, run


class Pair:
    """A county on the engine at hand, and the city above it."""

    def __init__(self, world: World, county: Engine, city: Engine) -> None:
        keys = lambda owner: world.directory().keys(owner, "event")  # noqa: E731
        self.world = world
        self.city = Committee(world, CITY, city, {"audit_head": service.projection(keys)})
        self.county = Committee(world, COUNTY, county, {})
        self.clerk = Actor(COUNTY, COUNTY, "clerk", roles=frozenset({Role.CLERK}))

    def act(self, count: int = 1) -> None:
        for _ in range(count):
            with self.county.units.write() as unit:
                audit.note(unit, self.clerk, "venue.change", f"{COUNTY}.venue.1")

    def tell(self) -> int:
        """An hour passes, and the county tells its head if it is due."""
        self.world.clock.on(hours=1)
        with self.county.units.write() as unit:
            channels = self.county.trust.directory.channels_of(COUNTY)
            told = service.tell_head(unit, self.world.event[COUNTY][-1], channels)
        carry(self.county, self.city)
        return told

    def heard(self) -> list[tuple[int, Standing, int | None]]:
        return [(row.seq, row.standing, row.broken_at) for row in self.city.rows(HeardHeadRow)]

    def below(self) -> queries.Heard:
        with self.city.units.read() as unit:
            found = queries.below(unit.session, self.city.trust.directory, CITY, unit.now)
        return next(each for each in found if each.committee_id == COUNTY)


@pytest.fixture
def pair(engine: Engine, tmp_path: Path, tables: MetaData) -> Iterator[Pair]:
    city = open_engine(f"sqlite:///{tmp_path}/city.db")
    yield Pair(World(), engine, city)
    city.dispose()


def test_heads_that_continue_each_other_are_heard_hourly(pair: Pair) -> None:
    pair.act(3)
    assert pair.tell() == 1
    pair.act(2)
    assert pair.tell() == 1
    assert pair.heard() == [(3, Standing.FIRST, None), (5, Standing.CONTINUES, None)]
    assert pair.below().is_fine
    head = opened(pair.city.rows(HeardHeadRow)[1].proof, [pair.world.event[COUNTY][-1]])
    assert (head.committee, head.seq) == (COUNTY, 5)


def test_no_head_is_told_twice_within_the_hour_and_none_of_an_empty_log(pair: Pair) -> None:
    assert pair.tell() == 0
    pair.act()
    assert pair.tell() == 1
    with pair.county.units.write() as unit:
        assert service.tell_head(unit, pair.world.event[COUNTY][-1], ["c"]) == 0


def test_who_has_nobody_above_tells_nobody(pair: Pair) -> None:
    pair.act()
    with pair.county.units.write() as unit:
        assert service.tell_head(unit, pair.world.event[COUNTY][-1], ["o", "m_1"]) == 0
    assert pair.county.rows(OutboxRow) == []


def test_a_log_into_which_nobody_writes_is_told_all_the_same(pair: Pair) -> None:
    pair.act()
    for _ in range(5):
        assert pair.tell() == 1
    assert pair.heard() == [(1, Standing.FIRST, None)]
    assert pair.below().is_fine


def test_a_head_that_does_not_come_is_overdue(pair: Pair) -> None:
    assert pair.below().is_overdue, "never heard of"
    pair.act()
    pair.tell()
    pair.world.clock.on(hours=3)
    assert not pair.below().is_overdue
    pair.world.clock.on(minutes=1)
    assert pair.below().is_overdue
    assert not pair.below().is_fine


def cut(pair: Pair, after: int) -> None:
    """The tail is gone, with the row that says where the log ends: the chain alone is whole."""
    disarm(pair.county.engine)
    run(pair.county.engine, "DELETE FROM audit_entry WHERE seq > :seq", seq=after)
    run(pair.county.engine, "UPDATE audit_end SET seq = :seq, "
        "chain = (SELECT chain FROM audit_entry WHERE seq = :seq)", seq=after)  # fmt: skip


def test_a_tail_that_was_cut_is_noticed_by_the_parent(pair: Pair) -> None:
    pair.act(5)
    pair.tell()
    cut(pair, 3)
    pair.tell()
    assert pair.heard()[-1] == (3, Standing.BROKEN, 4)
    assert not pair.below().is_fine


def test_a_tail_that_was_cut_and_grew_again_is_noticed(pair: Pair) -> None:
    pair.act(5)
    pair.tell()
    cut(pair, 3)
    pair.act(4)
    pair.tell()
    assert pair.heard()[-1] == (7, Standing.BROKEN, 5)


def test_entries_that_are_gone_are_told_by_the_committee_itself(pair: Pair) -> None:
    """Also of months that no head of late lies in."""
    pair.act(5)
    pair.tell()
    pair.tell()
    disarm(pair.county.engine)
    run(pair.county.engine, "DELETE FROM audit_entry WHERE seq BETWEEN 1 AND 2")
    pair.tell()
    assert pair.heard() == [(5, Standing.FIRST, None), (5, Standing.NOT_WHOLE, 1)]
    assert pair.below().code == "NOT_WHOLE"
    pair.tell()
    assert len(pair.heard()) == 2, "what is said already is not said every hour"


def test_what_did_not_continue_once_stays_said(pair: Pair) -> None:
    pair.act(5)
    pair.tell()
    cut(pair, 3)
    for _ in range(3):
        pair.act(2)
        pair.tell()
    assert not pair.below().is_fine


def test_what_the_county_forgot_to_have_told_is_noticed(pair: Pair) -> None:
    """A backup that was put back forgets what it told, too: the head it tells next continues nothing."""
    pair.act(5)
    pair.tell()
    cut(pair, 2)
    run(pair.county.engine, "DELETE FROM audit_told")
    pair.act(1)
    pair.tell()
    assert pair.heard()[-1] == (3, Standing.BROKEN, 4)


def test_a_log_that_was_written_anew_and_forgot_what_it_told_is_not_called_fine(pair: Pair) -> None:
    pair.act(5)
    pair.tell()
    cut(pair, 2)
    run(pair.county.engine, "DELETE FROM audit_told")
    pair.act(6)
    pair.tell()
    assert pair.heard()[-1] == (8, Standing.UNCOMPARED, None)
    pair.act(1)
    pair.tell()
    assert pair.heard()[-1] == (9, Standing.CONTINUES, None)
    assert pair.below().code == "UNCOMPARED"
    assert not pair.below().is_fine


def test_a_head_that_the_committee_did_not_sign_is_named(pair: Pair) -> None:
    pair.act(2)
    pair.world.clock.on(hours=1)
    with pair.county.units.write() as unit:
        service.tell_head(unit, pair.world.event[PARTNER][-1], ["c"])
    carry(pair.county, pair.city)
    assert pair.heard() == [(2, Standing.UNSIGNED, 2)]


def test_heads_reach_the_parent_alone(pair: Pair) -> None:
    pair.act()
    pair.tell()
    assert {row.channel for row in pair.county.rows(OutboxRow)} == {"c"}
    assert pair.county.trust.directory.readers(f"{COUNTY}/c") == [CITY]
    assert PROVINCE not in pair.county.trust.directory.readers(f"{COUNTY}/c")


def test_nothing_of_an_entry_travels(pair: Pair) -> None:
    pair.act(3)
    pair.tell()
    with pair.county.units.read() as unit:
        bodies = b"".join(unit.session.scalars(select(OutboxRow.body)))
        assert audit_heads.last_told(unit.session) is not None
    assert b"venue" not in bodies
    assert b"clerk" not in bodies


@pytest.mark.parametrize(
    ("new", "trail", "before", "expected"),
    [
        (Place(5, "e"), {}, [], (Standing.FIRST, None)),
        (Place(5, "e"), {"3": "c"}, [Place(3, "c")], (Standing.CONTINUES, None)),
        (Place(5, "e"), {"3": "x"}, [Place(3, "c")], (Standing.BROKEN, 3)),
        (Place(5, "e"), {}, [Place(5, "x")], (Standing.BROKEN, 5)),
        (Place(5, "e"), {}, [Place(9, "i")], (Standing.BROKEN, 6)),
        (Place(90, "e"), {"80": "c"}, [Place(3, "c")], (Standing.UNCOMPARED, None)),
        (Place(5, "e"), {"3": "c", "2": "x"}, [Place(3, "c"), Place(2, "b")], (Standing.BROKEN, 2)),
        (Place(5, "e"), {"no": "c"}, [Place(3, "c")], (Standing.UNCOMPARED, None)),
    ],
)
def test_how_a_head_stands_to_those_before_it(
    new: Place, trail: dict[str, str], before: list[Place], expected: tuple[Standing, int | None]
) -> None:
    assert rules.stands(new, trail, before) == expected
