"""One committee for the tests of a module, on either kind of database; each registers applications of its own."""

from collections.abc import Iterator

import pytest

from tests.schemas import schema
from tests.tenant_service.oauth.tenant import Tenant, served


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database for one committee, as `served` takes it; on PostgreSQL a schema of its own."""
    if request.param == "sqlite":
        yield ""
        return
    with schema(request.getfixturevalue("postgresql")) as url:
        yield url


@pytest.fixture(scope="module")
def tenant(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with served(tmp_path_factory.mktemp("tenant"), database) as made:
        yield made
