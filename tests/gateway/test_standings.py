"""How committees stand, and the moment of the question that it rests on."""

import asyncio
import datetime as dt

from gateway.app import Parts
from gateway.streams.probing import Probing
from gateway.streams.standings import Standing, Standings
from sync.bus.asker import Outcome
from tests.gateway.federation import Federation

NOON = dt.datetime(2026, 12, 3, 4, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class Clock:
    now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


def first(standings: Standings) -> Standing:
    async def told() -> Standing:
        async for each in standings.told():
            if each is not None:
                return each
        raise AssertionError

    return asyncio.run(told())


def test_a_standing_says_since_when_it_is_so_and_when_it_was_asked_last() -> None:
    clock = Clock()
    standings = Standings(clock)
    standings.note("330102", Outcome.TIMEOUT)
    clock.now += MINUTE
    standings.note("330102", Outcome.TIMEOUT)
    found = first(standings)
    assert (found.state, found.since, found.asked_at) == ("TIMEOUT", NOON, NOON + MINUTE)


def test_who_was_asked_longest_ago_is_due_first_and_who_never_was_before_all() -> None:
    clock = Clock()
    standings = Standings(clock)
    for id in ("330103", "330102"):
        standings.note(id, Outcome.ANSWERED)
        clock.now += MINUTE
    among = ["330102", "330103", "330104"]
    assert standings.longest_ago(among, clock.now + MINUTE) == ["330104", "330103", "330102"]
    assert standings.longest_ago(among, NOON + MINUTE) == ["330104", "330103"]


def probing(parts: Parts, most: int, every: float = 0.0) -> Probing:
    return Probing(
        parts.asker, parts.prover, parts.breaker, parts.federation, parts.standings, most, deadline=2.0, every=every
    )


def test_one_that_is_back_is_told_though_nobody_has_asked_it(three: Federation, runner: asyncio.Runner) -> None:
    parts = runner.run(three.parts())
    parts.standings.note("330102", Outcome.UNREACHABLE)
    runner.run(probing(parts, most=10).round())

    async def stands(id: str) -> str:
        async for each in parts.standings.told():
            if each is not None and each.committee == id:
                return each.state
        raise AssertionError

    assert runner.run(stands("330102")) == "FRESH"


def test_a_round_asks_no_more_than_may_be_asked(three: Federation, runner: asyncio.Runner) -> None:
    parts = runner.run(three.parts())
    asked = set[str]()
    parts.breaker.heard = lambda id, _: asked.add(id)
    one = probing(parts, most=1)
    runner.run(one.round())
    assert len(asked) == 1


def test_nobody_is_probed_while_nobody_listens(three: Federation, runner: asyncio.Runner) -> None:
    parts = runner.run(three.parts())
    every = probing(parts, most=10, every=0.05)

    async def scene() -> list[str]:
        running = asyncio.ensure_future(every.run())
        await asyncio.wait({running}, timeout=0.3)
        long_ago = dt.datetime.min.replace(tzinfo=dt.UTC) + MINUTE
        never = parts.standings.longest_ago(three.of, long_ago)
        async for each in parts.standings.told():
            if each is not None:
                running.cancel()
                return never
        raise AssertionError

    assert runner.run(scene()) == list(three.of)
