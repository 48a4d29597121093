"""One run: committees at work, faults at drawn moments, several at a time; then quiet, and the checker looks.

What is done, in which order and to whom, is drawn from the seed; what meets what is up to the machine.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from nats.errors import Error as NatsError

from sync.bus.ending import ended
from tests.faults.checker import Told, check
from tests.faults.committee import Control
from tests.faults.federation import Federation
from tests.faults.nemeses import NEMESES
from tests.faults.scene import Scene

log = logging.getLogger(__name__)

CONVERGES_WITHIN = 120.0
"""Seconds after which a run that has not come together is given up. The time it took is told, and judged by nobody."""
SETTLES = 3.0
"""Seconds after that, in which nothing may change any more."""
_BACKUPS_EVERY = 2.0


@dataclass
class Outcome:
    """What a run told.

    Attributes:
        injected: Nemesis → how often it was let loose.
        effects: Nemesis → how much it did, in units of its own.
        missed: Nemeses that could not do their harm, with the reason.
        converged: Seconds after the last fault; None: not within CONVERGES_WITHIN.
        forks: Heads that owners had signed and did not know, because they had been restored.
    """

    seed: int
    injected: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    converged: float | None = None
    restores: int = 0
    forks: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.told.findings or self.broken) and self.converged is not None


class Chaos:
    def __init__(self, fed: Federation, seed: int, kinds: Sequence[str]) -> None:
        self.fed, self.kinds = fed, kinds
        self.outcome = Outcome(seed)
        self.scene = Scene(fed, random.Random(seed))
        self._draw = random.Random(seed)
        self._loose = set[asyncio.Task[int]]()

    async def run(self, seconds: float) -> Outcome:
        """Each kind is let loose at least once where there is time for all; then the run is judged."""
        await self.let_loose(seconds)
        await self.calm()
        await self.judge()
        return self.outcome

    async def let_loose(self, seconds: float) -> None:
        end, number = time.monotonic() + seconds, 0
        deck = self._draw.sample(self.kinds, len(self.kinds))
        saving = asyncio.create_task(self._save())
        pause = min(1.5, seconds / len(self.kinds))
        while time.monotonic() < end or number < len(self.kinds):
            number += 1
            self._start(deck.pop(), number)
            deck = deck or self._draw.sample(self.kinds, len(self.kinds))
            await self.fed.pause(self._draw.uniform(0.3, 1.7) * pause)
        hanging = (await asyncio.wait(self._loose, timeout=90))[1] if self._loose else set()
        self.outcome.broken += [f"a nemesis did not end: {each.get_name()}" for each in hanging]
        await ended(hanging)
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)

    def _start(self, kind: str, number: int) -> None:
        scene = self.scene.with_draws(random.Random(f"{self.outcome.seed} {number} {kind}"))
        task = asyncio.create_task(self.inject(kind, scene), name=kind)
        self._loose.add(task)
        task.add_done_callback(self._came_back)

    def _came_back(self, task: asyncio.Task[int]) -> None:
        self._loose.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.outcome.broken.append(f"{task.get_name()} broke: {error!r}")

    async def inject(self, kind: str, scene: Scene) -> int:
        """The nemesis has done its harm and taken it back; returns how much it did."""
        self.outcome.injected[kind] += 1
        try:
            effect = await NEMESES[kind](scene)
        except (NatsError, TimeoutError, OSError) as error:  # another fault stood in its way
            self.outcome.missed.append(f"{kind}: {error!r:.60}")
            return 0
        self.outcome.effects[kind] += effect
        return effect

    async def _save(self) -> None:
        """Somebody takes a backup every few seconds, of a committee whose people have begun to work."""
        while True:
            for id in self._draw.sample(sorted(self.fed.committees), 2):
                async with self.scene.of[id]:
                    if self.scene.number(id, "SELECT count(*) FROM mine"):
                        self.scene.backups[id].append(await asyncio.to_thread(self.fed.backup, id))
            await self.fed.pause(_BACKUPS_EVERY)

    async def calm(self) -> None:
        """No fault is left, everybody runs the newest release, and people go home."""
        newest = max(each.config.schema for each in self.fed.committees.values())
        for id, each in self.fed.committees.items():
            each.proxy.heal()
            if each.config.schema < newest:
                self.fed.kill(id)
                each.config = msgspec.structs.replace(each.config, schema=newest)
                self.fed.start(id)
            self.fed.tell(id, Control())
        self.outcome.broken += self.fed.ended_by_themselves()

    async def judge(self) -> None:
        """The seconds until nothing is wrong any more, and what is wrong in the end."""
        begun = time.monotonic()
        while self.outcome.converged is None and time.monotonic() - begun < CONVERGES_WITHIN:
            if not await self.wrong():
                self.outcome.converged = time.monotonic() - begun
            else:
                await self.fed.pause(0.3)
        await self.fed.pause(SETTLES)
        await self.wrong(bytes_too=True)
        self.outcome.broken += self.fed.broken + self.fed.ended_by_themselves()
        self.outcome.restores = len(self.fed.evidence.restored)
        self.outcome.forks = sum(self.scene.number(id, "SELECT count(*) FROM left_epoch") for id in self.fed.committees)

    async def wrong(self, *, bytes_too: bool = False) -> int:
        """How much is wrong now; the checker's word is kept."""
        try:
            evidence = await self.fed.look()
        except (NatsError, TimeoutError):
            return 1
        try:
            self.outcome.told = await asyncio.to_thread(check, self.fed.folder, evidence, bytes_too=bytes_too)
        except Exception:
            if bytes_too:
                raise  # the last word
            log.info("a database cannot be read yet", exc_info=True)  # its process has just been started
            return 1
        return len(self.outcome.told.findings)
