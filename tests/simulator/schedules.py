"""One schedule from one seed: some virtual minutes of faults, then peace, in which all must become well."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.simulator.bus import Weather
from tests.simulator.databases import Database
from tests.simulator.hostile import Hostile
from tests.simulator.memory import MemoryDatabase
from tests.simulator.memory_heard import MemoryHeard
from tests.simulator.memory_own import MemoryOwn
from tests.simulator.nemesis import FAULTS, Nemesis
from tests.simulator.node import Parts
from tests.simulator.virtual_loop import VirtualLoop
from tests.simulator.world import CITY, HOSTILE, HOSTILE_LOG, PARTNER, Climate, World

CONVERGED_WITHIN = 900.0
"""Virtual seconds after the last fault."""
QUIET = 90.0
"""Virtual seconds for which the network is watched when all is well."""
_LOOKED_EVERY = 7.0


@dataclass(frozen=True)
class Kit:
    """Everything under test, and what stands in for a database; a planted bug replaces a part."""

    parts: Parts = field(default_factory=Parts)
    own: type[MemoryOwn] = MemoryOwn
    heard: type[MemoryHeard] = MemoryHeard

    def climate(self, draw: random.Random) -> Climate:
        return climate_of(draw)

    def database(self, world: World, name: str) -> Database:
        alarm = partial(world.alarm, name)
        return MemoryDatabase(name, world.tag, alarm, world.climate.page, self.own, self.heard)


@dataclass(frozen=True)
class Outcome:
    """What came of one schedule.

    Attributes:
        took: Virtual seconds from the last fault until everybody held everything.
        fingerprint: Of all that happened; the same for the same seed.
    """

    seed: int
    problems: list[str]
    took: float
    counts: Counter[str]
    fingerprint: str


def climate_of(draw: random.Random) -> Climate:
    kinds = sorted(FAULTS)
    weather = Weather(
        loss=draw.choice([0.0, 0.0, 0.02, 0.1, 0.3]), again=draw.choice([0.0, 0.2]), reorder=draw.choice([0.0, 0.3]),
        delay=draw.choice([0.02, 0.05, 0.5]), partly=draw.choice([0.0, 0.1]),
    )  # fmt: skip
    return Climate(
        weather=weather, faults=tuple(sorted(draw.sample(kinds, draw.choice([0, 1, 2, 4, 8, len(kinds)])))),
        seconds=draw.choice([30.0, 60.0, 120.0]), acts_a_second=draw.choice([0.05, 0.15, 0.4]),
        records=draw.choice([3, 8]), page=draw.choice([2, 7, 500]), small_answers=draw.choice([0, 1200]),
        late_joiner=draw.choice(["", "", CITY, PARTNER]), is_hostile=draw.random() < 0.3,
    )  # fmt: skip


def play(seed: int, kit: Kit | None = None, say: Callable[[str], None] | None = None) -> Outcome:
    kit, loop = kit or Kit(), VirtualLoop(seed)
    world = World(loop, kit.climate(loop.random), kit.database, kit.parts, say)
    world.tell(f"{world.climate}")
    try:
        took = loop.run_until_complete(_schedule(world))
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        for node in world.nodes.values():
            node.database.close()
    return Outcome(seed, world.checker.problems, took, world.counts, world.fingerprint())


async def _schedule(world: World) -> float:
    """Virtual seconds from the last fault until all was well."""
    watching = world.loop.create_task(_watch(world))
    for name, node in world.nodes.items():
        wait = world.random.random() * world.climate.seconds if name == world.climate.late_joiner else 0.0
        world.loop.call_later(wait, node.start)
    raging = []
    if world.climate.is_hostile:
        hostile = Hostile(world, HOSTILE, HOSTILE_LOG)
        world.answering[HOSTILE] = hostile.serve
        raging.append(world.loop.create_task(hostile.rage()))
    await Nemesis(world).rage(world.climate.seconds)
    _make_peace(world)
    began = world.loop.time()
    while (why := world.checker.behind()) and world.loop.time() - began < CONVERGED_WITHIN:
        await world.loop.elapse(2)
    took = world.loop.time() - began
    world.tell(why or f"all is well after {took:.0f} s")
    if why:
        world.checker.problem(f"not well after {took:.0f} s: {why}")
    else:
        await _stay_well(world)
    for task in [watching, *raging]:
        if task.done():
            task.result()  # it broke
        task.cancel()
    for node in world.nodes.values():
        node.stop()
    await asyncio.sleep(0)
    return took


def _make_peace(world: World) -> None:
    """Nobody writes and nothing fails any more; everybody runs and knows the directory."""
    world.tell("-- peace")
    world.is_quiet = True
    world.weather = Weather()
    for node in world.nodes.values():
        node.fuse, node.database.fuse.left = None, None
        node.start()
        node.learn(world.rights)
    world.hub.declare(world.rights.readers)


async def _stay_well(world: World) -> None:
    world.checker.final()
    before = _asks(world)
    await world.loop.elapse(QUIET)
    world.checker.quiet(_asks(world) - before, QUIET)
    if why := world.checker.behind():
        world.checker.problem(f"was well, and is not: {why}")
    world.checker.final()


def _asks(world: World) -> int:
    return sum(node.asks for node in world.nodes.values())


async def _watch(world: World) -> None:
    while True:
        await world.loop.elapse(_LOOKED_EVERY)
        world.checker.claims()
