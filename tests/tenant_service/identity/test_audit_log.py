"""The audit log only grows: the database refuses the rest, and what was done all the same is found."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import DatabaseError

from sync.contract.shapes.audit import Head, opened
from sync.contract.trust.directory import NOBODY_LISTED
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import GENESIS, digest_of, link
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.identity.audit_log.checking import Fault, Finding
from tenant_service.identity.models import AuditRow, AuditSegmentRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity.tampering import disarm, run
from tests.tenant_service.places import JIASHAN, Clock, key

KEYS = [key(JIASHAN, "event")]
PRIVATE = key(JIASHAN, "event")


def noted(units: Units, actor: Actor, count: int = 1) -> None:
    for n in range(count):
        with units.write() as unit:
            audit.note(unit, actor, "venue.change", f"{JIASHAN}.venue.{n}")


def checked(units: Units, told: list[Head] | None = None) -> Finding:
    with units.read() as unit:
        return audit_checking.check(unit.session, KEYS, told or [])


def head_of(units: Units, seq: int) -> Head:
    with units.read() as unit:
        row = unit.session.get_one(AuditRow, seq)
        return Head(JIASHAN, "2026-04", seq, row.chain.hex(), 0)


def sealed(units: Units) -> int:
    with units.write() as unit:
        return audit_segments.seal(unit, PRIVATE)


def dropped(units: Units, months: int = 6) -> int:
    total = 0
    while True:
        with units.write() as unit:
            some = audit_segments.drop(unit, months)
        if not some:
            return total
        total += some


def test_a_log_that_nobody_touched_is_whole(units: Units, clerk: Actor) -> None:
    assert checked(units) == Finding(0, 0)
    noted(units, clerk, 5)
    assert checked(units) == Finding(5, 0)
    assert checked(units, [head_of(units, 3), head_of(units, 5)]) == Finding(5, 0)


COLUMNS = "seq, at, iss, sub, act, subject, chain, digest"
TAMPERED = {
    "changed": ("UPDATE audit_entry SET act = 'venue.add' WHERE seq = 3", Fault.CHANGED, 3),
    "somebody else": ("UPDATE audit_entry SET sub = 'another' WHERE seq = 5", Fault.CHANGED, 5),
    "another time": ("UPDATE audit_entry SET at = '2026-03-01 00:00:00.000000' WHERE seq = 1", Fault.CHANGED, 1),
    "removed": ("DELETE FROM audit_entry WHERE seq = 2", Fault.MISSING, 2),
    "first removed": ("DELETE FROM audit_entry WHERE seq = 1", Fault.MISSING, 1),
    "tail cut": ("DELETE FROM audit_entry WHERE seq > 3", Fault.CUT, 4),
    "emptied": ("DELETE FROM audit_entry", Fault.CUT, 1),
    "end forgotten": ("DELETE FROM audit_end", Fault.TOO_LONG, 1),
    "inserted": (f"INSERT INTO audit_entry ({COLUMNS}) SELECT 6, {COLUMNS[5:]} FROM audit_entry WHERE seq = 5",
                 Fault.CHANGED, 6),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_to_it_is_found_at_its_place(how: str, units: Units, engine: Engine, clerk: Actor) -> None:
    statement, fault, seq = TAMPERED[how]
    noted(units, clerk, 5)
    disarm(engine)
    run(engine, statement)
    found = checked(units)
    assert (found.fault, found.broken_at) == (fault, seq)


def test_an_entry_that_continues_the_chain_behind_its_end_is_found(units: Units, engine: Engine, clerk: Actor) -> None:
    """Whoever knows how hashes are made can append, and not move the end as well without the trigger's leave."""
    noted(units, clerk, 2)
    with units.write() as unit:
        last = unit.session.get_one(AuditRow, 2)
        forged = AuditRow(seq=3, at=last.at, iss=last.iss, sub=last.sub, act="x", subject="x", digest=None)
        forged.chain = link(last.chain, 3, forged)
        unit.session.add(forged)
    assert (checked(units).fault, checked(units).broken_at) == (Fault.TOO_LONG, 3)


