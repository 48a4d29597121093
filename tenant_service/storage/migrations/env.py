"""What alembic runs: our tables, over the connection that `tenant_service.storage.migrate` hands over."""

import importlib
import pkgutil
from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum, TypeDecorator

import tenant_service
from tenant_service.storage.columns import Ascii, Row


def _load_tables() -> None:
    """Every room's tables are known."""
    for found in pkgutil.walk_packages(tenant_service.__path__, "tenant_service."):
        if found.name.endswith((".models", ".storage.search")):
            importlib.import_module(found.name)


def _include(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:  # noqa: FBT001
    """FTS5 keeps shadow tables of its own, which no model describes."""
    return not (type_ == "table" and (name or "").startswith("search_pairs"))


def _plain_type(kind: str, made: Any, _context: Any) -> str | Literal[False]:
    """A migration names the database's types, not our own: those may change, what it did may not."""
    if kind != "type":
        return False
    if isinstance(made, TypeDecorator):
        return f"sa.{type(made.impl_instance).__name__}()"
    if isinstance(made, Enum):
        return f"sa.String({made.length})"
    return "ASCII" if made is Ascii else False


_load_tables()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Row.metadata, render_as_batch=connection.dialect.name == "sqlite",
    include_object=_include, render_item=_plain_type, compare_type=True,
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
