"""A gateway asks committees through the real hub; each answer comes in time, or is named as missing."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from sync.bus.answerer import Answerer, Question
from sync.bus.asker import Asker, Outcome
from sync.bus.rpc import PROOF, TOKEN, TRACE
from sync.contract.errors import Code, Refusal
from tests.sync.hubs import CITY, COUNTY, GATEWAY, PARTNER, SISTER, Hub
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio

TOO_LARGE = b"RESULT_TOO_LARGE"
HEADERS = {TOKEN: "a-token", PROOF: "a-proof"}


async def serving(hub: Hub, id: str, answering: Callable[[Question], Awaitable[bytes | None]]) -> Answerer:
    client = await hub.connect(id)
    answerer = await Answerer(client, id, answering, TOO_LARGE).open()
    await client.flush()
    return answerer


async def asker(hub: Hub) -> Asker:
    return await Asker(await hub.connect(GATEWAY)).open()


async def echo(question: Question) -> bytes:
    return question.body


async def test_many_are_asked_at_once_and_those_away_are_known_at_once(hub: Hub) -> None:
    seen: list[Question] = []

    async def answering(question: Question) -> bytes:
        seen.append(question)
        return b"from the county"

    await serving(hub, COUNTY, answering)
    await serving(hub, SISTER, echo)
    ids = [CITY, COUNTY, SISTER, PARTNER, "999999"]
    replies = await (await asker(hub)).ask([(id, "graphql", b"who?") for id in ids], HEADERS, 60)
    assert {id: (each.outcome, each.body) for id, each in replies.items()} == {
        CITY: (Outcome.UNREACHABLE, b""),
        COUNTY: (Outcome.ANSWERED, b"from the county"),
        SISTER: (Outcome.ANSWERED, b"who?"),
        PARTNER: (Outcome.UNREACHABLE, b""),
        "999999": (Outcome.UNREACHABLE, b""),
    }
    assert list(replies) == ids
    [question] = seen
    assert (question.verb, question.body) == ("graphql", b"who?")
    assert {name: question.headers[name] for name in HEADERS} == HEADERS
    assert 50 < question.until - time.monotonic() <= 60


async def test_each_committee_sees_the_headers_of_its_own_question_and_nobody_elses(hub: Hub) -> None:
    seen = dict[str, str | None]()

    def noting(id: str) -> Callable[[Question], Awaitable[bytes]]:
        async def note(question: Question) -> bytes:
            seen[id] = question.headers.get(TRACE)
            assert {name: question.headers[name] for name in HEADERS} == HEADERS
            return b""

        return note

    for id in (COUNTY, SISTER, CITY):
        await serving(hub, id, noting(id))
    own = {COUNTY: {TRACE: "00-1"}, SISTER: {TRACE: "00-2"}}
    questions = [(id, "graphql", b"who?") for id in (COUNTY, SISTER, CITY)]
    await (await asker(hub)).ask(questions, HEADERS, 60, None, own)
    assert seen == {COUNTY: "00-1", SISTER: "00-2", CITY: None}


async def test_what_does_not_come_in_time_is_missing_and_what_comes_late_is_nobodys(hub: Hub) -> None:
    release = asyncio.Event()
    outcomes: list[bool] = []

    async def slow(question: Question) -> bytes:
        await release.wait()
        outcomes.append(question.is_awaited())
        return b"late"

    async def silent(question: Question) -> None:
        return None

    await serving(hub, COUNTY, slow)
    await serving(hub, SISTER, silent)
    asking = await asker(hub)
    replies = await asking.ask([(COUNTY, "graphql", b""), (SISTER, "graphql", b"")], HEADERS, 0.3)
    assert {each.outcome for each in replies.values()} == {Outcome.TIMEOUT}
    release.set()
    await serving(hub, CITY, echo)
    assert (await asking.ask([(CITY, "graphql", b"next")], HEADERS, 5))[CITY].body == b"next"
    assert outcomes == [False], "the answerer knows that nobody waits any more"


async def test_one_slow_question_holds_up_no_other(hub: Hub) -> None:
    release = asyncio.Event()

    async def answering(question: Question) -> bytes:
        if question.body == b"slow":
            await release.wait()
        return question.body

    await serving(hub, COUNTY, answering)
    asking = await asker(hub)
    slow = asyncio.ensure_future(asking.ask([(COUNTY, "graphql", b"slow")], HEADERS, 20))
    quick = await asking.ask([(COUNTY, "graphql", b"quick")], HEADERS, 20)
    release.set()
    assert (quick[COUNTY].body, (await slow)[COUNTY].body) == (b"quick", b"slow")


async def test_large_bodies_travel_packed_both_ways(hub: Hub) -> None:
    async def answering(question: Question) -> bytes:
        return question.body * 40

    await serving(hub, COUNTY, answering)
    asking = await asker(hub)
    body = b"2026-11-21 " * 10_000
    sent = asking._connection.stats["out_bytes"]
    received = asking._connection.stats["in_bytes"]
    reply = (await asking.ask([(COUNTY, "graphql", body)], HEADERS, 10))[COUNTY]
    assert reply.body == body * 40, "far more than the hub carries at once"
    assert asking._connection.stats["out_bytes"] - sent < len(body) / 20
    assert asking._connection.stats["in_bytes"] - received < len(reply.body) / 20


async def test_an_answer_is_packed_only_for_those_who_say_so(hub: Hub) -> None:
    await serving(hub, COUNTY, echo)
    plain = await Asker(await hub.connect(GATEWAY), accepts_gzip=False).open()
    body = b"x" * 100_000
    received = plain._connection.stats["in_bytes"]
    assert (await plain.ask([(COUNTY, "graphql", body)], HEADERS, 10))[COUNTY].body == body
    assert plain._connection.stats["in_bytes"] - received >= len(body)


async def test_an_answer_over_what_the_hub_carries_is_told_as_such(hub: Hub) -> None:
    async def answering(question: Question) -> bytes:
        return os.urandom(1_500_000)

    await serving(hub, COUNTY, answering)
    reply = (await (await asker(hub)).ask([(COUNTY, "graphql", b"all")], HEADERS, 10))[COUNTY]
    assert (reply.outcome, reply.body) == (Outcome.ANSWERED, TOO_LARGE)


async def test_a_question_over_what_the_hub_carries_is_refused_and_nobody_is_asked(hub: Hub) -> None:
    seen: list[bytes] = []

    async def answering(question: Question) -> bytes:
        seen.append(question.body)
        return b""

    await serving(hub, COUNTY, answering)
    asking = await asker(hub)
    with pytest.raises(Refusal) as refusal:
        await asking.ask([(COUNTY, "graphql", b"small"), (SISTER, "graphql", os.urandom(1_500_000))], HEADERS, 5)
    assert refusal.value.code is Code.TOO_LARGE
    assert (await asking.ask([(COUNTY, "graphql", b"next")], HEADERS, 5))[COUNTY].outcome is Outcome.ANSWERED
    assert seen == [b"next"]


async def test_a_question_that_breaks_its_answer_is_answered_empty_and_the_next_one_well(hub: Hub) -> None:
    async def answering(question: Question) -> bytes:
        return str(1 // len(question.body)).encode()

    await serving(hub, COUNTY, answering)
    asking = await asker(hub)
    assert (await asking.ask([(COUNTY, "graphql", b"")], HEADERS, 5))[COUNTY].body == b""
    assert (await asking.ask([(COUNTY, "graphql", b"1")], HEADERS, 5))[COUNTY].body == b"1"


async def lying(hub: Hub, id: str, lie: Callable[[Client, Msg], Awaitable[None]]) -> None:
    client = await hub.connect(id)

    async def take(message: Msg) -> None:
        await lie(client, message)

    await client.subscribe(f"rpc.{id}.>", cb=take)
    await client.flush()


async def test_what_says_it_is_packed_and_is_not_cannot_be_read(hub: Hub) -> None:
    async def lie(client: Client, message: Msg) -> None:
        await client.publish(message.reply, b"not packed", headers={"Content-Encoding": "gzip"})

    await lying(hub, COUNTY, lie)
    reply = (await (await asker(hub)).ask([(COUNTY, "graphql", b"")], HEADERS, 5))[COUNTY]
    assert (reply.outcome, reply.body) == (Outcome.UNREADABLE, b"")


async def test_nobody_answers_in_anothers_name(hub: Hub) -> None:
    """It has seen where the gateway takes its own answer; the name of another's question it has not."""
    seen: list[str] = []

    async def lie(client: Client, message: Msg) -> None:
        seen.append(message.reply)
        inbox, _, own = message.reply.rpartition(".")
        for guess in (inbox, f"{inbox}.x", f"{inbox}.{own[:-1]}{'0' if own[-1] != '0' else '1'}"):
            await client.publish(guess, b"forged")
        await client.publish(message.reply, b"own")
        await client.publish(message.reply, b"twice")

    async def silent(question: Question) -> None:
        return None

    await lying(hub, COUNTY, lie)
    await serving(hub, SISTER, silent)
    asking = await asker(hub)
    replies = await asking.ask([(COUNTY, "graphql", b""), (SISTER, "graphql", b"")], HEADERS, 1)
    assert (replies[COUNTY].body, replies[SISTER].outcome) == (b"own", Outcome.TIMEOUT)
    assert asking._inbox not in seen[0], "the hub shows nobody the gateway's inbox"


