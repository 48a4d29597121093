"""Jiashan's office, for every test of this room."""

import pytest

from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.notifications.office import Office


@pytest.fixture
def office(units: Units, clerk: Actor) -> Office:
    return Office(units, clerk)
