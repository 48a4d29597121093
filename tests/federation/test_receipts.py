"""Whoever shares something comes to know that it arrived: over a real hub, whatever happens to it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.bus import receipts, wire
from tenant_service.exchange.models import ReceiptRow
from tenant_service.exchange.watching import confirmed
from tenant_service.exchange.watching.confirmed import ToldStatus
from tests.federation.exchanges import QUICK, Federation, Look, alarmed, federation
from tests.tenant_service.exchange.committees import CITY, COUNTY, PROVINCE, SISTER, World
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]

TELLS = replace(QUICK, receipt=0.2)


def told(fed: Federation, channel: str) -> ToldStatus:
    county = fed[COUNTY]
    with county.units.read() as unit:
        found = confirmed.told(unit.session, COUNTY, county.trust.directory)
    return next(each for each in found if each.channel == channel)


def whole(fed: Federation, channel: str) -> Look:
    async def look() -> bool:
        return told(fed, channel).is_whole

    return look


async def test_an_owner_sees_when_everybody_has_everything_and_who_has_not(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, pace=TELLS) as fed:
        county = fed[COUNTY]
        county.publish_all([county.new_id() for _ in range(20)], 1, ["c", "p"])
        await eventually(whole(fed, "c"), what="the city has confirmed")
        narrow = told(fed, "p")
        assert [(each.committee_id, each.seq, each.behind) for each in narrow.readers][1:] == [(PROVINCE, 0, 21)]
        assert narrow.readers[1].as_of is None
        await fed.add(PROVINCE)
        await eventually(whole(fed, "p"), what="the province has confirmed as well")
        for row in county.rows(ReceiptRow):
            receipts.opened(row.proof, row.reader, COUNTY, county.trust.directory)


async def test_what_is_said_while_a_reader_is_away_is_confirmed_when_it_is_back(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, pace=TELLS) as fed:
        county, city = fed[COUNTY], fed[CITY]
        county.publish(county.new_id(), 1, ["c"])
        await eventually(whole(fed, "c"))
        await city.stop()
        county.publish(county.new_id(), 1, ["c"])

        async def at_the_hub() -> bool:
            return told(fed, "c").hub_seq == 3

        await eventually(at_the_hub, what="the hub holds it")
        [reader] = told(fed, "c").readers
        assert (reader.seq, reader.behind) == (2, 1)
        await city.start()
        await eventually(whole(fed, "c"), what="the city has confirmed it")


async def test_a_hub_that_lost_everything_is_seen_to_hold_nothing_until_it_is_filled(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, pace=TELLS) as fed:
        fed[COUNTY].publish(fed[COUNTY].new_id(), 1, ["c"])
        await eventually(whole(fed, "c"))
        await fed.lose_hub()
        before = told(fed, "c").hub_as_of
        fed.world.clock.on(hours=1)

        async def seen_anew() -> bool:
            now = told(fed, "c")
            return now.is_whole and now.hub_as_of is not None and before is not None and now.hub_as_of > before

        await eventually(seen_anew)


async def test_a_receipt_finds_a_restored_owner_though_nobody_asks_it_and_the_hub_knows_nothing(tmp_path: Path) -> None:
    """The witness is the reader's own verified head."""
    deaf = replace(TELLS, check=1e9, first=1e9)
    async with federation(tmp_path, World(), COUNTY, CITY, pace=deaf) as fed:
        county, city = fed[COUNTY], fed[CITY]
        county.publish(county.new_id(), 1, ["o"])
        backup = county.backup()
        county.publish_all([county.new_id(), county.new_id()], 1, ["c"])
        await eventually(whole(fed, "c"))
        await city.stop()
        await county.stop()
        county.restore(backup)
        await fed.lose_hub()
        await county.start()
        await city.start()

        await eventually(alarmed(fed, COUNTY, "RESTORED"), what="the county knows that its database is a backup")


async def test_nobody_confirms_in_anothers_name(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, SISTER, pace=TELLS) as fed:
        county, city, sister = fed[COUNTY], fed[CITY], fed[SISTER]
        county.publish(county.new_id(), 1, ["c"])
        await eventually(whole(fed, "c"))
        county.publish(county.new_id(), 1, ["c"])
        await fed.converged(CITY)
        mine = receipts.signed(CITY, COUNTY, city.inbox.heads(), 0, city.trust.event)
        assert sister.exchange._line
        assert (await sister.exchange._line.tell(COUNTY, wire.Receipt(mine))).refused == "NOT_SIGNED"
        assert county.exchange.refused["NOT_SIGNED"] == 1
        assert {row.reader for row in county.rows(ReceiptRow)} <= {CITY, SISTER}
        assert SISTER not in {row.reader for row in county.rows(ReceiptRow) if row.channel == "c"}
