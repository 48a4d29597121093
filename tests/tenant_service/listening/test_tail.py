"""Who waits for changes is woken again after the database was away for a moment."""

import asyncio

import pytest
from sqlalchemy import Engine, text

from sync.contract.asking.changes import ChangesAsk
from tenant_service.listening.tail import Tail
from tenant_service.storage.engine import Domain
from tenant_service.storage.models import ChangeEndRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.waiting import eventually

TABLE = ChangeEndRow.__tablename__


def renamed(engine: Engine, was: str, now: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {was} RENAME TO {now}"))


@pytest.mark.asyncio
async def test_a_look_that_breaks_is_tried_again(
    engine: Engine, units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    domain = Domain(engine)
    tail = Tail(domain, units)
    running = asyncio.create_task(tail.run())
    renamed(engine, TABLE, "away")
    waiter = tail.begin(ChangesAsk())

    async def broke() -> bool:
        return "looking for changes broke" in caplog.text

    await eventually(broke)
    renamed(engine, "away", TABLE)

    async def woken() -> bool:
        with units.write() as unit:
            unit.changed(f"{places.JIASHAN}.venue.{1:032x}", 1)
        await asyncio.sleep(0)
        return waiter.woken.is_set() and not running.done()

    await eventually(woken)
    running.cancel()
    domain.close()