async def test_processes_of_one_committee_share_the_questions(hub: Hub) -> None:
    counts = [0, 0]

    def counting(process: int) -> Callable[[Question], Awaitable[bytes]]:
        async def answering(question: Question) -> bytes:
            counts[process] += 1
            return b""

        return answering

    for process in range(2):
        await serving(hub, COUNTY, counting(process))
    asking = await asker(hub)
    for _ in range(40):
        await asking.ask([(COUNTY, "graphql", b"")], HEADERS, 5)
    assert sum(counts) == 40
    assert all(counts)


async def test_while_our_own_line_is_cut_nobody_is_reachable_and_nothing_is_asked_later(hub: Hub) -> None:
    seen: list[bytes] = []

    async def answering(question: Question) -> bytes:
        seen.append(question.body)
        return b"here"

    await serving(hub, COUNTY, answering)
    asking = await asker(hub)
    hub.server.kill()

    async def asked(body: bytes) -> Outcome:
        return (await asking.ask([(COUNTY, "graphql", body)], HEADERS, 0.5))[COUNTY].outcome

    async def unreachable() -> bool:
        return await asked(b"while cut") is Outcome.UNREACHABLE

    async def answered() -> bool:
        return await asked(b"again") is Outcome.ANSWERED

    await eventually(unreachable)
    await hub.server.start()
    await eventually(answered)
    assert set(seen) == {b"again"}


async def test_one_committee_cannot_ask_another(hub: Hub) -> None:
    seen: list[bytes] = []

    async def answering(question: Question) -> bytes:
        seen.append(question.body)
        return b"secret"

    await serving(hub, COUNTY, answering)
    for other in (SISTER, CITY, PARTNER):
        reply = await (await Asker(await hub.connect(other)).open()).ask([(COUNTY, "graphql", b"")], HEADERS, 0.5)
        assert (reply[COUNTY].outcome, reply[COUNTY].body) == (Outcome.TIMEOUT, b""), "the hub refuses it, to nobody"
    assert not seen
