from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.sync.hubs import Hub, running_hub


@pytest_asyncio.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """A fresh hub: province, city, two counties, a partner elsewhere, a gateway."""
    async with running_hub(tmp_path) as running:
        yield running
