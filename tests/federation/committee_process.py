"""A committee as a process of its own: `python -m tests.federation.committee_process CONFIG`.

Exchanges over the hub until it is killed. With `changes` it first writes so many shared changes, as fast as its disk
allows, then goes on exchanging; a change that fails ends the process with its error.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

from sync.bus.connection import while_connected
from sync.bus.subscriber import Pace
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.trust.directory import Contents, Directory
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.exchange.committees import SHOWN, show, value


class Config(msgspec.Struct):
    """What the process is started with; `records` are changed in turn, `changes` times in all."""

    id: str
    url: str
    creds: str
    database: str
    contents: Contents
    event: dict[str, Any]
    enc: dict[str, Any]
    records: list[str] = []
    channels: list[str] = []
    changes: int = 0


def change(units: Units, config: Config, number: int) -> None:
    id, version = config.records[number % len(config.records)], 1 + number // len(config.records)
    with units.write() as unit:
        unit.publish(value(id, version), version, set(config.channels))


async def main(config: Config) -> None:
    engine = open_engine(f"sqlite:///{config.database}")
    Row.metadata.create_all(engine)
    SHOWN.create_all(engine)
    keys = jose.read_key(config.event), [jose.read_key(config.enc)]
    trust = Trust(config.id, Directory(config.contents), *keys)
    units, domain = Units(engine, config.id, ExchangeOutbox(trust)), Domain(engine)
    pace = Pace(look=1.0, check=2.0, first=0.2, fetch=2.0, patience=2.0)
    exchange = Exchange(domain, units, trust, {"value": show}, pace=pace)
    line = while_connected(
        config.url, Path(config.creds), config.id, exchange.work, reconnected=exchange.trust_again, wait=0.1
    )
    online = asyncio.create_task(line)
    for number in range(config.changes):
        await domain.run(change, units, config, number)
    await online


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Config)))
