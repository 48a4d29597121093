"""What a committee says reaches those who may read it, whole and in order, through the real hub."""

import asyncio
from pathlib import Path

import pytest

from sync.bus import wire
from sync.bus.line import Line
from sync.bus.ports import Absent, Delivered, Moved, Publisher, Source, Unreachable
from sync.bus.source import PullSource
from sync.log import Event, Head
from tests.sync.hubs import CITY, COUNTY, DELTA, PARTNER, PROVINCE, SISTER, Hub, running_hub, said
from tests.waiting import eventually

LOG = f"{COUNTY}/c"
MECHANISM = f"m_{DELTA.rpartition('.')[2]}"

pytestmark = pytest.mark.asyncio


async def all_of(source: PullSource, count: int) -> list[Delivered]:
    found: list[Delivered] = []
    while len(found) < count:
        page, receipt = await source.fetch(500, 5)
        assert page, f"only {len(found)} of {count} came"
        found += page
        await source.done(receipt)
    return found


async def test_a_page_is_stored_as_one_batch_and_read_by_those_entitled(hub: Hub) -> None:
    line, reader = await hub.line(COUNTY), await hub.line(CITY)
    events = said(LOG, 400)
    events[-1] = events[-1]._replace(proof="signed")
    assert await line.last(LOG) == (0, None)
    assert await line.publish(LOG, events, 0) == 400
    assert await line.last(LOG) == (400, events[-1])
    source = reader.source("SH_33", CITY)
    assert await all_of(source, 400) == [Delivered(LOG, each.body, each.proof) for each in events]
    assert source.pending == 0


async def test_a_page_after_another_than_the_last_message_is_not_stored(hub: Hub) -> None:
    line = await hub.line(COUNTY)
    events = said(LOG, 10)
    for count in (3, 1):
        with pytest.raises(Moved):
            await line.publish(LOG, events[:count], 7)
    placed = await line.publish(LOG, events[:3], 0)
    for count in (3, 1):
        with pytest.raises(Moved):
            await line.publish(LOG, events[3 : 3 + count], 0)
    assert await line.publish(LOG, events[3:4], placed) == 4
    assert await hub.stored("SH_33") == 4


async def test_places_on_one_subject_are_compared_whatever_others_say(hub: Hub) -> None:
    line, other = await hub.line(COUNTY), await hub.line(SISTER)
    assert await line.publish(LOG, said(LOG, 3), 0) == 3
    assert await other.publish(f"{SISTER}/c", said(f"{SISTER}/c", 5), 0) == 8
    assert await line.publish(LOG, said(LOG, 2, said(LOG, 3)[-1].head()), 3) == 10


async def test_rows_go_one_by_one_where_the_hub_takes_no_more_batches(tmp_path: Path) -> None:
    async with running_hub(tmp_path, most_open_batches=3) as hub:
        line, client = await hub.line(COUNTY), await hub.connect(COUNTY)
        for number in range(3):  # left open: they fill what the province may have under way
            start = {"Nats-Batch-Id": f"b{number}", "Nats-Batch-Sequence": "1"}
            await client.request("sh.33.01.10.p", b"x", headers=start, timeout=5)
        placed = await line.publish(LOG, said(LOG, 5), 0)
        assert (placed, await hub.stored("SH_33")) == (5, 5)
        with pytest.raises(Moved):
            await line.publish(LOG, said(LOG, 5), 3)
        assert await hub.stored("SH_33") == 5


async def test_what_is_not_an_event_of_the_log_is_a_strangers(hub: Hub) -> None:
    client, line = await hub.connect(COUNTY), await hub.line(COUNTY)
    await client.request("sh.33.01.10.c", b"no envelope", timeout=2)
    at, event = await line.last(LOG)
    assert at == 1
    assert event is not None
    assert (event.epoch, event.proof) == (wire.UNREADABLE, "")


async def test_a_channel_that_the_directory_does_not_give_has_nobody_there(hub: Hub) -> None:
    line = await hub.line(SISTER)
    with pytest.raises(Absent):
        await line.publish(f"{SISTER}/{MECHANISM}", said(f"{SISTER}/{MECHANISM}", 1), 0)


async def test_partners_in_two_provinces_read_each_others_mechanism_and_nobody_else_does(hub: Hub) -> None:
    line, partner = await hub.line(COUNTY), await hub.line(PARTNER)
    log = f"{COUNTY}/{MECHANISM}"
    await line.publish(log, said(log, 2), 0)
    assert [each.log for each in await all_of(partner.source("SH_33", PARTNER), 2)] == [log] * 2
    for other in (CITY, PROVINCE, SISTER):
        page, receipt = await (await hub.line(other)).source("SH_33", other).fetch(10, 0.3)
        assert (page, receipt) == ([], None)


async def test_what_was_not_acknowledged_comes_again_to_the_next_process(hub: Hub) -> None:
    await (await hub.line(COUNTY)).publish(LOG, said(LOG, 20), 0)
    source = (await hub.line(CITY)).source("SH_33", CITY)
    first, receipt = await source.fetch(8, 5)
    assert len(first) == 8
    await source.done(receipt)
    await source.fetch(8, 5)
    await source.close()
    floor = (await hub.state())["SH_33"][1][CITY]
    assert floor == 8


