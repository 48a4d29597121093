"""One committee for the tests of a module; each registers applications of its own."""

from collections.abc import Iterator

import pytest

from tests.tenant_service.oauth.tenant import Tenant, served


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with served(tmp_path_factory.mktemp("tenant")) as made:
        yield made
