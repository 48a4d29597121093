"""A gateway with its console over thirteen small committees, one of them silent for weeks, served in this process."""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.routing import Mount

from gateway.app import Parts, serving
from gateway.console import pages as console
from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode
from tenant_service.graph.types import JSONObject
from tests.gateway.committee import Value
from tests.gateway.federation import Federation, federation, free_port
from tests.waiting import until

PLACES = {f"3301{n:02d}": ((n - 1) // 5 + 1, (n - 1) % 5 + 1) for n in range(1, 14)}


class Thirteen:
    """`session` is the cookie value of a city clerk's browser."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.session, self.cookie = "", ""
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._federation: Federation | None = None
        self._parts: Parts | None = None
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def start(self) -> None:
        self._thread.start()
        until(lambda: self.session or not self._thread.is_alive(), what="the gateway serves")
        assert self.session

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(20)

    def counts(self, id: str, number: int) -> None:
        """From now on this committee has counted so many of everything this month."""
        federation = self._federation
        assert federation
        federation.services[id].rows.values[:] = values(id, number)

    def another_session(self) -> str:
        """The cookie value of another browser of the same clerk."""
        assert self._federation
        assert self._parts
        return self._parts.sessions.open(self._federation.token())

    async def _serve(self) -> None:
        async with federation(13, 5, away=["330113"]) as made:
            self._federation = made
            for n, id in enumerate(made.below):
                made.rows[id].values += values(id, 8 + 3 * n)
                made.services["330100"].shared.values += values(id, 8 + 3 * n)
            parts = await made.parts(secure_cookies=False)
            self._parts = parts
            await self._listen(parts, made)

    async def _listen(self, parts: Parts, made: Federation) -> None:
        over = console.console_of(parts, console.templates(), time.time, title="市政协驾驶舱", places=PLACES)
        pages = [Mount("/", console.site(over))]
        app = serving(parts, made.connections[-1], pages=pages)
        server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="warning"))
        running = asyncio.ensure_future(server.serve())
        while not server.started:  # noqa: ASYNC110 — uvicorn tells it no other way
            await asyncio.sleep(0)
        self.cookie, self.session = parts.cookie, parts.sessions.open(made.token())
        await self._ended.wait()
        server.should_exit = True
        await running


def values(id: str, number: int) -> list[Value]:
    """`number` of everything this month, on its first day."""
    now = dt.datetime.now(dt.UTC)
    return [
        Value(
            committee_id=Id(id), indicator=code, month=f"{now:%Y-%m}",
            days=JSONObject({"HALL_SESSION": [number, *[0] * 30] if not stock(code) else [number] * 31}),
            joint_ids=[], computed_at=now,
        )
        for code in IndicatorCode
    ]  # fmt: skip


def stock(code: IndicatorCode) -> bool:
    return code in (IndicatorCode.VENUES_OPEN, IndicatorCode.AREAS, IndicatorCode.AREAS_COVERED)


@contextmanager
def thirteen() -> Iterator[Thirteen]:
    made = Thirteen()
    made.start()
    try:
        yield made
    finally:
        made.stop()