async def test_an_event_arrives_while_a_reader_waits_for_it(hub: Hub) -> None:
    line, reader = await hub.line(COUNTY), await hub.line(CITY)
    source = reader.source("SH_33", CITY)
    assert await source.fetch(500, 0.2) == ([], None)
    head: Head | None = None
    for at in range(20):
        event = said(LOG, 1, head)[0]
        await line.publish(LOG, [event], at)
        page, receipt = await source.fetch(500, 30)  # would time the test out if it waited for a full page
        assert [each.body for each in page] == [event.body]
        await source.done(receipt)
        head = event.head()


@pytest.mark.parametrize("status", ["503", "409", "404", "408", "100"])
async def test_an_event_with_headers_like_the_servers_own_is_delivered_like_any_other(hub: Hub, status: str) -> None:
    client, line = await hub.connect(SISTER), await hub.line(COUNTY)
    source = (await hub.line(CITY)).source("SH_33", CITY)
    await client.request("sh.33.01.02.c", b"", headers={"Status": status, "Description": "x"}, timeout=5)
    await line.publish(LOG, said(LOG, 2), 0)
    found = await all_of(source, 3)
    assert [each.log for each in found] == [f"{SISTER}/c", LOG, LOG]


async def test_reading_goes_on_after_the_hub_was_restarted(hub: Hub) -> None:
    line, reader = await hub.line(COUNTY), await hub.line(CITY)
    source = reader.source("SH_33", CITY)
    events = said(LOG, 4)
    await line.publish(LOG, events[:2], 0)
    await all_of(source, 2)
    hub.server.kill()
    assert await eventually(lambda: cut(line))
    await hub.server.start()
    assert await eventually(lambda: published(line, events[2:], 2)) == 4
    found = [each.body for each in await eventually(lambda: fetched(source))]
    assert found[-2:] == [each.body for each in events[2:]], "after what the hub forgot was acknowledged"


async def test_who_waits_while_the_hub_restarts_is_given_the_next_message_at_once(hub: Hub) -> None:
    """What was asked of the old server is asked of nobody; without a word of it the whole wait would pass."""
    line, reader = await hub.line(COUNTY), await hub.connect(CITY)
    source = Line(reader, CITY).source("SH_33", CITY)
    waiting = asyncio.create_task(source.fetch(10, 100))
    await eventually(lambda: is_asked(source))
    hub.server.kill()
    await eventually(lambda: cut(line))
    await hub.server.start()

    async def is_back() -> bool:
        return reader.is_connected and reader.stats["reconnects"] > 0

    await eventually(is_back)
    source.look_again()
    assert await eventually(lambda: published(line, said(LOG, 1), 0)) == 1
    page, _ = await asyncio.wait_for(waiting, 80)
    assert len(page) == 1


async def is_asked(source: PullSource) -> bool:
    return source._open > 0


async def cut(line: Line) -> bool:
    try:
        await line.last(LOG)
    except Unreachable:
        return True
    return False


async def published(line: Line, events: list[Event], expect: int) -> int:
    try:
        return await line.publish(LOG, events, expect)
    except Unreachable:
        return 0


async def fetched(source: PullSource) -> list[Delivered]:
    try:
        return (await source.fetch(10, 1))[0]
    except Unreachable:
        return []


async def test_a_consumer_that_is_not_there_is_known_at_once(hub: Hub) -> None:
    source = (await hub.line(CITY)).source("SH_33", f"{CITY}_boot")
    with pytest.raises(Absent):
        await source.fetch(10, 30)


async def test_holders_learn_from_the_hub_who_asks(hub: Hub) -> None:
    owner, reader = await hub.line(COUNTY), await hub.line(CITY)
    asked: list[tuple[str, wire.Ask]] = []
    head = said(LOG, 3)[-1].head()

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        asked.append((asker, ask))
        return wire.Answer(head, [(b"body", "proof")])

    with pytest.raises(Absent):
        await reader.ask(COUNTY, wire.Ask(LOG))
    await owner.serve(answer)
    told = await reader.ask(COUNTY, wire.Ask(LOG, head, upto=9))
    assert told == wire.Answer(head, [(b"body", "proof")])
    assert asked == [(CITY, wire.Ask(LOG, head, upto=9))]


async def test_a_holder_that_breaks_or_keeps_silent_is_unreachable(hub: Hub) -> None:
    owner, reader = await hub.line(COUNTY), await hub.line(CITY, wait=0.3)

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer | None:
        if ask.room:
            raise ZeroDivisionError
        return None

    await owner.serve(answer)
    for room in (0, 1):
        with pytest.raises(Unreachable):
            await reader.ask(COUNTY, wire.Ask(LOG, room=room))


async def test_the_real_line_has_the_shape_that_relay_and_subscriber_know(hub: Hub) -> None:
    line = await hub.line(COUNTY)
    publisher: Publisher = line
    source: Source = line.source("SH_33", COUNTY)
    assert (await publisher.last(LOG), await source.fetch(1, 0.1)) == ((0, None), ([], None))
