"""What this room's tests start from."""

import pytest

from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.assignments.office import Office


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)
