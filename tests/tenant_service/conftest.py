"""What the rooms' tests start from: an empty database of Jiashan, people of its office, the federation."""

import importlib
import os
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData

import tenant_service
from sync.contract.trust.directory import Directory
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests import clusters
from tests.schemas import Schemas
from tests.tenant_service import places


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A URL of a database in which tests may make and drop schemas."""
    if url := os.environ.get(clusters.POSTGRESQL):
        yield url
    elif clusters.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with clusters.cluster() as url:
            yield url


@pytest.fixture(scope="session")
def tables() -> MetaData:
    """Every room's tables, whichever tests were chosen."""
    for found in pkgutil.walk_packages(tenant_service.__path__, "tenant_service."):
        if found.name.endswith((".models", ".storage.search")):
            importlib.import_module(found.name)
    return Row.metadata


@pytest.fixture
def clock() -> places.Clock:
    return places.Clock()


@pytest.fixture
def directory() -> Directory:
    return places.directory()


@pytest.fixture(scope="session")
def empty_sqlite(tables: MetaData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row; a test works on a copy."""
    path = tmp_path_factory.mktemp("empty") / "committee.db"
    made = open_engine(f"sqlite:///{path}")
    tables.create_all(made)
    with made.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return path


@pytest.fixture(scope="session")
def schemas(postgresql: str, tables: MetaData) -> Iterator[Schemas]:
    made = Schemas(postgresql, tables)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, tables: MetaData, empty_sqlite: Path) -> Iterator[Engine]:
    """An empty database with every table; on PostgreSQL a schema of its own, where a server was named."""
    if request.param == "sqlite":
        made = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path)}")
        yield made
        made.dispose()
        return
    with request.getfixturevalue("schemas").lent() as url:
        made = open_engine(url)
        yield made
        made.dispose()


@pytest.fixture
def units(engine: Engine, clock: places.Clock) -> Units:
    """Jiashan's units of work: what an act publishes is in its outbox."""
    return Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), clock)


@pytest.fixture
def clerk() -> Actor:
    return places.staff(places.JIASHAN, Role.CLERK)


@pytest.fixture
def secretary() -> Actor:
    return places.staff(places.JIASHAN, Role.SECRETARY)


@pytest.fixture
def member() -> Actor:
    """A member's account; the person behind it is not on the roster yet."""
    return places.staff(places.JIASHAN, Role.MEMBER, person=f"{places.JIASHAN}.person.0192f0c1d2e34567890abcdef0000001")
