"""Jiashan's office, and the higher committee's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.reports.office import Office, Upward, opened


@pytest.fixture
def office(units: Units) -> Office:
    return Office(units)


@pytest.fixture
def upward(engine: Engine, units: Units, clock: places.Clock, tmp_path: Path) -> Iterator[Upward]:
    yield from opened(engine, units, clock, tmp_path)
