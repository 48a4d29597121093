"""What a newer directory says and does not count is told to people, once."""

from pathlib import Path

import msgspec
import pytest

from sync.contract.trust.directory import Directory, DirectoryAlarm
from tenant_service.exchange import alarms
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.places import JIASHAN, QINGPU, directory, trust


@pytest.mark.asyncio
async def test_what_does_not_count_is_an_alarm_once(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'jiashan.db'}")
    Row.metadata.create_all(engine)
    mine = trust(JIASHAN)
    units, domain = Units(engine, JIASHAN, ExchangeOutbox(mine)), Domain(engine)
    exchange = Exchange(domain, units, mine, {})
    twice = DirectoryAlarm(code="DEFINED_TWICE", id=QINGPU, registrars=["沪", "苏"])
    newer = Directory(msgspec.structs.replace(directory().contents, serial=2, alarms=[twice]))
    for _ in range(2):
        await exchange.learn(newer)
    with units.read() as unit:
        [told] = alarms.listed(unit.session)
    assert (told.log, told.code, told.times, "沪, 苏" in told.text) == (QINGPU, "DEFINED_TWICE", 1, True)
    domain.close()
