"""What this room's tests start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.assignments.neighbours import Neighbours, opened
from tests.tenant_service.assignments.office import Office
from tests.tenant_service.places import Clock


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


@pytest.fixture
def neighbours(engine: Engine, units: Units, clock: Clock, tmp_path: Path) -> Iterator[Neighbours]:
    yield from opened(engine, units, clock, tmp_path)
