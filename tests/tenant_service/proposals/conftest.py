"""Jiashan's office and members."""

import pytest

from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.proposals.office import Office


@pytest.fixture
def office(units: Units) -> Office:
    return Office(units)
