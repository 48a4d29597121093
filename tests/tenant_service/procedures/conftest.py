"""What tests of this room start from."""

import pytest

from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.procedures.office import Office


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, directory, clerk, secretary)
