"""Questions are put to many at once, within one deadline; for those that are silent, the caller's home is asked for
what they have shared with it.

The copies that stand in are always those of the caller's own home: another committee's would show the caller what was
shared with that one only.
"""

import asyncio
import time
from collections.abc import Hashable

from gateway.callers import Prover
from gateway.counters import Counters
from gateway.federation.breaker import Breaker
from gateway.federation.flights import Asks, Flight, Flights
from gateway.federation.merge import spoilt
from gateway.federation.older import Releases
from gateway.federation.parts import (
    OUTDATED,
    REFUSED,
    SILENT,
    UNREACHABLE,
    Heard,
    heard,
)
from gateway.federation.plan import Copy, Question
from gateway.federation.putting import Letter, Putting
from gateway.federation.sources import SPOILT, TOO_OLD, Answers, is_stale
from gateway.federation.traced import Own, asking
from gateway.joint import Route
from sync.bus.rpc import Reply
from sync.contract.versions import API_VERSION

LIVE_SHARE = 0.7
"""Part of the deadline that committees have, where copies may stand in for the silent ones in the rest of it."""
GRAPHQL, REPLICA = "graphql", "replica"
_SHORTEST = 0.02
"""Seconds below which asking for copies is no use."""


class Fanout:
    """Puts questions and hears the replies; knows nothing of what they mean."""

    def __init__(
        self, asker: Asks, prover: Prover, breaker: Breaker, counters: Counters | None = None,
        releases: Releases | None = None,
    ) -> None:  # fmt: skip
        self._prover, self._breaker, self._counters = prover, breaker, counters or Counters()
        self._releases = releases or Releases(API_VERSION, time.monotonic)
        self.flights = Flights(asker, self._note)

    def _note(self, committee: str, reply: Reply) -> None:
        self._breaker.note(committee, reply.outcome, reply.seconds)
        self._counters.question(committee, reply)

    async def ask(self, putting: Putting) -> Answers:
        """What everybody said within the deadline.

        Raises:
            Refusal: TOO_LARGE, the question is over what the hub carries; nobody was asked.
        """
        loop = asyncio.get_running_loop()
        deadline = putting.asked.deadline
        ends, addresses = loop.time() + deadline, putting.asked.each
        at_once = {number: list(each.copies) for number, each in enumerate(addresses) if each.copies}
        patient = LIVE_SHARE * deadline if any(each.may_stand_in for each in addresses) else deadline
        if not at_once:
            answers = Answers(await self._live(putting, patient))
        else:
            live, copies = await asyncio.gather(self._live(putting, patient), self._copies(putting, at_once, ends))
            answers = Answers(live, copies)
        silent = self._silent(putting, answers.live)
        if silent and ends - loop.time() > _SHORTEST:
            for number, found in (await self._copies(putting, silent, ends)).items():
                answers.copies.setdefault(number, []).extend(found)
        return answers

    def _silent(self, putting: Putting, live: dict[str, Heard]) -> dict[int, list[str]]:
        """By root field, those for whom copies may stand in; none if the caller's home is silent itself."""
        home = putting.caller.home
        if home is None or (home in live and live[home].state in SILENT):
            return {}
        found = {
            number: [id for id in each.live if live[id].state in SILENT]
            for number, each in enumerate(putting.asked.each) if each.may_stand_in
        }  # fmt: skip
        return {number: owners for number, owners in found.items() if owners}

    async def _live(self, putting: Putting, deadline: float) -> dict[str, Heard]:
        targets: dict[str, list[int]] = {}
        for number, address in enumerate(putting.asked.each):
            for committee in address.live:
                targets.setdefault(committee, []).append(number)
        groups = {id: tuple(numbers) for id, numbers in targets.items()}
        loop = asyncio.get_running_loop()
        ends = loop.time() + deadline
        heard = await self._round(putting, groups, deadline)
        older = {id: groups[id] for id, said in heard.items() if said.api and self._releases.is_news(id, said.api)}
        if older and ends - loop.time() > _SHORTEST:
            heard |= await self._round(putting, older, ends - loop.time())
        return heard

    async def _round(self, putting: Putting, groups: dict[str, tuple[int, ...]], deadline: float) -> dict[str, Heard]:
        """What these committees say to these root fields, each asked for what its release knows of them."""
        own = {number for number, root in enumerate(putting.plan.roots) if root.route is Route.OWNERS}
        asked: dict[tuple[tuple[int, ...], int | None, str | None], list[str]] = {}
        told = dict[str, Heard]()
        for id, numbers in groups.items():
            release = self._releases.of(id)
            known = putting.plan.known_to(numbers, release)
            if known:
                asked.setdefault((known, release, None if own.isdisjoint(known) else id), []).append(id)
            else:
                told[id] = Heard(OUTDATED, 0.0)
        letters = [
            Letter(numbers, putting.body(numbers, whose=whose, release=release), to, release)
            for (numbers, release, whose), to in asked.items()
        ]
        replies = await self._put(putting, letters, GRAPHQL, deadline)
        for letter in letters:
            question = putting.plan.question(letter.numbers, letter.release)
            told |= {id: _judged(replies[id], question) for id in letter.to}
        return told

    async def _copies(
        self, putting: Putting, of: dict[int, list[str]], ends: float
    ) -> dict[int, list[tuple[list[str], Heard]]]:
        pieces = [
            (number, owners[at : at + size])
            for number, owners in of.items() for size in [putting.asked.each[number].copies_at_once]
            for at in range(0, len(owners), size)
        ]  # fmt: skip
        told = await asyncio.gather(*[self._copy(putting, number, owners, ends) for number, owners in pieces])
        found: dict[int, list[tuple[list[str], Heard]]] = {}
        for (number, owners), said in zip(pieces, told, strict=True):
            found.setdefault(number, []).append((owners, said))
        return found

    async def _copy(self, putting: Putting, number: int, owners: list[str], ends: float) -> Heard:
        """What home has of `owners`. Where some of it is too old or cannot be used, home is asked again for the rest
        alone: a page holds the first rows of all of them.
        """
        dropped = dict[str, Copy]()
        while True:
            said = await self._ask_home(putting, number, owners, ends)
            said.copies |= dropped
            out = _unusable(putting, number, owners, said) if said.data is not None else {}
            if not out:
                return said
            dropped |= {id: Copy(why) for id, why in out.items()}
            owners = [id for id in owners if is_stale(said, id) and id not in out]
            if not owners:
                return Heard(UNREACHABLE, said.seconds, copies=dropped)

    async def _ask_home(
        self, putting: Putting, number: int, owners: list[str], ends: float, *, again: bool = False
    ) -> Heard:
        """`again`: it told of another release than it was known to run, and is asked once more, not for ever."""
        home, left = putting.caller.home, ends - asyncio.get_running_loop().time()
        assert home
        if left < _SHORTEST:
            return Heard("TIMEOUT", 0.0)
        release = self._releases.of(home)
        if not putting.plan.known_to((number,), release):
            return Heard(OUTDATED, 0.0)
        letter = Letter((number,), putting.body((number,), owners, release=release), [home], release)
        replies = await self._put(putting, [letter], REPLICA, left)
        said = _judged(replies[home], putting.plan.question((number,), release))
        is_news = not again and said.api and self._releases.is_news(home, said.api)
        return await self._ask_home(putting, number, owners, ends, again=True) if is_news else said

    async def _put(
        self, putting: Putting, letters: list[Letter], verb: str, deadline: float
    ) -> dict[str, Reply | None]:
        """Every committee's reply; None: it was not asked, its breaker is open. One proof goes with each body."""
        replies: dict[str, Reply | None] = {
            id: None for each in letters for id in each.to if not self._breaker.lets(id)
        }
        for id in replies:
            self._counters.question(id, None)
        with asking(verb, [id for each in letters for id in each.to], replies) as own:
            under_way = []
            for each in letters:
                to = [id for id in each.to if id not in replies]
                under_way.append(self.flights.ask(self._flight(putting, each, to, verb, deadline, own), deadline))
            for found in [await under_way[0]] if len(under_way) == 1 else await asyncio.gather(*under_way):
                replies |= found
        return replies

    def _flight(
        self, putting: Putting, letter: Letter, to: list[str], verb: str, deadline: float, own: Own | None
    ) -> Flight:
        caller, body = putting.caller, letter.body
        equal = putting.equal(letter.numbers, verb, body, deadline)

        def key(committee: str) -> Hashable | None:
            of = equal[committee == caller.home]
            return None if of is None else (committee, of)

        return Flight(to, verb, body, lambda wave: self._prover.headers(wave, body, caller.token), key, own)


def _judged(reply: Reply | None, question: Question) -> Heard:
    """What came of it; REFUSED, it was not put."""
    return heard(reply, question) if reply else Heard(REFUSED, 0.0)


def _unusable(putting: Putting, number: int, owners: list[str], said: Heard) -> dict[str, str]:
    """Of whom home has what cannot be used, and why."""
    address, root = putting.asked.each[number], putting.plan.roots[number]
    usable, found = [id for id in owners if is_stale(said, id)], dict[str, str]()
    if (longest := address.max_stale) is not None:
        since = {id: said.copies[id].as_of for id in usable}
        found = {id: TOO_OLD for id, at in since.items() if at is None or putting.now - at > longest}
    bad = spoilt(root, address.arguments, getattr(said.data, f"r{number}", None)) if root.needs_rows else ()
    return found | {id: SPOILT for id in usable if id in bad}
