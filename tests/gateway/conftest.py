"""One event loop for each module, so that its federation lives as long as the module does."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.gateway.federation import Federation, federation


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def three(runner: asyncio.Runner) -> Iterator[Federation]:
    """A city with three committees below it, 40 activities each."""
    context = federation(3, 40)
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))
