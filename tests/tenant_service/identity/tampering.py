"""What somebody who may alter the database could do to the audit log: the triggers are taken away first."""

from typing import Any

from sqlalchemy import Engine, text

from tenant_service.identity import audit_triggers


def disarm(engine: Engine) -> None:
    """Nothing in the database guards the log any more."""
    with engine.begin() as connection:
        for table in audit_triggers.TABLES:
            for statement in audit_triggers.dropped(table)[engine.dialect.name]:
                connection.exec_driver_sql(statement)


def arm(engine: Engine) -> None:
    """The guards are there again."""
    with engine.begin() as connection:
        for table in audit_triggers.TABLES:
            for statement in audit_triggers.made(table)[engine.dialect.name]:
                connection.exec_driver_sql(statement)


def run(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)