def test_a_tail_that_was_cut_with_its_end_shows_only_to_who_kept_a_head(
    units: Units, engine: Engine, clerk: Actor
) -> None:
    noted(units, clerk, 5)
    kept = [head_of(units, 3), head_of(units, 5)]
    disarm(engine)
    run(engine, "DELETE FROM audit_entry WHERE seq > 3")
    run(engine, "UPDATE audit_end SET seq = 3, chain = (SELECT chain FROM audit_entry WHERE seq = 3)")
    assert checked(units) == Finding(3, 0), "the chain alone cannot know"
    assert (checked(units, kept).fault, checked(units, kept).broken_at) == (Fault.CUT, 4)
    noted(units, clerk, 4)
    assert checked(units).fault is None
    assert (checked(units, kept).fault, checked(units, kept).broken_at) == (Fault.NOT_AS_TOLD, 5)


FORBIDDEN = {
    "change": "UPDATE audit_entry SET act = 'x' WHERE seq = 1",
    "remove": "DELETE FROM audit_entry WHERE seq = 1",
    "move the end back": "UPDATE audit_end SET seq = 1",
    "remove the end": "DELETE FROM audit_end",
    "remove a month": "DELETE FROM audit_segment",
    "change a month": "UPDATE audit_segment SET last_seq = 9",
    "a head in a month": "UPDATE audit_segment SET head = 'x'",
    "change as if dropped": "UPDATE audit_segment SET dropped_at = NULL, chain = before",
}
ONLY_THERE = {
    "sqlite": ["INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
               "INSERT OR REPLACE INTO audit_segment SELECT * FROM audit_segment"],
    "postgresql": ["TRUNCATE audit_entry", "TRUNCATE audit_end", "TRUNCATE audit_segment CASCADE"],
}  # fmt: skip


def test_the_database_refuses_everything_but_growth(units: Units, engine: Engine, clerk: Actor, clock: Clock) -> None:
    noted(units, clerk, 3)
    clock.on(days=40)
    assert sealed(units) == 1
    for statement in [*FORBIDDEN.values(), *ONLY_THERE[engine.dialect.name]]:
        with pytest.raises(DatabaseError, match="only grows"):
            run(engine, statement)
    noted(units, clerk)
    assert checked(units) == Finding(4, 0)


def test_the_end_cannot_be_replaced_on_sqlite(units: Units, engine: Engine, clerk: Actor) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    noted(units, clerk, 3)
    run(engine, "INSERT OR REPLACE INTO audit_end (id, seq, chain) VALUES (1, 0, x'00')")
    assert checked(units) == Finding(3, 0)


def test_an_entry_of_these_six_months_stays_whatever_the_months_say(units: Units, engine: Engine, clerk: Actor) -> None:
    """The triggers ask the database's own clock: to set this program's forward is not enough."""
    now = [dt.datetime.now(dt.UTC)]
    today = Units(engine, JIASHAN, units._outbox, lambda: now[0])
    noted(today, clerk, 2)
    now[0] += dt.timedelta(days=400)
    assert sealed(today) == 1
    with pytest.raises(DatabaseError, match="only grows"):
        dropped(today)
    assert checked(today) == Finding(2, 0)


@dataclass
class Year:
    """A log of some months, three entries each, from April 2026 on."""

    units: Units
    clock: Clock


@pytest.fixture
def year(engine: Engine, clerk: Actor) -> Year:
    """Long enough ago for the database's own clock."""
    clock = Clock()
    clock.now = dt.datetime(2025, 1, 15, 2, tzinfo=dt.UTC)
    units = Units(engine, JIASHAN, _Untold(), clock)
    for month in range(1, 5):
        clock.now = clock.now.replace(month=month)
        noted(units, clerk, 3)
        while sealed(units):
            pass
    return Year(units, clock)


class _Untold:
    directory = NOBODY_LISTED

    def put_all(self, *_: Any) -> None: ...
    def delete(self, *_: Any) -> None: ...


def months_of(units: Units) -> list[tuple[str, int, int, bool]]:
    with units.read() as unit:
        return [
            (row.month, row.first_seq, row.last_seq, row.dropped_at is not None)
            for row in audit_segments.segments(unit.session)
        ]


def entries(units: Units) -> list[int]:
    with units.read() as unit:
        return list(unit.session.scalars(select(AuditRow.seq).order_by(AuditRow.seq)))


def test_each_month_that_is_over_has_a_signed_head_and_the_present_one_has_none(year: Year) -> None:
    assert months_of(year.units) == [
        ("2025-01", 1, 3, False), ("2025-02", 4, 6, False), ("2025-03", 7, 9, False)
    ]  # fmt: skip
    with year.units.read() as unit:
        head = opened(unit.session.get_one(AuditSegmentRow, "2025-02").head, KEYS)
    assert (head.committee, head.month, head.seq) == (JIASHAN, "2025-02", 6)
    assert checked(year.units) == Finding(12, 0)


