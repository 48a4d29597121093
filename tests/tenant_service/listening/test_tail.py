"""Who waits for changes is woken again after the database was away for a moment."""

import asyncio
from typing import Any

from sync.contract.changes import ChangesAsk
from tenant_service.listening.tail import Tail
from tests.waiting import eventually


class Broken:
    """A domain that breaks at its first two looks, and then finds nothing new."""

    def __init__(self) -> None:
        self.looks = 0

    async def run(self, *_: Any) -> None:
        self.looks += 1
        if self.looks <= 2:
            raise OSError("the database is away")


class Units:
    def after_changing(self, call: Any) -> None:
        self.ring = call


def test_a_look_that_breaks_is_tried_again() -> None:
    async def looked() -> None:
        domain, units = Broken(), Units()
        tail = Tail(domain, units)  # type: ignore[arg-type]
        tail.begin(ChangesAsk())
        running = asyncio.ensure_future(tail.run())

        async def went_on() -> bool:
            units.ring()
            return domain.looks > 3 and not running.done()

        await eventually(went_on, what="it looks again")
        running.cancel()

    asyncio.run(looked())
