"""A member that says evil things on its own log, with its own credentials and its own key: its readers keep what was
true, and tell it. What it does anywhere else is refused by the hub (tests/sync/test_attacks.py).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from sync.bus import wire
from sync.bus.holder import ALARM_SECONDS, Holder
from sync.bus.streams import subject_of
from sync.contract.channels import log_of
from sync.log import Event, Head
from tenant_service.exchange.models import AlarmRow
from tests.federation.exchanges import Federation, alarmed, federation
from tests.sync.hubs import said
from tests.tenant_service.exchange.committees import CITY, COUNTY, PARTNER, SISTER, World
from tests.waiting import eventually

LOG = log_of(SISTER, "c")

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]


class Hostile:
    """SISTER has said two things about one record and one about another; then somebody evil took its place."""

    def __init__(self, fed: Federation, client: Client, pages: Sequence[Event], head: Head) -> None:
        self.fed, self.client, self.pages, self.head = fed, client, pages, head
        self.city = fed[CITY]
        self.true = self.city.shown()
        self.sign = wire.signer(fed.world.event[SISTER][-1])

    async def says(self, *events: Event) -> None:
        for each in events:
            headers = {"Proof": each.proof} if each.proof else None
            told = await self.client.request(subject_of(LOG), each.body, headers=headers, timeout=10)
            assert b'"seq"' in told.data, "the hub takes it: it is the member's own subject"

    async def is_told_as(self, code: str) -> None:
        await eventually(alarmed(self.fed, CITY, code), what=f"{code}, of {self.city.codes()}")
        assert self.city.shown() == self.true, "and what was true is still shown"


@asynccontextmanager
async def hostile(folder: Path) -> AsyncIterator[Hostile]:
    async with federation(folder, World(), SISTER, CITY, COUNTY) as fed:
        one, other = fed[SISTER].new_id(), fed[SISTER].new_id()
        for id, version in ((one, 1), (one, 2), (other, 1)):
            fed[SISTER].publish(id, version, ["c"])
        fed[COUNTY].publish(fed[COUNTY].new_id(), 1, ["c"])
        await fed.converged()
        pages, head = fed[SISTER].page("c"), fed[SISTER].head("c")
        await fed[SISTER].stop()
        yield Hostile(fed, await fed.hub.connect(SISTER), pages, head)


async def test_events_that_nobody_signed_are_not_applied(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        await evil.says(*(each._replace(proof="e30..AAAA") for each in said(LOG, 2, evil.head)))
        await eventually(lambda: behind(evil))
        assert evil.city.shown() == evil.true


async def behind(evil: Hostile) -> bool:
    return bool(evil.city.inbox.reading(LOG).stash or evil.city.inbox.reading(LOG).trouble)


async def test_events_signed_by_a_wrong_key_under_the_right_name_are_told_as_forged(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        [event] = said(LOG, 1, evil.head)
        [another] = said(LOG, 1, Head(evil.head.epoch, evil.head.seq, b"\1" * 32))
        await evil.says(event._replace(proof=evil.sign(LOG, another.head())))
        await evil.is_told_as("FORGED")


async def test_another_story_about_what_was_applied_is_told_as_a_fork(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        [event] = said(LOG, 1, Head(evil.head.epoch, evil.head.seq, b"\1" * 32))
        await evil.says(event._replace(proof=evil.sign(LOG, event.head())))
        await evil.is_told_as("FORKED")


async def test_anothers_signed_events_said_again_under_ones_own_subject_are_told_as_unreadable(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        await evil.says(*evil.fed[COUNTY].page("c"))
        await evil.is_told_as("UNREADABLE")


async def test_bytes_that_are_no_event_are_told_as_unreadable(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        await evil.says(Event("", 0, b"", b"\0\xff{" * 99), Event("", 0, b"", b"{}"))
        await evil.is_told_as("UNREADABLE")


async def test_ones_own_events_said_again_change_nothing(tmp_path: Path) -> None:
    """A replay leaves no alarm, because an owner that lost the hub's store says everything again, as it should."""
    async with hostile(tmp_path) as evil:
        before = evil.city.inbox.reading(LOG).head
        await evil.says(*evil.pages, *reversed(evil.pages))
        await eventually(lambda: fetched(evil))
        assert (evil.city.shown(), evil.city.inbox.reading(LOG).head) == (evil.true, before)
        assert evil.city.given_twice() == []


async def fetched(evil: Hostile) -> bool:
    return all(not each.behind.get(CITY) for each in await evil.fed.hub.controller.status())


async def test_who_asks_for_rows_that_are_not_its_is_refused_and_told_once_a_minute(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        line = await evil.fed.hub.line(SISTER)
        for log in (f"{COUNTY}/c", f"{COUNTY}/x_{PARTNER}", "\0" * 10_000, "a/b/c"):
            answer = await line.ask(CITY, wire.Ask(log))
            assert (answer.refused, answer.rows) == ("NOT_A_READER", [])
        await eventually(alarmed(evil.fed, CITY, "NOT_A_READER"))
        [row] = [row for row in evil.city.rows(AlarmRow) if row.code == "NOT_A_READER"]
        assert (row.log, row.times, f"{COUNTY}/c" in row.text) == (f"{SISTER}/o", 1, True)


async def test_after_a_minute_it_is_told_again_with_how_often_it_was_tried(tmp_path: Path) -> None:
    async with hostile(tmp_path) as evil:
        now, told = [0.0], list[tuple[str, str, str]]()
        city = evil.city
        holder = Holder(
            city.own, city.inbox, city.trust, city.domain.run, lambda _log, _head: None,
            alarm=lambda *alarm: told.append(alarm), clock=lambda: now[0],
        )  # fmt: skip
        for _ in range(5):
            await holder.answer(SISTER, wire.Ask(f"{COUNTY}/c"))
        now[0] += ALARM_SECONDS
        await holder.answer(SISTER, wire.Ask(f"{COUNTY}/p"))
        assert [text.rpartition("; ")[2] for _, _, text in told] == ["0 more before this", "4 more before this"]
