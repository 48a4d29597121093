"""A request is put to many at once, within one deadline; for those that are silent, the caller's home is asked for what
they have shared with it.
"""

import asyncio

from gateway.counters import Counters
from gateway.federation.answering.parts import Replies
from gateway.federation.answering.reply import OUTDATED, Heard
from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.copies import Copies, at_once, silent
from gateway.federation.asking.flights import Flights
from gateway.federation.asking.post import GRAPHQL, SHORTEST, Post
from gateway.federation.asking.putting import Letter, Putting, Together
from gateway.federation.asking.releases import Releases
from gateway.federation.planning.plan import is_known
from gateway.identity.callers import Prover
from sync.bus.asker import Asks, Reply

LIVE_SHARE = 0.7
"""Part of the deadline that committees have, where copies may stand in for the silent ones in the rest of it."""


class Fanout:
    """Asks everybody for one request."""

    def __init__(
        self, asker: Asks, prover: Prover, breaker: Breaker, counters: Counters | None = None,
        releases: Releases | None = None,
    ) -> None:  # fmt: skip
        self._breaker, self._counters = breaker, counters or Counters()
        self.flights = Flights(asker, self._note)
        told = {} if releases is None else {"releases": releases}
        self._post = Post(self.flights, prover, breaker, self._counters, **told)
        self._copies = Copies(self._post)

    def _note(self, committee: str, reply: Reply) -> None:
        self._breaker.note(committee, reply.outcome, reply.seconds)
        self._counters.question(committee, reply)

    async def ask(self, putting: Putting) -> Replies:
        """What everybody said within the deadline.

        Raises:
            Refusal: TOO_LARGE, the question is over what the hub carries; nobody was asked.
        """
        loop = asyncio.get_running_loop()
        deadline, replies = putting.deadline, Replies()
        ends, copied = loop.time() + deadline, at_once(putting)
        patient = LIVE_SHARE * deadline if any(each.address.may_stand_in for each in putting.asked) else deadline
        if not copied:
            replies.live = await self._live(putting, patient)
        else:
            copying = self._copies.ask(putting, copied, ends, replies)
            replies.live, _ = await asyncio.gather(self._live(putting, patient), copying)
        away = silent(putting, replies.live)
        if away and ends - loop.time() > SHORTEST:
            await self._copies.ask(putting, away, ends, replies)
        return replies

    async def _live(self, putting: Putting, deadline: float) -> dict[str, Heard]:
        """What those say that are asked themselves; one that tells of an older release is asked once more."""
        targets: dict[str, Together] = {}
        for asked in putting.asked:
            for committee in asked.address.live:
                targets[committee] = (*targets.get(committee, ()), asked)
        loop, releases = asyncio.get_running_loop(), self._post.releases
        ends = loop.time() + deadline
        heard = await self._round(putting, targets, deadline)
        older = {id: targets[id] for id, said in heard.items() if said.api and releases.is_news(id, said.api)}
        if older and ends - loop.time() > SHORTEST:
            heard |= await self._round(putting, older, ends - loop.time())
        return heard

    async def _round(self, putting: Putting, targets: dict[str, Together], deadline: float) -> dict[str, Heard]:
        """What these committees say to these root fields, each asked for what its release knows of them."""
        own = {each for each in putting.asked if each.root.is_each_its_own}
        letters: dict[tuple[Together, int | None, str | None], list[str]] = {}
        told = dict[str, Heard]()
        for id, together in targets.items():
            release = self._post.releases.of(id)
            known = together if release is None else tuple(each for each in together if is_known(each.root, release))
            if known:
                letters.setdefault((known, release, None if own.isdisjoint(known) else id), []).append(id)
            else:
                told[id] = Heard(OUTDATED, 0.0)
        put = [
            Letter(together, putting.body(together, whose=whose, release=release), to, release)
            for (together, release, whose), to in letters.items()
        ]
        return told | await self._post.put(putting, put, GRAPHQL, deadline)
