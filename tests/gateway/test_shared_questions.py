"""Equal questions under way at the same time are put once; what each asker may see and wait for stays theirs."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from sync.bus.rpc import TRACE
from sync.contract.trust.tokens import Claims
from sync.edge import traces
from tests.gateway.federation import HOME, Federation, said
from tests.gateway.spans import Spans
from tests.waiting import eventually

LIST = "query ($fan: Fan) { venues(first: 3, fan: $fan) { nodes { id } fanout { complete sources { state } } } }"
PATIENT = {"deadlineMs": 9000, "read": "LIVE"}


class Gate:
    """Committees that take questions and answer when they are let."""

    def __init__(self, three: Federation, runner: asyncio.Runner) -> None:
        self.three, self.runner = three, runner
        self.parts: Parts = runner.run(three.parts(deadline_ms=10_000))
        self.arrived: list[str] = []
        self.parents: list[str] = []
        self.opened = asyncio.Event()
        three.behaving = dict.fromkeys(three.of, self._held)

    async def _held(self, question: Question, honest: bytes) -> bytes | None:
        self.arrived.append(question.verb)
        self.parents.append(question.headers.get(TRACE, ""))
        await self.opened.wait()
        return honest

    async def arrive(self, count: int) -> None:
        async def there() -> bool:
            return len(self.arrived) >= count

        await eventually(there, what=f"{count} questions arrive")

    def both(self, one: Caller, other: Caller, query: str = LIST, later: int | None = None, **given: Any) -> list[Any]:
        """Two callers ask, the second when the first one's questions have arrived; all are answered when all are there.

        `later`: how many questions come of both.
        """

        async def run() -> list[Any]:
            first = asyncio.ensure_future(said(self.parts, query, one, fan=PATIENT, **given))
            await self.arrive(4)
            second = asyncio.ensure_future(said(self.parts, query, other, fan=PATIENT, **given))
            if later:
                await self.arrive(later)
            else:
                await self.waiting(second)
            self.opened.set()
            return list(await asyncio.gather(first, second))

        return self.runner.run(run())

    async def waiting(self, task: "asyncio.Future[Any]") -> None:
        """The task has come to where it waits for others."""
        shared = self.parts.gateway.fanout.flights.shared

        async def joined() -> bool:
            return task.done() or self.parts.gateway.fanout.flights.shared > shared

        await eventually(joined, what="it waits")


@pytest.fixture
def gate(three: Federation, runner: asyncio.Runner) -> Iterator[Gate]:
    yield Gate(three, runner)
    three.behaving = {}


def test_equal_questions_under_way_are_put_once(gate: Gate) -> None:
    one, other = gate.both(NOBODY, NOBODY)
    assert one == other
    assert one["data"]["venues"]["fanout"]["complete"]
    assert len(gate.arrived) == 4
    assert gate.parts.gateway.fanout.flights.shared == 4


def test_two_people_of_one_committee_share_all_but_what_their_home_says(gate: Gate, three: Federation) -> None:
    wu = three.caller()
    wu = Caller(three.token(sub="wu"), wu.claims)
    told = gate.both(three.caller(), wu, later=5)
    assert all(each["data"]["venues"]["fanout"]["complete"] for each in told)
    assert len(gate.arrived) == 5


@pytest.mark.parametrize(
    ("home", "roles"), [("330101", ["clerk"]), (HOME, ["member"]), (HOME, ["clerk", "chair"])],
    ids=["another home", "another role", "one role more"],
)  # fmt: skip
def test_who_may_see_something_else_asks_alone(gate: Gate, three: Federation, home: str, roles: Sequence[str]) -> None:
    gate.both(three.caller(HOME, ["clerk"]), three.caller(home, roles), later=8)
    assert len(gate.arrived) == 8


def test_the_order_in_which_roles_are_told_is_no_difference(gate: Gate, three: Federation) -> None:
    gate.both(three.caller("330101", ["chair", "clerk"]), three.caller("330101", ["clerk", "chair"]), later=5)
    assert len(gate.arrived) == 5


def test_nobody_joins_somebody(gate: Gate, three: Federation) -> None:
    gate.both(three.caller(), NOBODY, later=8)
    assert len(gate.arrived) == 8


def test_other_words_or_values_are_another_question(gate: Gate, runner: asyncio.Runner) -> None:
    async def run() -> None:
        asking = [
            asyncio.ensure_future(said(gate.parts, LIST.replace("first: 3", f"first: {n}"), fan=PATIENT))
            for n in (3, 4)
        ]
        await gate.arrive(8)
        gate.opened.set()
        await asyncio.gather(*asking)

    runner.run(run())
    assert len(gate.arrived) == 8


def test_what_only_a_committees_own_people_see_is_never_shared(gate: Gate) -> None:
    gate.both(NOBODY, NOBODY, LIST.replace("{ id }", "{ id committee { ...Own } }") + OWN, later=8)
    assert len(gate.arrived) == 8


OWN = " fragment Own on Committee { venues(first: 1) { opinion } }"


def test_an_act_is_done_as_often_as_it_is_asked_for(gate: Gate, three: Federation, runner: asyncio.Runner) -> None:
    act, caller = 'mutation { noteDown(text: "once each", key: "1") }', three.caller()

    async def run() -> None:
        asking = [asyncio.ensure_future(said(gate.parts, act, caller)) for _ in range(2)]
        await gate.arrive(2)
        gate.opened.set()
        await asyncio.gather(*asking)

    runner.run(run())
    assert three.rows[HOME].done == ["once each"] * 2
    three.rows[HOME].done.clear()


def test_an_answer_is_not_kept(gate: Gate, runner: asyncio.Runner) -> None:
    gate.opened.set()
    for _ in range(2):
        runner.run(said(gate.parts, LIST))
    assert len(gate.arrived) == 8
    assert not gate.parts.gateway.fanout.flights._waits


def test_who_gives_up_takes_nothing_from_the_others(gate: Gate, runner: asyncio.Runner) -> None:
    async def run() -> dict[str, Any]:
        first = asyncio.ensure_future(said(gate.parts, LIST, fan=PATIENT))
        await gate.arrive(4)
        second = asyncio.ensure_future(said(gate.parts, LIST, fan=PATIENT))
        await gate.waiting(second)
        first.cancel()
        await asyncio.wait([first])
        gate.opened.set()
        return await second

    told = runner.run(run())
    assert told["data"]["venues"]["fanout"]["complete"]
    assert len(gate.arrived) == 4


def test_a_short_deadline_ends_though_a_longer_one_waits_on(gate: Gate, runner: asyncio.Runner) -> None:
    """Both lie within one doubling, so the second joins the first; it is told TIMEOUT while the first still waits."""

    async def run() -> tuple[dict[str, Any], dict[str, Any]]:
        first = asyncio.ensure_future(said(gate.parts, LIST, fan={"deadlineMs": 9_900, "read": "LIVE"}))
        await gate.arrive(4)
        told = await said(gate.parts, LIST, fan={"deadlineMs": 8_200, "read": "LIVE"})
        assert not first.done()
        gate.opened.set()
        return await first, told

    # The one with more patience begins, so that only its own bound can end the other.
    whole, impatient = runner.run(run())
    assert {each["state"] for each in impatient["data"]["venues"]["fanout"]["sources"]} == {"TIMEOUT"}
    assert whole["data"]["venues"]["fanout"]["complete"]
    assert len(gate.arrived) == 4


def test_who_has_more_patience_asks_again_when_the_first_one_gives_up(gate: Gate, runner: asyncio.Runner) -> None:
    async def run() -> tuple[dict[str, Any], dict[str, Any]]:
        first = asyncio.ensure_future(said(gate.parts, LIST, fan={"deadlineMs": 1_100, "read": "LIVE"}))
        await gate.arrive(4)
        second = asyncio.ensure_future(said(gate.parts, LIST, fan={"deadlineMs": 2_000, "read": "LIVE"}))
        hurried = await first
        await gate.arrive(8)
        gate.opened.set()
        return hurried, await second

    hurried, patient = runner.run(run())
    assert {each["state"] for each in hurried["data"]["venues"]["fanout"]["sources"]} == {"TIMEOUT"}
    assert patient["data"]["venues"]["fanout"]["complete"]


def test_a_token_about_to_end_asks_for_its_holder_alone(gate: Gate, three: Federation) -> None:
    """A committee whose clock is ahead would refuse it, and with it everybody who waits for its answer."""
    caller = three.caller("330101")
    assert caller.claims
    told = {name: getattr(caller.claims, name) for name in caller.claims.__struct_fields__}
    ending = Claims(**told | {"exp": caller.claims.iat + 35})
    gate.both(Caller(three.token("330101", exp=ending.exp), ending), caller, later=8)
    assert len(gate.arrived) == 8


def test_each_asker_has_a_span_of_their_own_and_only_that_of_who_put_the_question_has_something_below_it(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected = Spans(monkeypatch)

    async def run() -> None:
        with traces.span("one", {}):
            first = asyncio.ensure_future(said(gate.parts, LIST, NOBODY, fan=PATIENT))
            await gate.arrive(4)
        with traces.span("other", {}):
            second = asyncio.ensure_future(said(gate.parts, LIST, NOBODY, fan=PATIENT))
            await gate.waiting(second)
        gate.opened.set()
        await asyncio.gather(first, second)

    gate.runner.run(run())
    [one], [other] = collected.named("one"), collected.named("other")
    shared = {
        (each.parent.span_id, each.attributes["liandong.shared"], each.attributes["liandong.state"])
        for each in collected.named("ask graphql")
    }
    assert shared == {(one.context.span_id, False, "ANSWERED"), (other.context.span_id, True, "ANSWERED")}
    put = {each.context.span_id for each in collected.named("ask graphql") if not each.attributes["liandong.shared"]}
    assert {int(each.split("-")[2], 16) for each in gate.parents} == put


def test_where_nobody_collects_no_context_travels(gate: Gate) -> None:
    gate.both(NOBODY, NOBODY)
    assert gate.parents == [""] * 4
