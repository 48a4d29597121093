"""What every property of the kind "whatever is tried, in any order" starts from, and asks of the history in the end."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from sync.contract.kinds import Kind
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.history import taken
from tenant_service.history.taken import Step
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places


@contextmanager
def new_units(folder: Path, empty: Path) -> Iterator[Units]:
    """Jiashan's units of work over a new database: hypothesis tries many in one test."""
    for each in folder.glob("states.db*"):
        each.unlink()
    engine = open_engine(f"sqlite:///{shutil.copy(empty, folder / 'states.db')}")
    try:
        yield Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), places.Clock())
    finally:
        engine.dispose()


def explained(units: Units, id: str, state: Kind | None) -> list[Step]:
    """Each step goes on where the last one led, with who and when; the record stands where the last one led, if it is
    there still. Returns the steps.
    """
    with units.read() as unit:
        steps = taken.of(unit.session, id)
    assert [step.seq for step in steps] == list(range(1, len(steps) + 1))
    assert all(later.was == earlier.now and later.at >= earlier.at for earlier, later in pairwise(steps))
    assert all(step.sub for step in steps)
    assert steps[0].was is None
    assert state is None or steps[-1].now == state.value
    return steps
