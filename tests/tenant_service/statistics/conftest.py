"""What the figures' tests start from."""

import pytest

from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.statistics.county import County


@pytest.fixture
def county(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> County:
    return County(units, directory, clerk, secretary)
