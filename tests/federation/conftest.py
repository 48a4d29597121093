"""What the tests with real processes share."""

from collections.abc import Iterator

import pytest

from tests.federation import demos
from tests.gateway.federation import free_port


@pytest.fixture(scope="module")
def delta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[demos.Demo]:
    """Qingpu, Wujiang and Jiashan, their hub and a gateway, as `make demo` starts them."""
    with demos.running(tmp_path_factory.mktemp("delta") / "demo", "delta", free_port()) as demo:
        yield demo
