"""The database as this release needs it: empty ones are made, older ones brought up."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_SCRIPTS = Path(__file__).with_name("migrations")


def configuration() -> Config:
    """Alembic's, with our scripts; the connection is handed over in `attributes`."""
    told = Config()
    told.set_main_option("script_location", str(_SCRIPTS))
    return told


def migrate(engine: Engine) -> None:
    """Every table and index is there. Each step is one transaction, and works under the previous release's code."""
    told = configuration()
    with engine.begin() as connection:
        told.attributes["connection"] = connection
        command.upgrade(told, "head")


def is_current(engine: Engine) -> bool:
    """Whether nothing is left to be done by `migrate`."""
    with engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    return now == ScriptDirectory.from_config(configuration()).get_current_head()
