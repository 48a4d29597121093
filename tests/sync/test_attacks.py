"""A member with good credentials and bad intentions: what the hub does not let it do, and what has no effect."""

from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.aio.msg import Msg

from sync.bus import wire
from sync.bus.line import Line
from sync.bus.ports import Unreachable
from sync.bus.streams import question_of
from tests.sync.hubs import CITY, COUNTY, DELTA, GATEWAY, PARTNER, PROVINCE, SISTER, Hub, refused, running_hub, said

LOG = f"{COUNTY}/c"
MECHANISM = f"m_{DELTA.rpartition('.')[2]}"
NEXT, ACK, HEAD = "$JS.API.CONSUMER.MSG.NEXT", "$JS.ACK", "$JS.API.DIRECT.GET"
OWN = "sh.33.01.02."
PULL = b'{"batch":10,"expires":300000000}'

pytestmark = pytest.mark.asyncio

REPLIES = [
    "$JS.API.STREAM.DELETE.SH_33",
    "$JS.API.STREAM.PURGE.SH_33",
    "$JS.API.STREAM.DELETE.SH_31",
    f"$JS.API.CONSUMER.DELETE.SH_33.{CITY}",
    f"$JS.API.CONSUMER.CREATE.SH_33.{SISTER}",
    "sh.33.01.10.c",
    f"{ACK}.SH_33.{CITY}.1.3.3.1.0",
    f"{NEXT}.SH_33.{CITY}",
    f"rpc.{COUNTY}.graphql",
    f"log.{COUNTY}.{CITY}",
    "$SYS.REQ.CLAIMS.UPDATE",
]
"""Named by SISTER as the reply subject of whatever it may legally ask."""


async def legally_asked(client: Client, reply: str) -> None:
    """Each request that SISTER may make, with an answer sent to `reply`."""
    start = {"Nats-Batch-Id": f"b{abs(hash(reply))}", "Nats-Batch-Sequence": "1"}
    await client.publish("sh.33.01.02.c", b"x", reply=reply, headers=start)
    await client.publish("sh.33.01.02.c", b"x", reply=reply)
    await client.publish(f"{NEXT}.SH_33.{SISTER}", PULL, reply=reply)
    await client.publish(f"{HEAD}.SH_33.sh.33.01.02.c", b"", reply=reply)
    await client.publish(f"{ACK}.SH_33.{SISTER}.1.1.1.1.0", b"", reply=reply)
    await client.publish(question_of(CITY, SISTER), b"x", reply=reply)
    await client.publish("directory", b"", reply=reply)
    await client.flush()


async def settled(hub: Hub, client: Client) -> dict[str, tuple[int, dict[str, int]]]:
    """The hub's state after everything that `client` (of SISTER) has sent so far was worked off."""
    impossible = {"Nats-Expected-Last-Subject-Sequence": "999999"}  # answered in its turn, and stores nothing
    told = await client.request("sh.33.01.02.p", b"", headers=impossible, timeout=10)
    assert b"wrong last sequence" in told.data
    return await hub.state()


async def test_no_reply_subject_leads_to_what_is_not_ones_own(hub: Hub) -> None:
    await (await hub.line(COUNTY)).publish(LOG, said(LOG, 3), 0)
    seen: list[str] = []

    async def note(message: Msg) -> None:
        seen.append(message.subject)

    for id, subjects in {COUNTY: (f"rpc.{COUNTY}.>", f"log.{COUNTY}.*", "sh.>"), CITY: ("sh.>", "_INBOX.>")}.items():
        other = await hub.connect(id)
        for subject in subjects:
            await other.subscribe(subject, cb=note)
        await other.flush()
    client = await hub.connect(SISTER)
    before = await settled(hub, client)
    for reply in REPLIES:
        await legally_asked(client, reply)
    after = await settled(hub, client)
    assert {stream: consumers for stream, (_, consumers) in after.items()} == {
        stream: consumers for stream, (_, consumers) in before.items()
    }, "no consumer is gone or has moved"
    county = await hub.line(COUNTY)
    assert (await county.last(LOG))[0] == 3, "nothing lies on another's log"
    own = after["SH_33"][0] - before["SH_33"][0]
    assert own == len(REPLIES) - 1, "only what it said itself, on its own log; a reply to $JS.ACK is refused outright"
    assert not seen
    assert await hub.controller.plan() == []


