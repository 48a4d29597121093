"""Migrations and models say the same, on both databases; and both ways can be walked."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect

from tenant_service.storage import migrate


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


def test_migrating_makes_what_the_models_say(empty: Engine, tables: MetaData) -> None:
    assert not migrate.is_current(empty)
    migrate.migrate(empty)
    assert differences(empty, tables) == []
    assert migrate.is_current(empty)
    migrate.migrate(empty)


def test_the_way_back_leaves_nothing(empty: Engine) -> None:
    migrate.migrate(empty)
    told = migrate.configuration()
    with empty.begin() as connection:
        told.attributes["connection"] = connection
        command.downgrade(told, "base")
    assert {name for name in inspect(empty).get_table_names() if not name.startswith("sqlite")} <= {"alembic_version"}
