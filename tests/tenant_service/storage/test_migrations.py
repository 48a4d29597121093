"""Migrations and models say the same, on both databases; and both ways can be walked."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy.exc import OperationalError

from tenant_service.storage import migrate

WRITE_AS_BEFORE = text(
    "INSERT INTO outbox (channel, epoch, seq, body, chain) VALUES ('c', '000001-00', :seq, :body, :body)"
)
"""As the release before 0002 does."""
DIGEST = text(
    "INSERT INTO audit_entry (seq, at, iss, sub, act, subject, chain, digest) "
    "VALUES (1, :at, 'i', 's', 'a', 'r', :chain, :digest)"
)


@pytest.fixture
def empty(engine: Engine, tables: MetaData) -> Iterator[Engine]:
    """A database without a table."""
    tables.drop_all(engine)
    yield engine
    tables.drop_all(engine)


def differences(engine: Engine, tables: MetaData) -> list[Any]:
    def ours(_object: Any, name: str | None, type_: str, _reflected: bool, _other: Any) -> bool:
        return not (type_ == "table" and (name or "").startswith("search_pairs"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": False})
        return [each for each in compare_metadata(context, tables) if "alembic_version" not in str(each)]


def guards(engine: Engine) -> dict[str, str]:
    """Trigger → what it does; no difference that alembic looks for."""
    told = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(t.oid) || prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        found = connection.execute(text(told[engine.dialect.name])).all()
    return dict(found)


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite cannot tell of those, PostgreSQL does
def test_migrating_makes_what_the_models_say(empty: Engine, tables: MetaData) -> None:
    assert not migrate.is_current(empty)
    migrate.migrate(empty)
    assert differences(empty, tables) == []
    assert migrate.is_current(empty)
    migrate.migrate(empty)


def test_a_database_that_was_migrated_forbids_what_a_new_one_does(empty: Engine, tables: MetaData) -> None:
    migrate.migrate(empty)
    migrated = guards(empty)
    tables.drop_all(empty)
    tables.create_all(empty)
    assert migrated == guards(empty)
    assert "audit_entry_delete" in migrated


def test_the_outbox_learns_of_which_record_each_event_tells_and_takes_what_the_release_before_writes(
    empty: Engine,
) -> None:
    told = migrate.configuration()
    with empty.begin() as connection:
        told.attributes["connection"] = connection
        command.upgrade(told, "0001")
        connection.execute(WRITE_AS_BEFORE, {"seq": 1, "body": b'{"subject":"330402.value.1","op":"put"}'})
        connection.execute(WRITE_AS_BEFORE, {"seq": 2, "body": b'{"op":"complete"}'})
        command.upgrade(told, "0002")
        connection.execute(WRITE_AS_BEFORE, {"seq": 3, "body": b'{"subject":"330402.value.1","op":"retract"}'})
        named = connection.execute(text("SELECT record FROM outbox ORDER BY seq")).scalars().all()
    assert named == ["330402.value.1", "", ""]


def test_the_way_back_leaves_nothing(empty: Engine) -> None:
    migrate.migrate(empty)
    told = migrate.configuration()
    with empty.begin() as connection:
        told.attributes["connection"] = connection
        command.downgrade(told, "base")
    assert {name for name in inspect(empty).get_table_names() if not name.startswith("sqlite")} <= {"alembic_version"}


def test_two_that_start_at_one_moment_take_the_steps_one_after_the_other(empty: Engine, tables: MetaData) -> None:
    both = threading.Barrier(2)

    def start(_number: int) -> None:
        both.wait(20)
        migrate.migrate(empty)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(start, range(2))) == [None, None]
    assert differences(empty, tables) == []


def test_a_step_that_waits_in_vain_is_not_done_and_those_before_it_are(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    monkeypatch.setattr(migrate, "_WAITS", "200ms")
    told = migrate.configuration()
    with empty.begin() as connection:
        told.attributes["connection"] = connection
        command.upgrade(told, "0006")
    with empty.connect() as other, other.begin():
        other.execute(text("LOCK TABLE audit_entry IN ROW EXCLUSIVE MODE"))  # as every act of a running process does
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate.migrate(empty)
        with empty.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0006"
    migrate.migrate(empty)
    assert migrate.is_current(empty)


def test_digests_of_the_audit_log_are_not_thrown_away(empty: Engine) -> None:
    told = migrate.configuration()
    with empty.begin() as connection:
        told.attributes["connection"] = connection
        command.upgrade(told, "0007")
        connection.execute(DIGEST, {"at": dt.datetime(2026, 1, 5), "chain": b"c" * 32, "digest": b"d" * 32})  # noqa: DTZ001 — as it lies in the database
        with pytest.raises(RuntimeError, match="1 entries"):
            command.downgrade(told, "0006")