async def test_no_service_import_takes_an_answer_of_the_hub_for_a_question(hub: Hub) -> None:
    """The answers arrive where the asker said, in its own account; from there they reach only whom it may ask."""
    asked: list[bytes] = []

    async def note(message: Msg) -> None:
        asked.append(message.data)

    city = await hub.connect(CITY)
    await city.subscribe(f"log.{CITY}.*", cb=note)
    await city.flush()
    client = await hub.connect(SISTER)
    await client.publish("directory", reply=question_of(CITY, PARTNER))
    await client.flush()
    await settled(hub, client)
    assert not asked, "and in no other's name"


DIRECT = [
    ("sh.33.01.10.c", b"forged"),
    ("sh.31.01.18.c", b"forged"),
    (f"{NEXT}.SH_33.{CITY}", PULL),
    (f"{NEXT}.SH_33.{CITY}_boot", PULL),
    (f"{NEXT}.SH_31.{SISTER}", PULL),
    (f"{HEAD}.SH_33.sh.33.01.10.c", b""),
    (f"{HEAD}.SH_33", b'{"seq":1}'),
    ("$JS.API.STREAM.MSG.GET.SH_33", b'{"seq":1}'),
    ("$JS.API.STREAM.INFO.SH_33", b""),
    ("$JS.API.STREAM.NAMES", b""),
    ("$JS.API.STREAM.DELETE.SH_33", b""),
    ("$JS.API.STREAM.PURGE.SH_33", b""),
    ("$JS.API.STREAM.MSG.DELETE.SH_33", b'{"seq":1}'),
    ("$JS.API.STREAM.CREATE.MINE", b'{"name":"MINE","subjects":["sh.>"]}'),
    ("$JS.API.STREAM.UPDATE.SH_33", b'{"name":"SH_33","subjects":["x"]}'),
    ("$JS.API.CONSUMER.CREATE.SH_33", b'{"stream_name":"SH_33","config":{"ack_policy":"none"}}'),
    (
        f"$JS.API.CONSUMER.CREATE.SH_33.{SISTER}",
        b'{"stream_name":"SH_33","config":{"durable_name":"330102","ack_policy":"all","filter_subject":"sh.33.01.10.c"}}',
    ),
    (f"$JS.API.CONSUMER.DELETE.SH_33.{CITY}", b""),
    (f"$JS.API.CONSUMER.INFO.SH_33.{CITY}", b""),
    (f"$JS.API.CONSUMER.PAUSE.SH_33.{CITY}", b'{"pause_until":"2099-01-01T00:00:00Z"}'),
    (f"{ACK}.SH_33.{CITY}.1.3.3.1.0", b""),
    (f"{ACK}.SH_33.{CITY}.1.3.3.1.0", b"+TERM"),
    (f"rpc.{COUNTY}.graphql", b"{}"),
    (f"log.{COUNTY}.{CITY}", b""),
    (f"log.{CITY}.{COUNTY}", b""),
    ("$SYS.REQ.CLAIMS.LIST", b""),
    ("$SYS.REQ.SERVER.PING", b""),
    ("$SYS.ACCOUNT.x.CONNECT", b""),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hub]:
    """One hub for all of the following, on which COUNTY has said something."""
    async with running_hub(tmp_path_factory.mktemp("hub")) as running:
        await (await running.line(COUNTY)).publish(LOG, said(LOG, 3), 0)
        yield running


@pytest.mark.parametrize(("subject", "body"), DIRECT, ids=[f"{subject}-{body[:12]!r}" for subject, body in DIRECT])
@pytest.mark.asyncio(loop_scope="module")
async def test_there_is_nobody_for_a_committee_where_it_has_no_business(shared: Hub, subject: str, body: bytes) -> None:
    client = await shared.connect(SISTER)
    before = await settled(shared, client)
    assert before["SH_33"][0] > 0
    assert await refused(client, subject, body)
    assert await settled(shared, client) == before


async def test_a_committee_cannot_push_accounts(hub: Hub) -> None:
    """Neither to the server nor under the operator's subject: the system account is another."""
    client = await hub.connect(SISTER)
    key = hub.server.place.keys().account(SISTER)
    assert key is not None
    for subject in ("$SYS.REQ.CLAIMS.UPDATE", f"$SYS.REQ.ACCOUNT.{key.public}.CLAIMS.UPDATE", "$SYS.REQ.CLAIMS.DELETE"):
        assert await refused(client, subject, b"anything")
    assert await hub.controller.plan() == []


