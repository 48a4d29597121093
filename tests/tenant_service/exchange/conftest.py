from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.tenant_service.exchange.committees import CITY, COUNTY, PARTNER, PROVINCE, SISTER, Committee, World, opened


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def committees(tmp_path: Path, world: World) -> Iterator[Mapping[str, Committee]]:
    made = opened(tmp_path, world, PROVINCE, CITY, COUNTY, SISTER, PARTNER)
    yield made
    for each in made.values():
        each.engine.dispose()


@pytest.fixture
def county(committees: Mapping[str, Committee]) -> Committee:
    return committees[COUNTY]


@pytest.fixture
def city(committees: Mapping[str, Committee]) -> Committee:
    return committees[CITY]


@pytest.fixture
def partner(committees: Mapping[str, Committee]) -> Committee:
    return committees[PARTNER]
