"""Getting back from readers, and from the hub, what I had signed and a restored database has forgotten.

Only what my own key vouches for is taken. Of the hub's copy a committee may read no more than the last message of each
of its logs; that one is taken in any case, for it may be all there is.
"""

import asyncio
from collections.abc import Callable

from sync.bus import wire
from sync.bus.ports import Publisher, Unreachable
from sync.bus.stores import Own, Run
from sync.bus.trust import Trust
from sync.contract.channels import log_of
from sync.log import Event, Head, Reading, follow

_AT_ONCE = 8
HELPERS = 8
"""Readers of one log that are asked, nearest first."""
_MOST_WAITS = 10
_AGAIN_SECONDS = 0.5
_SLOWEST = 20_000
"""Bytes of bodies a second: whoever gives back more slowly is given up, for nothing is published meanwhile."""
_PAGE_SECONDS = 2.0
_MOST_FOR_PAGES = 10
"""Times the patience that short pages may take together."""


class Salvage:
    def __init__(
        self, own: Own, hub: Publisher, trust: Trust, run: Run, clock: Callable[[], float], patience: float
    ) -> None:  # fmt: skip
        """`patience`: seconds that are given to readers of a log of whom none answers, before it is given up; and to
        each reader, beyond what its bytes take at the slowest rate.
        """
        self.own, self.hub, self.trust, self.run = own, hub, trust, run
        self.clock, self.patience = clock, patience
        self._found = 0
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def all(self, seen_in: str) -> tuple[int, list[str]]:
        """Every log of mine is asked back from its readers; how many forgotten events came, and the logs of which no
        reader gave back all that it has.
        """
        self._found, end = 0, self.clock() + self.patience
        heads = await self.run(self.own.heads)
        channels = {*heads, *self.trust.directory.channels_of(self.trust.me)}
        logs = {seen_in, *(log_of(self.trust.me, channel) for channel in channels)}
        silent = sorted(log for log in logs if self.trust.directory.readers(log))
        await asyncio.gather(*(self._from_hub(log) for log in sorted(logs)))
        while silent:
            answered = await asyncio.gather(*(self._from_readers(log) for log in silent))
            silent = [log for log, is_there in zip(silent, answered, strict=True) if not is_there]
            if self.clock() >= end:
                break
            if silent:
                await asyncio.sleep(_AGAIN_SECONDS)
        return self._found, silent

    async def _from_hub(self, log: str) -> None:
        """The last message there; its signature covers it alone."""
        async with self._gate:
            try:
                _, event = await self.hub.last(log)
            except Unreachable:
                return
        if event is not None and self.trust.verify(log, event.head()):
            self._found += await self.run(self._keep, log, [event])

    async def _from_readers(self, log: str) -> bool:
        """Whether one of them gave back all that it has."""
        readers = self.trust.directory.readers(log)[:HELPERS]
        return any(await asyncio.gather(*(self._from(log, who) for who in readers)))

    async def _from(self, log: str, holder: str) -> bool:
        async with self._gate:
            try:
                return await self._take_back(log, holder)
            except Unreachable:
                return False
            except wire.Unreadable:
                return True

    async def _take_back(self, log: str, holder: str) -> bool:
        """Whether the holder follows this log and gave all that it has, from the last event that both know.

        What was written since the restore is not on the reader's log, so it steps back until a common event is found.
        """
        back, until, for_pages = 0, self.clock() + self.patience, self.patience * _MOST_FOR_PAGES
        while True:
            have = await self.run(self._stand, log, back)
            answer = await self._asked(holder, log, have, until)
            if answer.refused:
                return False
            if answer.rows or have is None or answer.head is None or answer.head[:3] == have[:3]:
                break
            back = back * 2 or 1
        reading = Reading(log, have or Head("", 0, b""))
        while answer.rows:
            came = [wire.event(body, proof, log) for body, proof in answer.rows]
            step = follow(reading, came, self.trust.verify, self.trust.erased)
            if not step.apply:
                break
            self._found += await self.run(self._keep, log, list(step.apply))
            until += sum(len(each.body) for each in step.apply) / _SLOWEST + min(_PAGE_SECONDS, for_pages)
            for_pages -= min(_PAGE_SECONDS, for_pages)
            reading = Reading(log, step.reading.head)
            answer = await self._asked(holder, log, reading.head, until, tries=_MOST_WAITS)
        return True

    async def _asked(
        self, holder: str, log: str, have: Head | None, until: float, tries: int = 1
    ) -> wire.Answer:  # fmt: skip
        """Who has begun to give is asked again when the line breaks: another's answer would hide what is missing.

        Raises:
            Unreachable: it does not answer, or `until` has come.
        """
        for _ in range(_MOST_WAITS):
            if self.clock() >= until:
                break
            try:
                answer = await self.hub.ask(holder, wire.Ask(log, have))
            except Unreachable:
                tries -= 1
                if tries <= 0:
                    raise
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            if not answer.busy:
                return answer
            await asyncio.sleep(min(answer.busy, 5.0))
        raise Unreachable(f"{holder} is busy")

    def _stand(self, log: str, back: int) -> Head | None:
        """My head, or what was my head `back` events ago; None: before the first. On the domain thread."""
        with self.own.view(log) as mine:
            seq = max(mine.head.seq - back, 0)
            chain = mine.chain_at(seq) if seq else None
            return Head(mine.head.epoch, seq, chain) if chain else None

    def _keep(self, log: str, events: list[Event]) -> int:
        with self.own.view(log) as mine:
            same = mine.head.epoch
            forgotten = [e for e in events if e.epoch != same or mine.chain_at(e.seq) != e.head().chain]
        return self.own.salvage(log, forgotten)
