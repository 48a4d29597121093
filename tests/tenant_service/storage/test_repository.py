"""A row that is locked is as it stands now, whatever was read of it before."""

import pytest
from sqlalchemy import Engine, update

from sync.contract.shapes.topics import TopicSource
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tenant_service.topics import queries, service
from tenant_service.topics.models import TopicRow
from tests.tenant_service.topics.office import LIFTS, WORDS


@pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)  # SQLite has one writer at a time
def test_what_was_changed_before_the_lock_was_had_is_read(engine: Engine, units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        id = service.register(unit, clerk, TopicSource.PUBLIC, LIFTS, WORDS).id
    with units.write() as unit:
        seen = queries.ours(unit.session, id)  # the session forgets what nobody holds
        assert seen.title == LIFTS.title
        with engine.connect() as another, another.begin():
            another.execute(update(TopicRow).where(TopicRow.id == id).values(title="另一个窗口改了题名"))
        assert queries.locked(unit.session, id).title == "另一个窗口改了题名"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_changed_here_stays_changed(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        id = service.register(unit, clerk, TopicSource.PUBLIC, LIFTS, WORDS).id
        queries.locked(unit.session, id).title = "改了题名"
        assert queries.locked(unit.session, id).title == "改了题名"
