"""The database as this release needs it: empty ones are made, older ones brought up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from tenant_service.storage.engine import BUSY_MS, WRITES

_SCRIPTS = Path(__file__).with_name("migrations")
_WAITS = "20s"
"""How long a step waits for a table that somebody else holds."""
_PATIENCE_MS = 120_000
"""How long a step waits for SQLite's one writer: another process may be taking all the steps, on a slow disk."""


def configuration() -> Config:
    """Alembic's, with our scripts; the connection is handed over in `attributes`."""
    told = Config()
    told.set_main_option("script_location", str(_SCRIPTS))
    return told


def migrate(engine: Engine) -> None:
    """Every table and index is there. Each step is one transaction, and works under the previous release's code, so a
    process of that release goes on meanwhile. Two that start at one moment take the steps one after the other.

    Raises:
        OperationalError: a table was held for longer than a step waits (PostgreSQL); steps before it are done.
    """
    steps = _steps()
    with _alone(engine):
        while _took_a_step(engine, steps):
            pass


def is_current(engine: Engine) -> bool:
    """Whether nothing is left to be done by `migrate`."""
    with engine.connect() as connection:
        return _revision(connection) == _steps().get_current_head()


def _took_a_step(engine: Engine, steps: ScriptDirectory) -> bool:
    with (
        engine.connect().execution_options(**{WRITES: True}) as connection, _patiently(connection), connection.begin()
    ):  # fmt: skip
        if _revision(connection) == steps.get_current_head():
            return False
        if engine.dialect.name == "postgresql":  # who waits for a table makes all others wait behind it
            connection.execute(text(f"SET LOCAL lock_timeout = '{_WAITS}'"))
        told = configuration()
        told.attributes["connection"] = connection
        # What alembic's own command does, which reads every step from disk anew each time it is called.
        upgrading = EnvironmentContext(told, steps, fn=lambda at, _: steps._upgrade_revs("+1", at))  # noqa: SLF001
        with upgrading:
            steps.run_env()
    return True


@contextmanager
def _patiently(connection: Connection) -> Iterator[None]:
    """The driver is told so itself, before the transaction begins, which waits for its turn."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.connection.cursor().execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    try:
        yield
    finally:
        connection.connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_MS}")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """SQLite has one writer at a time anyway, and each step looks where it begins."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # the lock is the session's
        key = "hashtext('liandong/' || current_schema())"
        connection.execute(text(f"SELECT pg_advisory_lock({key})"))
        try:
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({key})"))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _steps() -> ScriptDirectory:
    """All of them, which it reads once, where they are first asked for."""
    return ScriptDirectory.from_config(configuration())
