"""A committee as a process of its own: `python -m tests.faults.committee CONFIG`.

It exchanges over the hub until it is killed, and its people write as fast as `control.json` says, with a clock that may
be wrong. Each act is kept in a journal outside the database.
"""

import asyncio
import datetime as dt
import logging
import random
import sys
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import ECKey
from nats.aio.client import Client
from sqlalchemy.exc import OperationalError

from sync.bus.connection import while_connected
from sync.bus.directory_copy import DirectoryCopy
from sync.bus.ending import ended
from sync.bus.subscriber import Pace
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.errors import Refusal
from sync.contract.trust.directory import Directory
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.unit_of_work import Units, utc_now
from tests.faults import bugs, kill_points, newer_release, room
from tests.faults.journal import Intent, Journal
from tests.waiting import until

log = logging.getLogger(__name__)
PACE = Pace(look=1.0, check=2.0, first=0.2, fetch=2.0, patience=2.0)


class Control(msgspec.Struct):
    """What can be said to a running process, by replacing its `control.json`.

    Attributes:
        acts: That people do in a second, about.
        clock_off: Seconds that this committee's clock is ahead of the true one.
    """

    acts: float = 0.0
    clock_off: float = 0.0


class Config(msgspec.Struct, kw_only=True):
    """What a process is started with.

    Attributes:
        folder: Of this committee; `directory.jws`, `root.jwk`, `event.json`, `control.json` and `journal/` lie in
            it.
        draw: Seed of what people do.
        schema: Number of the shape in which figures are written and read; 1 is this release's.
        kill_at: See `tests.faults.kill_points`.
        bug: See `tests.faults.bugs`.
    """

    id: str
    url: str
    creds: str
    database: str
    folder: str
    enc: dict[str, Any]
    draw: int
    schema: int = 1
    kill_at: str = ""
    bug: str = ""


class Committee:
    def __init__(self, config: Config) -> None:
        self.config, self.folder = config, Path(config.folder)
        self.draw, self.journal = random.Random(config.draw), Journal(self.folder / "journal")
        self.copy = DirectoryCopy(
            self.folder / "directory.jws", jose.read_key((self.folder / "root.jwk").read_bytes()), config.id
        )
        directory = self.copy.read()
        self.trust = Trust(config.id, directory, self._signing(directory), [jose.read_key(config.enc)])
        engine = open_engine(config.database)
        room.furnish(engine)
        self.domain = Domain(engine)
        self.units = Units(engine, config.id, ExchangeOutbox(self.trust), self.clock)
        self.exchange = Exchange(self.domain, self.units, self.trust, {"value": room.show}, pace=PACE)
        self._between_acts, self._cut = asyncio.Lock(), asyncio.Event()

    def clock(self) -> dt.datetime:
        return utc_now() + dt.timedelta(seconds=self.control().clock_off)

    def control(self) -> Control:
        return msgspec.json.decode((self.folder / "control.json").read_bytes(), type=Control)

    def _signing(self, directory: Directory) -> ECKey:
        """The newest of its keys that the directory shows; `event.json` has all, newest last."""
        told = msgspec.json.decode((self.folder / "event.json").read_bytes(), type=list[dict[str, Any]])
        shown = {key.kid for key in directory.keys(self.config.id, "event")}
        mine = [jose.read_key(each) for each in told]
        return next((key for key in reversed(mine) if key.kid in shown), mine[0])

    # ── exchange ──

    async def run(self) -> None:
        online = asyncio.create_task(
            while_connected(
                self.config.url, Path(self.config.creds), self.config.id, self._work,
                disconnected=self.exchange.disconnected, reconnected=self._reconnected, wait=0.1,
            )
        )  # fmt: skip
        while True:
            control = self.control()
            for _ in range(self.draw.randint(1, 4) if control.acts else 0):
                async with self._between_acts:
                    await self.domain.run(self._act)
            pause = self.draw.expovariate(control.acts / 2.5) if control.acts else 0.2
            done, _ = await asyncio.wait({online}, timeout=min(pause, 1.0))
            for each in done:
                each.result()

    async def _work(self, client: Client) -> None:
        exchange = self.exchange
        await exchange.disconnected()
        directory = self.copy.keep(
            client, lambda: self.trust.directory, self._learn, exchange.trust_again, self._cut, interval=0.5
        )
        following = asyncio.create_task(directory)
        try:
            await exchange.work(client)
        finally:
            await ended([following])

    async def _reconnected(self) -> None:
        self._cut.set()

    async def _learn(self, directory: Directory) -> None:
        """Between two acts, so that the journal knows to whom each was able to speak."""
        async with self._between_acts:
            self.trust.event = self._signing(directory)
            await self.exchange.learn(directory)

    # ── what people do ──

    def _act(self) -> None:
        """On the domain thread. A refused act is written down; nothing of it may be seen anywhere."""
        told: Intent | None = None
        number = 0
        try:
            with self.units.write() as unit:
                told = room.planned(unit, self.draw, self.trust.directory.channels_of(self.config.id))
                number = self.journal.intends(told)
                room.carry_out(unit, told)
        except Exception as error:
            number = number or self.journal.intends(told or _nothing(self.clock()))
            self.journal.came(number, f"{type(error).__name__}: {error}"[:300])
            if not isinstance(error, Refusal):
                log.exception("an act was refused")
        else:
            self.journal.came(number)


def _nothing(now: dt.datetime) -> Intent:
    """An act that ended before it was known what it would be."""
    return Intent(
        number=0, at=0, record="", op="put", version=0, canary="", deep="", channels=[], wall=now.timestamp()
    )  # fmt: skip


async def main(config: Config) -> None:
    if config.schema > 1:
        newer_release.speak(config.schema)
    if config.bug:
        bugs.plant(config.bug)
    if config.kill_at:
        kill_points.plant(config.kill_at)

    def started() -> Committee | None:
        """As whatever keeps a service alive does: started again, where its disk is full just now."""
        try:
            return Committee(config)
        except OperationalError:
            log.exception("the database cannot be opened, and is tried again")
            return None

    committee = until(started, within=60, what="the database can be opened")
    assert committee is not None
    await committee.run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Config)))
