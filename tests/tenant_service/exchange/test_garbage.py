"""Bytes that are nothing, in any number: they cost whoever reads them as little as one would."""

import pytest

from sync.bus import wire
from sync.bus.pages import Pages
from sync.bus.ports import Delivered
from sync.bus.subscriber import Subscriber
from sync.log import STASH_BYTES, Event, Reading, follow
from tests.sync.test_relay import run
from tests.tenant_service.exchange.committees import COUNTY, Committee

LOG = f"{COUNTY}/c"


class Owner:
    """Answers with garbage, and publishes garbage."""

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        return wire.Answer(rows=[(b"", "")] * 1_000)

    async def fetch(self, count: int, wait: float) -> tuple[list[Delivered], object]:
        return [Delivered(LOG, b"", "")] * count, 1

    async def done(self, receipt: object) -> None: ...


@pytest.mark.asyncio
async def test_a_message_full_of_garbage_raises_one_alarm(city: Committee) -> None:
    """Each is a transaction on the thread that everything else waits for."""
    owner, told = Owner(), list[tuple[str, str]]()
    subscriber = Subscriber(city.inbox, owner, city.trust, run, lambda log, code, _text: told.append((log, code)))
    await subscriber.ask(LOG)
    assert told == [(LOG, "UNREADABLE")]
    await subscriber.pull(Pages(owner))
    assert told == [(LOG, "UNREADABLE")] * 2


def test_what_waits_ahead_of_a_gap_is_bounded_in_bytes() -> None:
    """The whole of it is loaded with each step."""
    ahead = [Event("000001-aaaa", seq, b"x" * 32, b"x" * 100_000) for seq in range(2, 2_002)]
    step = follow(Reading(LOG), ahead, lambda _log, _head: False)
    assert step.ask
    assert min(step.reading.stash) == ("000001-aaaa", 2), "the nearest stay"
    assert STASH_BYTES - 100_000 < sum(len(each.body) for each in step.reading.stash.values()) <= STASH_BYTES
