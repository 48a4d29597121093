"""The relay over a hub that answers when the test lets it, and a store in memory."""

import itertools
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import pytest

from sync.bus import wire
from sync.bus.ports import Moved, Unreachable
from sync.bus.relay import Relay
from sync.log import Event
from tests.simulator.databases import Change
from tests.simulator.memory_own import MemoryOwn
from tests.simulator.memory_state import Memory
from tests.simulator.seals import Rights, Seals

OWNER, READER = "320509", "320500"
P = ParamSpec("P")
T = TypeVar("T")


class Hub:
    """Stores what it is given; `answers` says whether anybody learns of it."""

    def __init__(self) -> None:
        self.logs: dict[str, list[Event]] = {}
        self.answers = True

    async def last(self, log: str) -> tuple[int, Event | None]:
        events = self.logs.get(log, [])
        return len(events), events[-1] if events else None

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        held = self.logs.setdefault(log, [])
        if len(held) != expect:
            raise Moved
        held.extend(events)
        if not self.answers:
            raise Unreachable
        return len(held)

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        raise Unreachable


async def run(act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return act(*args, **kwargs)


def relay(own: MemoryOwn, hub: Hub, channels: Sequence[str], clock: Callable[[], float]) -> Relay:
    trust = Seals(OWNER, Rights(1, {f"{OWNER}/{each}": (READER,) for each in channels}, {OWNER: 1}))
    return Relay(own, hub, trust, run, lambda *_: None, clock=clock, spread=lambda: 0.5)


def said(*channels: str) -> MemoryOwn:
    """A committee that has shared one record on these channels."""
    own = MemoryOwn(Memory(), OWNER, lambda: "0" * 16, most=500)
    own.write([Change(f"{OWNER}.value.{1:032x}", frozenset(channels), 1)])
    return own


@pytest.mark.asyncio
async def test_a_relay_rests_when_its_page_had_arrived_and_only_the_answer_was_lost() -> None:
    hub, now = Hub(), itertools.count(0, 10.0)
    made = relay(said("p"), hub, ["p"], lambda: next(now))
    hub.answers = False
    assert not await made.round()
    assert made.next_due() is not None, "it is tried again"
    hub.answers = True
    assert not await made.round(), "the hub has it all"
    assert [each.seq for each in hub.logs[f"{OWNER}/p"]] == [1, 2]
    assert made.next_due() is None, "a pause that is over is no reason to wake up for ever"


@pytest.mark.asyncio
async def test_a_log_that_may_no_longer_be_written_is_not_waited_for() -> None:
    hub, now = Hub(), itertools.count(0, 10.0)
    own = said("p")
    made = relay(own, hub, ["p", "o"], lambda: next(now))

    async def away(log: str) -> tuple[int, Event | None]:
        raise Unreachable

    answering, hub.last = hub.last, away  # type: ignore[method-assign]
    assert not await made.round()
    hub.last = answering  # type: ignore[method-assign]
    made.trust.directory = Seals(OWNER, Rights(2, {f"{OWNER}/p": (READER,)}, {OWNER: 1})).directory
    assert await made.round()
    assert made.next_due() is None
