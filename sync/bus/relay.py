"""Owner → hub: my logs stand on the hub as they stand in my database, page by page.

What is to be done is decided by `sync.log.relay` before every page; transport, database and randomness are arguments.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sync import log as rules
from sync.bus.ports import Moved, Publisher, Unreachable
from sync.bus.salvage import HELPERS, Salvage
from sync.bus.signing import signed
from sync.bus.stores import Alarm, Own, Run
from sync.bus.trust import Trust
from sync.contract.channels import log_of
from sync.log import Event, Head

_WIDEST_FIRST = "npcdomx"
_FIRST_PAUSE = 0.1


def _narrowness(channel: str) -> int:
    return _WIDEST_FIRST.index(channel[0])


@dataclass
class _Pause:
    """When a log is tried again after `tries` fruitless ones."""

    tries: int
    until: float


class Relay:
    """Brings my logs to the hub over one connection. What it knows of the hub is memory only."""

    def __init__(
        self, own: Own, hub: Publisher, trust: Trust, run: Run, alarm: Alarm, *, patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic, spread: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        """`patience`: see `sync.bus.salvage`."""
        self.own, self.hub, self.trust, self.run, self.alarm = own, hub, trust, run, alarm
        self.clock, self.spread = clock, spread
        self._salvage = Salvage(own, hub, trust, run, clock, patience)
        self._ends: dict[str, tuple[int, Head | None]] = {}  # log → place and head of the hub's last message
        self._seen: dict[str, tuple[Head, float]] = {}  # log → the same head, and when it was seen
        self._looked = set[str]()  # channels of mine, said on or not, that were looked at since the start
        self._witnessed: dict[str, Head] = {}
        self._pauses: dict[str, _Pause] = {}
        self._forking = asyncio.Lock()

    def look_again(self) -> None:
        """Nothing about the hub is believed any more: called on reconnect and at least every minute."""
        self._ends.clear()
        self._pauses.clear()

    def seen(self) -> dict[str, tuple[Head, float]]:
        """Log of mine → the head of the hub's last message on it, and by `clock` when that was seen; for people."""
        return dict(self._seen)

    def _saw(self, log: str, place: int, head: Head | None) -> None:
        self._ends[log] = place, head
        self._seen[log] = head or Head("", 0, b""), self.clock()

    def witness(self, log: str, seen: Head) -> None:
        """Somebody showed a head that I signed and my database does not know."""
        self._witnessed[log] = seen

    async def round(self) -> bool:
        """Each log that the hub does not hold to its end moves by a page; False: there was nothing to do.

        Wider channels go first and are waited for, and none goes further than it stood when the round began: where a
        record moves from a narrow channel to a wide one, it stands there before it falls here.
        """
        while self._witnessed:
            await self.fork(*self._witnessed.popitem())
        heads = await self.run(self.own.heads)
        unsaid = set(self.trust.directory.channels_of(self.trust.me)) - heads.keys() - self._looked
        behind = [channel for channel, head in heads.items() if self._is_behind(channel, head)]
        wanting = sorted({*behind, *unsaid}, key=lambda channel: (_narrowness(channel), channel))
        for gone in self._pauses.keys() - set(wanting):
            del self._pauses[gone]  # or it would be due for ever, and its owner never rest
        due = [channel for channel in wanting if self._is_due(channel)]
        moved = False
        for _, equally_wide in groupby(due, key=_narrowness):
            attempts = (self._attempt(channel, heads.get(channel)) for channel in equally_wide)
            moved |= any(await asyncio.gather(*attempts))
        return moved

    def next_due(self) -> float | None:
        """Seconds until a log that was put off may be tried; None: none is waiting."""
        return min((pause.until - self.clock() for pause in self._pauses.values()), default=None)

    def _is_behind(self, channel: str, head: Head) -> bool:
        _, seen = self._ends.get(log_of(self.trust.me, channel), (0, None))
        return seen is None or seen[:3] != head[:3]

    def _is_due(self, channel: str) -> bool:
        pause = self._pauses.get(channel)
        return pause is None or pause.until <= self.clock()

    async def _attempt(self, channel: str, upto: Head | None) -> bool:
        was = self._pauses.get(channel)
        try:
            moved = await self.step(channel, upto)
        except (Moved, Unreachable):
            self._put_off(channel)
            return False
        if moved or self._pauses.get(channel) is was:  # nothing was in the way
            self._pauses.pop(channel, None)
        self._looked.add(channel)
        return moved

    def _put_off(self, channel: str) -> None:
        tries = self._pauses[channel].tries + 1 if channel in self._pauses else 0
        self._pauses[channel] = _Pause(tries, self.clock() + rules.pause(tries, self.spread(), _FIRST_PAUSE))

    async def step(self, channel: str, upto: Head | None) -> bool:
        """One page of one log, no further than `upto`, or one decision about it; False when nothing came of it.

        Raises:
            Moved, Unreachable: the hub is looked at again before the next page.
        """
        log = log_of(self.trust.me, channel)
        if log not in self._ends:
            at, event = await self.hub.last(log)
            self._saw(log, at, event.head() if event else None)
        at, seen = self._ends[log]
        decision, page = await self.run(self._decide, log, seen, upto)
        match decision:
            case rules.Hold():
                await self.run(self.alarm, log, "OWN_KEY_UNKNOWN", "the hub has a head signed with a newer key of mine")
                del self._ends[log]
                self._put_off(channel)
            case rules.Fork(forked):
                await self.fork(log, forked)
                return True
            case rules.Stranger():
                await self.run(self.alarm, log, "STRANGER", f"message {at} on my subject is not mine")
        return bool(page) and await self._publish(log, page, at)

    def _decide(self, log: str, seen: Head | None, upto: Head | None) -> tuple[rules.Decision, list[Event]]:
        """What to do, and the page to be published; its last event is signed. On the domain thread."""
        with self.own.view(log) as mine:
            decision = rules.relay(log, mine.head, mine.chain_at, seen, self.trust.verify)
            if upto is None or upto.epoch != mine.head.epoch:
                return decision, []
            if not isinstance(decision, rules.Publish | rules.Stranger):
                return decision, []
            return decision, signed(self.trust, log, mine.page(decision.after, upto.seq))

    async def _publish(self, log: str, page: Sequence[Event], at: int) -> bool:
        try:
            placed = await self.hub.publish(log, page, at)
        except (Moved, Unreachable):
            self._ends.pop(log, None)
            raise
        self._saw(log, placed, page[-1].head())
        return True

    async def fork(self, log: str, seen: Head) -> None:
        """This database was restored from a backup: the epoch that somebody knows better than it is left.

        What I had signed is taken back from readers before, for the new epoch sweeps it at theirs.
        """
        async with self._forking:
            if not await self.run(self._is_beyond, log, seen):
                return  # another witness has settled it
            told = f"{seen.epoch}/{seen.seq} is signed by me and not in my database: it was restored from a backup"
            await self.run(self.alarm, log, "RESTORED", told)
            found, silent = await self._salvage.all(log)
            if found:
                await self.run(self.alarm, log, "SALVAGED", f"{found} events of mine came back from readers and hub")
            for each in silent:
                readers = ", ".join(self.trust.directory.readers(each)[:HELPERS])
                told = f"none of {readers} answered: what was forgotten may be lost"
                await self.run(self.alarm, each, "NOT_SALVAGED", told)
            await self.run(self.own.begin_epoch, "restored", [(log, seen)])

    def _is_beyond(self, log: str, seen: Head) -> bool:
        with self.own.view(log) as mine:
            return rules.place(mine.head, mine.chain_at, seen) is rules.Place.BEYOND
