"""Rows of a log are given to those whom the directory entitles to them, and within a budget."""

import datetime as dt
from pathlib import Path

import pytest

from sync.bus.holder import Budget
from sync.bus.line import Line
from sync.bus.subscriber import Subscriber
from sync.bus.wire import Answer, Ask
from sync.contract.channels import log_of
from sync.log import Head
from tenant_service.exchange.models import ReadingRow
from tenant_service.storage.engine import Domain
from tests.federation.exchanges import Federation, Live, federation
from tests.tenant_service.exchange.committees import CITY, COUNTY, MECHANISM, PARTNER, PROVINCE, SISTER, World

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


async def line(fed: Federation, who: str) -> Line:
    return await fed.hub.line(who, 2.0)


async def test_nobody_gets_a_log_that_the_directory_does_not_entitle_it_to(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        fed[COUNTY].publish_all([fed[COUNTY].new_id() for _ in range(10)], 1, ["p", "c"])
        await fed.converged()
        sister, province = await line(fed, SISTER), await line(fed, PROVINCE)
        for holder in (COUNTY, CITY):
            refused = await sister.ask(holder, Ask(f"{COUNTY}/p"))
            assert (refused.refused, refused.rows, refused.head) == ("NOT_A_READER", [], None)
            given = await province.ask(holder, Ask(f"{COUNTY}/p"))
            assert len(given.rows) == 11
            assert (await province.ask(holder, Ask(f"{COUNTY}/c"))).refused == "NOT_A_READER"
        assert (await province.ask(CITY, Ask(f"{SISTER}/p"))).rows == []


async def test_the_owner_signs_where_its_log_ends(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        fed[COUNTY].publish(fed[COUNTY].new_id(), 1, ["c"])
        await fed.converged()
        answer = await (await line(fed, PROVINCE)).ask(COUNTY, Ask(f"{COUNTY}/p", room=0))
        assert answer.head is not None
        assert fed[CITY].trust.verify(f"{COUNTY}/p", answer.head)
        assert answer.head.seq == 0


async def test_a_reader_learns_nothing_from_an_answer_nobody_signed(tmp_path: Path) -> None:
    """Neither rows nor the end of a log: who answers in the owner's name cannot end a doubt."""

    async with federation(tmp_path, World(), COUNTY, PARTNER) as fed:
        partner, log = fed[PARTNER], log_of(COUNTY, MECHANISM)
        reader = Subscriber(partner.inbox, Liar(), partner.trust, partner.domain.run, partner.exchange.alarms)
        assert not await reader.ask(log)
        assert [row.told_epoch for row in partner.rows(ReadingRow) if row.told_epoch == FALSE.epoch] == []


FALSE = Head("000001-" + "0" * 16, 0, b"\0" * 32, "a..b")


class Liar:
    """Answers in anybody's name."""

    async def ask(self, holder: str, ask: Ask) -> Answer:
        return Answer(head=FALSE)


async def test_an_older_answer_handed_out_again_hides_nothing(tmp_path: Path) -> None:
    """Whoever carries the answers may keep them: then a log would seem complete that has gone on."""
    world = World()
    async with federation(tmp_path, world, COUNTY, PARTNER) as fed:
        county, partner, log = fed[COUNTY], fed[PARTNER], log_of(COUNTY, MECHANISM)
        county.publish(county.new_id(), 1, [MECHANISM])
        await fed.converged()
        await partner.stop()
        partner.domain = Domain(partner.engine)
        carrier = Carrier(await line(fed, PARTNER))
        reader = Subscriber(partner.inbox, carrier, partner.trust, partner.domain.run, partner.exchange.alarms)
        world.clock.on(minutes=1)
        await reader.ask(log)
        known_at = known(partner)
        assert known_at == world.clock()
        carrier.kept = carrier.last
        county.publish(county.new_id(), 1, [MECHANISM])
        world.clock.on(minutes=1)
        await reader.ask(log)
        assert known(partner) == known_at, "an answer to another ask proves nothing about now"
        carrier.kept = None
        assert await reader.ask(log)
        assert known(partner) == world.clock()
        partner.domain.close()


def known(partner: Live) -> dt.datetime | None:
    row: ReadingRow = next(row for row in partner.rows(ReadingRow) if row.log == log_of(COUNTY, MECHANISM))
    return row.known_at


class Carrier:
    """Carries asks and answers, and hands out `kept` instead where it has kept one."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.last: Answer | None = None
        self.kept: Answer | None = None

    async def ask(self, holder: str, ask: Ask) -> Answer:
        if self.kept is None:
            self.last = await self.line.ask(holder, ask)
        return self.kept or self.last or Answer()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_who_has_spent_its_budget_waits_and_others_do_not() -> None:
    clock = Clock()
    budget = Budget(each=600, together=10_000, clock=clock)
    budget.spend(CITY, 1_200)
    assert budget.wait(CITY) == pytest.approx(60)
    assert budget.wait(PROVINCE) == 0
    clock.now += 61
    assert budget.wait(CITY) == 0


async def test_all_together_have_a_budget_too() -> None:
    clock = Clock()
    budget = Budget(each=600, together=1_000, clock=clock)
    for who in (CITY, PROVINCE, SISTER):
        budget.spend(who, 500)
    assert budget.wait(PARTNER) == pytest.approx(30)
