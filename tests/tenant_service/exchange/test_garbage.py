"""Bytes that are nothing, in any number: they cost whoever reads them as little as one would."""

import pytest

from sync.bus import wire
from sync.bus.pages import Pages
from sync.bus.ports import Delivered
from sync.bus.subscriber import Subscriber
from sync.log import STASH_BYTES, Event, Reading, follow
from tenant_service.exchange.watching import tailing
from tenant_service.exchange.watching.self_check import verified
from tests.sync.hubs import said
from tests.sync.test_relay import run
from tests.tenant_service.exchange.committees import COUNTY, SISTER, Committee

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


@pytest.mark.parametrize("depth", [50, 900, 990, 2_000])
def test_what_is_nested_without_end_keeps_no_neighbour_waiting(city: Committee, depth: int) -> None:
    """A county signs it, on its own log; another owner's event is on the same page. What the inbox cannot read of it is
    told of, and nothing that looks at what was kept breaks.
    """
    other, nested = f"{SISTER}/c", b"[" * depth + b"]" * depth
    [plain], [honest] = said(LOG, 1), said(other, 1)
    event = plain._replace(body=plain.body.replace(b'{"n":0}', b'{"n":' + nested + b"}"))
    assert nested in event.body
    city.inbox.entitle([LOG, other])
    page = [
        Delivered(log, each.body, city.world.trust(owner).sign(log, each.head()))
        for log, owner, each in ((LOG, COUNTY, event), (other, SISTER, honest))
    ]
    told: list[tuple[str, str]] = []
    subscriber = Subscriber(city.inbox, Owner(), city.trust, run, lambda log, code, _text: told.append((log, code)))
    subscriber._take_in(page, caught_up=True)
    assert city.inbox.reading(other).head.seq == 1
    is_taken = city.inbox.reading(LOG).head.seq == 1
    assert told == ([] if is_taken else [(LOG, "UNREADABLE")])
    assert is_taken or depth > 50
    assert not is_taken or depth < 2_000
    with city.units.read() as unit:
        assert [each.seq for each in tailing.last(unit.session, city.id, LOG, 5)] == [1] * is_taken
        verified(unit.session, city.trust)
    city.inbox.reproject()


def test_what_waits_ahead_of_a_gap_is_bounded_in_bytes() -> None:
    """The whole of it is loaded with each step."""
    ahead = [Event("000001-aaaa", seq, b"x" * 32, b"x" * 100_000) for seq in range(2, 2_002)]
    step = follow(Reading(LOG), ahead, lambda _log, _head: False)
    assert step.ask
    assert min(step.reading.stash) == ("000001-aaaa", 2), "the nearest stay"
    assert STASH_BYTES - 100_000 < sum(len(each.body) for each in step.reading.stash.values()) <= STASH_BYTES
