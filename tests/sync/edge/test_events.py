"""What ends a stream of events is told in it, in the words that a plain answer has."""

import asyncio
import json
from collections.abc import AsyncIterator

from sync.edge.documents import Unfit
from sync.edge.streams.audience import EVENTS, Audience, Stream
from sync.edge.streams.events import _told
from sync.edge.streams.viewing import Delivery


def test_variables_that_do_not_fit_are_told_as_such() -> None:
    async def deliveries() -> AsyncIterator[Delivery]:
        raise Unfit([{"message": "$x is missing", "extensions": {"code": "INVALID", "zh": "查询不正确"}}])
        yield Delivery()

    async def told() -> list[str]:
        return [each.encode().decode() async for each in _told(deliveries(), Stream(Audience.of(1, 1, 1), EVENTS))]

    failed, end = asyncio.run(told())
    body = json.loads(failed.partition("data: ")[2].strip())
    assert body["errors"][0]["extensions"]["code"] == "INVALID"
    assert "complete" in end