async def test_what_others_say_cannot_be_overheard(hub: Hub) -> None:
    heard: list[str] = []

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    for id in (SISTER, PARTNER, GATEWAY):
        spy = await hub.connect(id)
        await spy.subscribe(">", cb=note)
        await spy.flush()
    county, city = await hub.line(COUNTY), await hub.line(CITY)

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        return wire.Answer()

    await county.serve(answer)
    await county.publish(LOG, said(LOG, 2), 0)
    page, receipt = await city.source("SH_33", CITY).fetch(10, 5)
    assert len(page) == 2
    await city.source("SH_33", CITY).done(receipt)
    await city.ask(COUNTY, wire.Ask(LOG))
    await settled(hub, await hub.connect(SISTER))
    assert [each for each in heard if not each.startswith(("_INBOX.", OWN))] == []


async def test_a_gateway_can_ask_questions_and_nothing_else(hub: Hub) -> None:
    gateway = await hub.connect(GATEWAY)
    before = await hub.state()
    for subject in (
        "sh.33.01.10.c", f"{NEXT}.SH_33.{CITY}", f"{HEAD}.SH_33.sh.33.01.10.c", f"log.{COUNTY}.{CITY}",
        "$JS.API.STREAM.NAMES", "$JS.API.STREAM.DELETE.SH_33",
    ):  # fmt: skip
        assert await refused(gateway, subject, b"{}", within=0.3)
    assert await hub.state() == before


async def test_a_reader_acknowledges_for_itself_alone(hub: Hub) -> None:
    await (await hub.line(COUNTY)).publish(f"{COUNTY}/p", said(f"{COUNTY}/p", 3), 0)
    city = (await hub.line(CITY)).source("SH_33", CITY)
    page, receipt = await city.fetch(10, 5)
    await city.done(receipt)
    await settled(hub, await hub.connect(SISTER))
    floors = (await hub.state())["SH_33"][1]
    assert (len(page), floors[CITY], floors[PROVINCE]) == (3, 3, 0)


async def test_batches_left_open_keep_nobody_from_publishing(hub: Hub) -> None:
    client, other = await hub.connect(SISTER), await hub.line(COUNTY, wait=20)
    for number in range(60):
        start = {"Nats-Batch-Id": f"open{number}", "Nats-Batch-Sequence": "1"}
        await client.publish("sh.33.01.02.c", b"x", headers=start)
    await client.flush()
    assert await other.publish(LOG, said(LOG, 20), 0) == 20


async def test_a_flood_pushes_out_only_the_flooders_own(hub: Hub) -> None:
    """Limits are per log; here the flooder's own is filled by a smaller limit than the real one."""
    jetstream = hub.controller._jetstream
    config = (await jetstream.stream_info("SH_33")).config
    await jetstream.update_stream(replace(config, max_msgs_per_subject=50))
    county, flooder = await hub.line(COUNTY), await hub.line(SISTER)
    await county.publish(LOG, said(LOG, 3), 0)
    placed = await flooder.publish(f"{SISTER}/c", said(f"{SISTER}/c", 200), 0)
    assert placed == 203
    assert await hub.stored("SH_33") == 3 + 50
    assert (await county.last(LOG))[0] == 3
    changed = [str(each) for each in await hub.controller.plan()]
    assert len(changed) == 1, "and the controller sets the limit right again"
    assert changed[0].startswith("update stream SH_33")


async def test_a_message_over_the_cap_is_not_stored(hub: Hub) -> None:
    line = await hub.line(COUNTY)
    [event] = said(LOG, 1)
    with pytest.raises(Unreachable):
        await line.publish(LOG, [event._replace(body=event.body + b" " * 200_000)], 0)
    assert await line.last(LOG) == (0, None)


async def test_asks_carry_the_askers_own_name_whatever_it_writes(hub: Hub) -> None:
    askers: list[str] = []

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        askers.append(asker)
        return wire.Answer()

    await (await hub.line(COUNTY)).serve(answer)
    client = await hub.connect(SISTER)
    ask = wire.pack(wire.Ask(LOG))
    for name in (CITY, COUNTY, f"{SISTER}.{CITY}", "*", ">"):
        assert await refused(client, f"log.{COUNTY}.{name}", ask)
    await Line(client, SISTER).ask(COUNTY, wire.Ask(LOG))
    assert askers == [SISTER]


async def test_bytes_that_are_no_ask_are_left_unanswered_and_the_next_is_answered(hub: Hub) -> None:
    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        return wire.Answer(refused="NOT_A_READER")

    await (await hub.line(COUNTY)).serve(answer)
    client = await hub.connect(SISTER)
    for bad in (b"", b"\xc1", msgspec.msgpack.encode(["x"] * 9)):
        await refused(client, question_of(COUNTY, SISTER), bad, within=0.1)
    assert (await Line(client, SISTER).ask(COUNTY, wire.Ask(LOG))).refused == "NOT_A_READER"
