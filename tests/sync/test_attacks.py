"""A member with good credentials and bad intentions: what it tries is refused or has no effect, and is written down.

Each test is one thing that must not be possible, tried by SISTER's own credentials through a plain client with every
reply subject of `attackers.REPLIES`. Afterwards the hub is what it was, and the watch tells of SISTER. What only takes
up room is in test_floods.py; what a member says on its own log is judged by its readers, in
tests/federation/test_hostile_member.py.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from nats.aio.msg import Msg

from sync.bus import wire
from sync.bus.line import Line
from sync.bus.streams import asked_of, directory_of, question_of
from sync.hub.sightings import Kind
from tests.sync import attackers
from tests.sync.attackers import HEAD, LEGAL, NEXT, OWN, QUIET, REPLIES, RESERVED, Attacker, everything
from tests.sync.hubs import CITY, COUNTY, GATEWAY, PARTNER, PROVINCE, SISTER, Hub, refused, said
from tests.sync.watched import watched_hub

LOG = f"{COUNTY}/c"

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def attacker(tmp_path: Path) -> AsyncIterator[Attacker]:
    """SISTER on a hub where COUNTY has said three things, which CITY and PROVINCE have fetched in part."""
    async with watched_hub(tmp_path) as watched:
        hub = watched.hub
        await (await hub.line(COUNTY)).publish(LOG, said(LOG, 3), 0)
        city = (await hub.line(CITY)).source("SH_33", CITY)
        await city.done((await city.fetch(2, 5))[1])
        await city.close()
        yield await Attacker(watched, await hub.connect(SISTER)).start()


# ── everything that is refused ──


async def test_it_cannot_publish_as_another(attacker: Attacker) -> None:
    times = await attacker.sends(attackers.PUBLISHING_AS_ANOTHER)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


async def test_it_cannot_read_anothers_channel(attacker: Attacker) -> None:
    heard: list[str] = []

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    await attacker.client.subscribe("_INBOX.>", cb=note)
    times = await attacker.sends(attackers.READING_ANOTHERS_CHANNEL)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)
    assert all(subject.startswith("_INBOX.") and "mine" not in subject for subject in heard)


async def test_a_consumer_of_its_own_name_elsewhere_is_not_there(attacker: Attacker) -> None:
    """In its own name it may ask where it reads nothing: nobody is there, and the server writes nothing about it."""
    for subject in (f"{NEXT}.SH_31.{SISTER}", f"{NEXT}.SH_44.{SISTER}_boot", question_of(PARTNER, "330103")):
        assert await refused(attacker.client, subject, attackers.PULL)
    await attacker.moved_nothing()


async def test_it_cannot_create_or_alter_consumers(attacker: Attacker) -> None:
    times = await attacker.sends(attackers.ALTERING_CONSUMERS)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


async def test_it_cannot_purge(attacker: Attacker) -> None:
    times = await attacker.sends(attackers.PURGING)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


async def test_it_cannot_delete(attacker: Attacker) -> None:
    times = await attacker.sends(attackers.DELETING)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


async def test_it_cannot_rule_the_server(attacker: Attacker) -> None:
    times = await attacker.sends(attackers.RULING)
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


async def test_it_cannot_read_others_inboxes(attacker: Attacker) -> None:
    """Its own account's inboxes it may listen to; nobody else's answers ever come there."""
    heard: list[str] = []

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    await attacker.client.subscribe("_INBOX.>", cb=note)
    for subject in attackers.EARS:
        await attacker.client.subscribe(subject, cb=note)
    await attacker.client.flush()
    await attacker.was_told(len(attackers.EARS), Kind.SUBSCRIBE)
    county, city = await attacker.hub.line(COUNTY), await attacker.hub.line(CITY)

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        return wire.Answer()

    await county.serve(answer)
    source = city.source("SH_33", CITY)
    page, _ = await source.fetch(10, 5)
    await city.ask(COUNTY, wire.Ask(LOG))
    assert (await county.last(LOG))[0] == 3
    assert len(page) == 1
    await attacker.client.flush()
    assert heard == []


async def test_it_cannot_forge_or_replay_what_another_has_said(attacker: Attacker) -> None:
    """COUNTY's own bytes, with their proof and with JetStream's own headers, on COUNTY's subject."""
    times = 0
    for event in said(LOG, 3):
        for more in (
            {},
            {"Nats-Msg-Id": "1"},
            {"Nats-Rollup": "sub"},
            {"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1"},
        ):
            for reply in REPLIES:
                headers = {"Proof": event.proof, **more}
                await attacker.client.publish(attackers.OTHERS, event.body, reply=reply, headers=headers)
                times += 1
        await attacker.client.flush()
    await attacker.moved_nothing()
    await attacker.was_told(times, Kind.PUBLISH, Kind.REPLY)


