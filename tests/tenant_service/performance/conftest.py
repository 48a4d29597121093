"""Jiashan's office, for every test of this room."""

import pytest

from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.performance.assessing import Assessing
from tests.tenant_service.performance.ledger import Office


@pytest.fixture
def office(units: Units, clock: places.Clock, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, clock, clerk, secretary)


@pytest.fixture
def assessing(office: Office) -> Assessing:
    return Assessing(office)
