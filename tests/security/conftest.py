"""One federation for each module; what a test changed about the directory or the time is as before for the next."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.schemas import schema
from tests.security.scene import Scene, opened
from tests.tenant_service.conftest import postgresql

__all__ = ["postgresql"]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of an empty database; on PostgreSQL a schema of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'home.db'}"
        return
    with schema(request.getfixturevalue("postgresql")) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _scene(tmp_path_factory: pytest.TempPathFactory, database: str) -> AsyncIterator[Scene]:
    async with opened(Path(tmp_path_factory.mktemp("scene")), database) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def scene(_scene: Scene) -> AsyncIterator[Scene]:
    for each in _scene.asked.values():
        each.clear()
    yield _scene
    _scene.clock.ahead = dt.timedelta()
    _scene.silent.clear()
    if _scene.is_changed:
        await _scene.learn()
