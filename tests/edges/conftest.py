"""The doors as a developer has them, and as they are in production."""

from collections.abc import Iterator

import pytest

from tests.edges.doors import Door, Doors, doors


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """Everybody may read the schema."""
    with doors(tmp_path_factory.mktemp("shown"), shows_schema=True) as made:
        yield made


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """As in production: the schema is for administrators."""
    with doors(tmp_path_factory.mktemp("closed"), shows_schema=False) as made:
        yield made


@pytest.fixture(params=["committee", "gateway"])
def door(request: pytest.FixtureRequest, closed: Doors) -> Door:
    """Each door in turn, as it is in production."""
    found: Door = getattr(closed, request.param)
    return found