def test_a_month_ends_at_midnight_in_shanghai_and_an_empty_one_is_none(year: Year, clerk: Actor) -> None:
    year.clock.now = dt.datetime(2025, 6, 30, 15, 59, tzinfo=dt.UTC)
    noted(year.units, clerk)
    year.clock.now = dt.datetime(2025, 6, 30, 16, 0, tzinfo=dt.UTC)
    noted(year.units, clerk)
    while sealed(year.units):
        pass
    assert months_of(year.units)[3:] == [("2025-04", 10, 12, False), ("2025-06", 13, 13, False)]


def test_six_whole_months_later_exactly_that_month_is_gone_and_its_head_stays(year: Year) -> None:
    year.clock.now = dt.datetime(2025, 7, 31, 15, 59, tzinfo=dt.UTC)
    assert dropped(year.units) == 0
    year.clock.now = dt.datetime(2025, 7, 31, 16, 0, tzinfo=dt.UTC)
    assert dropped(year.units) == 3
    assert entries(year.units) == list(range(4, 13))
    assert months_of(year.units)[0] == ("2025-01", 1, 3, True)
    assert checked(year.units) == Finding(9, 1)
    assert dropped(year.units, months=12) == 0


def test_no_setting_shortens_six_months(year: Year) -> None:
    year.clock.now = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)
    assert dropped(year.units, months=1) == 0
    assert entries(year.units) == list(range(1, 13))


def test_what_was_dropped_is_still_checked_by_its_head(year: Year, engine: Engine) -> None:
    year.clock.now = dt.datetime(2025, 9, 15, tzinfo=dt.UTC)
    assert dropped(year.units) == 6
    assert checked(year.units) == Finding(6, 2)
    disarm(engine)
    run(engine, "UPDATE audit_segment SET head = (SELECT head FROM audit_segment WHERE month = '2025-01') "
        "WHERE month = '2025-02'")  # fmt: skip
    assert checked(year.units).fault is Fault.MONTH
    run(engine, "DELETE FROM audit_segment WHERE month = '2025-01'")
    assert checked(year.units).fault is Fault.MONTH


def test_a_rewritten_month_does_not_pass_for_the_signed_one(year: Year, engine: Engine) -> None:
    """Whoever rewrites all hashes and the months' as well has not this committee's key."""
    disarm(engine)
    with year.units.write() as unit:
        chain = GENESIS
        for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq)).all():
            row.act = "nothing.happened" if row.seq == 2 else row.act
            chain = row.chain = link(chain, row.seq, row)
        unit.session.flush()
        before = GENESIS
        for month in audit_segments.segments(unit.session):
            month.before, month.chain = before, unit.session.get_one(AuditRow, month.last_seq).chain
            before = month.chain
    run(engine, "UPDATE audit_end SET chain = (SELECT chain FROM audit_entry WHERE seq = 12)")
    found = checked(year.units)
    assert (found.fault, found.broken_at) == (Fault.MONTH, 3)
    with year.units.read() as unit:
        assert audit_checking.check(unit.session, []).fault is Fault.UNSIGNED


def test_an_entry_binds_the_words_that_are_kept_beside_it(units: Units, engine: Engine, clerk: Actor) -> None:
    with units.write() as unit:
        audit.note(unit, clerk, "personal.reveal", f"{JIASHAN}.person.1", digest_of("核对联系方式"))
    assert checked(units) == Finding(1, 0)
    disarm(engine)
    run(engine, "UPDATE audit_entry SET digest = NULL")
    assert checked(units).fault is Fault.CHANGED


def test_a_refused_act_is_not_noted(units: Units, clerk: Actor) -> None:
    def fail() -> None:
        with units.write() as unit:
            audit.note(unit, clerk, "venue.change", "x")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert checked(units) == Finding(0, 0)


def test_entries_of_a_dropped_month_may_go_in_slices(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_segments, "AT_ONCE", 2)
    year.clock.now = dt.datetime(2025, 8, 15, tzinfo=dt.UTC)
    with year.units.write() as unit:
        assert audit_segments.drop(unit, 6) == 2
    assert checked(year.units) == Finding(9, 1), "half a month that is going is no fault"
    with year.units.write() as unit:
        assert audit_segments.drop(unit, 6) == 1
        assert audit_segments.drop(unit, 6) == 0
        assert not unit.session.execute(delete(AuditRow).where(AuditRow.seq == 1)).rowcount  # type: ignore[attr-defined]
