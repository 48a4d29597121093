"""The hub forgets what an owner had erased: those events of that owner, and nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from nats.js.errors import NotFoundError

from sync.bus import wire
from sync.bus.line import Line
from sync.bus.ports import Unreachable
from sync.bus.streams import erasure_of, subject_of
from sync.contract.channels import log_of
from sync.log import Event, Head
from tests.sync.hubs import COUNTY, EPOCH, SISTER, Hub, refused, running_hub, said

pytestmark = pytest.mark.asyncio

LOG, STREAM = log_of(COUNTY, "p"), "SH_33"


@pytest_asyncio.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with running_hub(tmp_path) as running:
        yield running


async def publish(line: Line, log: str, events: list[Event], expect: int = 0) -> int:
    for start in range(0, len(events), 100):
        expect = await line.publish(log, events[start : start + 100], expect)
    return expect


async def kept(hub: Hub, log: str) -> list[tuple[str, int]]:
    """Epoch and seq of every event of a log that the hub still has; ("", 0) for what is none."""
    found = []
    info = await hub.controller.jetstream.stream_info(STREAM, subjects_filter=subject_of(log))
    for at in range(1, info.state.last_seq + 1):
        try:
            message = await hub.controller.jetstream.get_msg(STREAM, at)
        except NotFoundError:  # it was dropped
            continue
        if message.subject == subject_of(log):
            try:
                event = wire.event(message.data or b"")
                found.append((event.epoch, event.seq))
            except wire.Unreadable:
                found.append(("", 0))
    return found


async def test_exactly_the_named_places_are_dropped(hub: Hub) -> None:
    mine, other = await hub.line(COUNTY), await hub.line(SISTER)
    events = said(LOG, 40)
    await publish(mine, LOG, events[:25])
    await publish(other, log_of(SISTER, "p"), said(log_of(SISTER, "p"), 40))
    await publish(mine, log_of(COUNTY, "c"), said(log_of(COUNTY, "c"), 10))
    place, _ = await mine.last(LOG)
    await publish(mine, LOG, events[25:], place)
    assert await mine.erase(wire.Erase("p", EPOCH, [1, 7, 8, 30, 40, 41, 7])) == 5
    assert await kept(hub, LOG) == [(EPOCH, seq) for seq in range(1, 41) if seq not in (1, 7, 8, 30, 40)]
    assert len(await kept(hub, log_of(SISTER, "p"))) == 40
    assert len(await kept(hub, log_of(COUNTY, "c"))) == 10
    assert await mine.erase(wire.Erase("p", EPOCH, [1, 7, 8, 30, 40])) == 0, "asked again, nothing is left to drop"
    assert await mine.erase(wire.Erase("p", "000002-aaaa", [2])) == 0, "not of this epoch"


async def test_garbage_and_repetitions_between_the_events_hide_none(hub: Hub) -> None:
    mine, raw = await hub.line(COUNTY), await hub.connect(COUNTY)
    events = said(LOG, 6)
    for at, event in enumerate(events):
        await raw.request(subject_of(LOG), b"garbage" if at % 2 else b"{}", timeout=2)
        await raw.request(subject_of(LOG), event.body, timeout=2)
    await raw.request(subject_of(LOG), events[-1].body, timeout=2)
    assert await mine.erase(wire.Erase("p", EPOCH, [2, 6])) == 3
    assert [each for each in await kept(hub, LOG) if each[1]] == [(EPOCH, seq) for seq in (1, 3, 4, 5)]


async def test_a_hole_on_the_stream_says_nothing_and_stays(hub: Hub) -> None:
    mine, [first, second] = await hub.line(COUNTY), said(LOG, 2)
    left = wire.hole(LOG, first.head()._replace(proof="gone"), first.prev)
    await mine.publish(LOG, [left, second], 0)
    assert await mine.erase(wire.Erase("p", EPOCH, [1])) == 0
    assert await kept(hub, LOG) == [(EPOCH, 1), (EPOCH, 2)]
    _, last = await mine.last(LOG)
    assert last is not None
    assert last.head() == Head(EPOCH, 2, second.head().chain)


async def test_nobody_has_anothers_events_forgotten(hub: Hub) -> None:
    mine, other = await hub.line(COUNTY), await hub.connect(SISTER)
    await publish(mine, LOG, said(LOG, 3))
    erase = wire.pack(wire.Erase("p", EPOCH, [1, 2, 3]))
    assert await refused(other, erasure_of(COUNTY), erase)
    assert await refused(other, f"erase.{COUNTY}.{SISTER}", erase)
    told = wire.read_erased((await other.request(erasure_of(SISTER), erase, timeout=5)).data)
    assert told.dropped == 0, "asked in its own name, its own log is meant"
    assert len(await kept(hub, LOG)) == 3


async def test_what_cannot_be_read_is_not_answered_and_the_next_is(hub: Hub) -> None:
    mine, raw = await hub.line(COUNTY), await hub.connect(COUNTY)
    await publish(mine, LOG, said(LOG, 3))
    assert await refused(raw, erasure_of(COUNTY), b"\xc1")
    assert await refused(raw, erasure_of(COUNTY), wire.pack(wire.Erase("p", EPOCH, list(range(600)))))
    told = await raw.request(erasure_of(COUNTY), wire.pack(wire.Erase("$JS.>", EPOCH, [1])), timeout=5)
    assert wire.read_erased(told.data).dropped == 0
    assert await mine.erase(wire.Erase("p", EPOCH, [2])) == 1


async def test_a_request_that_leads_through_too_much_garbage_is_given_up(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.hub.erasing._MOST_LOOKS", 30)
    mine, raw = await hub.line(COUNTY, wait=1.0), await hub.connect(COUNTY)
    await publish(mine, LOG, said(LOG, 1))
    for _ in range(60):
        await raw.request(subject_of(LOG), b"garbage", timeout=2)
    with pytest.raises(Unreachable):
        await mine.erase(wire.Erase("p", EPOCH, [1]))
    monkeypatch.setattr("sync.hub.erasing._MOST_LOOKS", 1_000)
    assert await mine.erase(wire.Erase("p", EPOCH, [1])) == 1
