"""One committee for the tests of a module, on either kind of database; each registers applications of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uuid_utils
from sqlalchemy import text

from tenant_service.storage.engine import open_engine
from tests.tenant_service.oauth.tenant import Tenant, served


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database for one committee, as `served` takes it; on PostgreSQL a schema of its own."""
    if request.param == "sqlite":
        yield ""
        return
    with _schema(request.getfixturevalue("postgresql")) as url:
        yield url


@contextmanager
def _schema(url: str) -> Iterator[str]:
    schema = f"t{uuid_utils.uuid7().hex}"
    keeper = open_engine(url)
    with keeper.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
    with keeper.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    keeper.dispose()


@pytest.fixture(scope="module")
def tenant(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with served(tmp_path_factory.mktemp("tenant"), database) as made:
        yield made