# ── everything that is allowed, with a reply subject that is not ──


async def test_no_reply_subject_of_a_good_question_leads_to_what_is_not_ones_own(attacker: Attacker) -> None:
    """The server writes down those subjects that only itself may name. The others it takes for what they are, places in
    the asker's own account: the answer goes there, reaches nobody, and leaves no trace.
    """
    others: list[str] = []

    async def note(message: Msg) -> None:
        others.append(message.subject)

    for id, subjects in {COUNTY: (f"rpc.{COUNTY}.>", asked_of(COUNTY), "_INBOX.>"), CITY: ("_INBOX.>",)}.items():
        other = await attacker.hub.connect(id)
        for subject in subjects:
            await other.subscribe(subject, cb=note)
        await other.flush()
    reserved = await attacker.sends(LEGAL, RESERVED)
    await attacker.sends(LEGAL, QUIET)
    for number, reply in enumerate(QUIET):
        start = {"Nats-Batch-Id": f"b{number}", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1"}
        await attacker.client.publish(f"{OWN}c", b"x", reply=reply, headers=start)
    await attacker.moved_nothing()
    await attacker.was_told(reserved, Kind.REPLY)
    assert not others
    held = await attacker.hub.controller.jetstream.stream_info("SH_33", subjects_filter=f"{OWN}*")
    assert held.state.subjects == {f"{OWN}c": 2 * len(QUIET)}, "it has spoken on its own log, and nowhere else"


async def test_no_service_import_takes_an_answer_of_the_hub_for_a_question(attacker: Attacker) -> None:
    """The answers arrive where the asker said, in its own account; from there they reach only whom it may ask."""
    asked: list[bytes] = []

    async def note(message: Msg) -> None:
        asked.append(message.data)

    city = await attacker.hub.connect(CITY)
    await city.subscribe(asked_of(CITY), cb=note)
    await city.flush()
    await attacker.client.publish(directory_of(SISTER), reply=question_of(CITY, PARTNER))
    await attacker.client.flush()
    await attacker.moved_nothing()
    assert not asked, "and in no other's name"


async def test_a_gateway_can_ask_questions_and_nothing_else(hub: Hub) -> None:
    gateway = await hub.connect(GATEWAY)
    before = await everything(hub)
    for subject in (
        "sh.33.01.10.c", f"{NEXT}.SH_33.{CITY}", f"{HEAD}.SH_33.sh.33.01.10.c", question_of(COUNTY, CITY),
        "$JS.API.STREAM.NAMES", "$JS.API.STREAM.DELETE.SH_33",
    ):  # fmt: skip
        assert await refused(gateway, subject, b"{}", within=0.3)
    assert await everything(hub) == before


async def test_a_reader_acknowledges_for_itself_alone(hub: Hub) -> None:
    await (await hub.line(COUNTY)).publish(f"{COUNTY}/p", said(f"{COUNTY}/p", 3), 0)
    city = (await hub.line(CITY)).source("SH_33", CITY)
    page, receipt = await city.fetch(10, 5)
    await city.done(receipt)
    floors = (await hub.state())["SH_33"][1]
    assert (len(page), floors[CITY], floors[PROVINCE]) == (3, 3, 0)


async def test_asks_carry_the_askers_own_name_whatever_it_writes(hub: Hub) -> None:
    askers: list[str] = []

    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        askers.append(asker)
        return wire.Answer()

    await (await hub.line(COUNTY)).serve(answer)
    client = await hub.connect(SISTER)
    ask = wire.pack(wire.Ask(LOG))
    for name in (CITY, COUNTY, f"{SISTER}.{CITY}", "*", ">"):
        assert await refused(client, f"ask.33.01.10.{name}", ask)
    await Line(client, SISTER).ask(COUNTY, wire.Ask(LOG))
    assert askers == [SISTER]


async def test_bytes_that_are_no_ask_are_answered_at_once_so_that_nothing_lies_at_the_hub_for_them(hub: Hub) -> None:
    async def answer(asker: str, ask: wire.Ask) -> wire.Answer:
        return wire.Answer(refused="NOT_A_READER")

    await (await hub.line(COUNTY)).serve(answer)
    client = await hub.connect(SISTER)
    for bad in (b"", b"\xc1", msgspec.msgpack.encode(["x"] * 9), b"\x91" * 100_000):
        told = await client.request(question_of(COUNTY, SISTER), bad, timeout=5)
        assert wire.read_answer(told.data).refused == "UNREADABLE"
    assert (await Line(client, SISTER).ask(COUNTY, wire.Ask(LOG))).refused == "NOT_A_READER"
