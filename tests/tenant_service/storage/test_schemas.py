"""The schemas that PostgreSQL's tests are lent: what one test did is nothing to the next."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, MetaData, func, select, text
from sqlalchemy.exc import DBAPIError

from tenant_service.exchange.models import OwnLifeRow
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.schemas import Schemas
from tests.tenant_service import places
from tests.tenant_service.identity.tampering import disarm

pytestmark = pytest.mark.postgresql


@pytest.fixture
def lender(postgresql: str, tables: MetaData) -> Iterator[Schemas]:
    """Nobody borrowed from it yet."""
    made = Schemas(postgresql, tables)
    yield made
    made.close()


def worked_in(url: str, clerk: Actor) -> int:
    """Somebody acted here, which the audit log and the outbox keep; the number of a row that was counted."""
    engine = open_engine(url)
    with Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), places.Clock()).write() as unit:
        audit.note(unit, clerk, "venue.change", f"{places.JIASHAN}.venue.1")
        row = OwnLifeRow(epoch="0192f0c1d2e34567890abcdef0123456")
        unit.session.add(row)
        unit.session.flush()
        counted = row.id
    engine.dispose()
    return counted


def rows(engine: Engine, tables: MetaData) -> dict[str, int]:
    with engine.begin() as connection:
        counted = {
            each.name: connection.scalar(select(func.count()).select_from(each)) for each in tables.sorted_tables
        }
        counted["search_pairs"] = connection.scalar(text("SELECT count(*) FROM search_pairs"))
    return {name: number for name, number in counted.items() if number}


def test_a_schema_is_lent_again_as_it_was_made(lender: Schemas, tables: MetaData, clerk: Actor) -> None:
    with lender.lent() as first:
        assert worked_in(first, clerk) == 1
    with lender.lent() as second:
        engine = open_engine(second)
        assert rows(engine, tables) == {}
        assert worked_in(second, clerk) == 1, "it counts from the beginning"
        with engine.begin() as connection, pytest.raises(DBAPIError, match="only grows"):
            connection.execute(text("DELETE FROM audit_entry"))
        engine.dispose()
    assert first == second


def test_whoever_borrows_beside_another_has_a_schema_of_its_own(lender: Schemas) -> None:
    with lender.lent() as one, lender.lent() as other:
        assert one != other


@pytest.mark.parametrize(
    "changed",
    [
        "ALTER TABLE venue ADD COLUMN more text",
        "ALTER TABLE venue ALTER COLUMN name DROP NOT NULL",
        "CREATE TABLE more (id integer)",
        "DROP TABLE own_life",
        "DROP INDEX search_pairs_by_pair",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "CREATE OR REPLACE FUNCTION audit_end_truncate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_a_schema_in_which_more_than_rows_changed_is_lent_to_nobody(lender: Schemas, changed: str) -> None:
    with lender.lent() as first:
        engine = open_engine(first)
        with engine.begin() as connection:
            connection.exec_driver_sql(changed)
        engine.dispose()
    with lender.lent() as second:
        assert first != second


def test_a_log_that_was_disarmed_is_lent_to_nobody(lender: Schemas) -> None:
    with lender.lent() as first:
        engine = open_engine(first)
        disarm(engine)
        engine.dispose()
    with lender.lent() as second:
        assert first != second
