"""What goes wrong: faults of hub, network, processes, databases, keys and rights, drawn and timed by the seed.

Faults overlap. Each undoes what it did before it ends, apart from what is lost for good.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sync.contract.channels import parts_of
from tests.simulator.hub import Store
from tests.simulator.node import Node
from tests.simulator.world import World

BETWEEN = 8.0
"""Seconds between two faults, on average."""


class Nemesis:
    def __init__(self, world: World) -> None:
        self.world, self.random = world, world.random
        self.backups: dict[str, list[tuple[Any, Any]]] = {name: [] for name in world.nodes}
        self.stores: list[Store] = []
        self._at_work: dict[asyncio.Task[None], None] = {}

    async def rage(self, until: float) -> None:
        """Faults until then; returns when the last of them is over."""
        world = self.world
        while world.loop.time() < until:
            await world.loop.elapse(self.random.expovariate(1 / BETWEEN))
            if self.random.random() < 0.5:
                self._back_up()
            if world.climate.faults:
                kind = self.random.choice(world.climate.faults)
                world.tell(f"-- {kind}")
                world.count(kind)
                task = world.loop.create_task(FAULTS[kind](self))
                self._at_work[task] = None
        for task in self._at_work:
            await task

    def _back_up(self) -> None:
        for name, node in self.world.nodes.items():
            self.backups[name].append((node.database.backup(), dict(self.world.checker.at(name))))
        if self.world.hub.is_declared:
            self.stores.append(self.world.hub.store())

    def _some(self) -> Node:
        return self.random.choice(list(self.world.nodes.values()))

    async def _pass(self, seconds: float) -> None:
        await self.world.loop.elapse(self.random.random() * seconds)

    # ── processes ──

    async def crash(self) -> None:
        self._some().die("at some moment")

    async def crash_between_steps(self) -> None:
        self._some().fuse = self.random.randrange(40)

    async def crash_in_transaction(self) -> None:
        self._some().database.fuse.left = self.random.randrange(25)

    # ── databases ──

    async def restore(self) -> None:
        await self._restore(self._some())

    async def restore_live(self) -> None:
        """Under a running process, which remembers what the database has forgotten."""
        self._put_back(self._some())

    async def restore_twice(self) -> None:
        node = self._some()
        await self._restore(node)
        await self._pass(30)
        await self._restore(node)

    async def restore_and_lose_hub(self) -> None:
        """Only readers know what was, and some of them are away."""
        world = self.world
        away = self.random.sample(list(world.nodes), self.random.randrange(3))
        world.cut(*away)
        await self._hub_down(5)
        await self._restore(world.nodes[self.random.choice(world.owners)])
        self._lose_store()
        await self._hub_up()
        await self._pass(90)
        world.mend(*away)

    async def _restore(self, node: Node) -> None:
        node.stop()
        self.world.stir(node.name)
        await self._pass(20)
        self._put_back(node)
        node.start()

    def _put_back(self, node: Node) -> None:
        if not self.backups[node.name]:
            return
        kept, at = self.random.choice(self.backups[node.name])
        node.database.restore(kept)
        node.heard.entitled = None
        self.world.checker.went_back(node.name, at)
        self.world.stir(node.name)
        node.restores += 1
        self.world.count("restores")
        self.world.tell(f"{node.name} is as it was at {node.database.epoch()[:6] or 'the beginning'}")

    # ── the hub ──

    async def lose_hub(self) -> None:
        await self._hub_down(10)
        self._lose_store()
        await self._hub_up()

    async def older_hub(self) -> None:
        if self.stores:
            await self._hub_down(5)
            self.world.hub.restore(self.random.choice(self.stores))
            await self._hub_up()

    async def hub_down(self) -> None:
        await self._hub_down(60)
        await self._hub_up()

    def _lose_store(self) -> None:
        self.world.hub.lose_store()
        self.world.stir("hub")

    async def _hub_down(self, seconds: float) -> None:
        self.world.hub.is_up = False
        self.world.stir("hub")
        await self._pass(seconds)

    async def _hub_up(self) -> None:
        """The controller declares it a little later."""
        world = self.world
        world.hub.is_up = True
        await self._pass(5)
        world.hub.declare(world.rights.readers)
        world.stir("hub")

    async def delete_messages(self) -> None:
        """From the beginning, the middle or the end."""
        for name, stream in self.world.hub.streams.items():
            count = len(stream.messages)
            gone = self.random.randint(1, 20)
            first = self.random.choice([0, self.random.randrange(count + 1), max(0, count - gone)])
            for message in stream.messages[first : first + gone]:
                if self.random.random() < 0.8:
                    self.world.hub.drop(name, message.place)

    async def tamper(self) -> None:
        """Somebody at the hub alters what lies there; mostly what is new, for what is old was read."""
        for name, stream in self.world.hub.streams.items():
            for _ in range(4 if stream.messages else 0):
                count = len(stream.messages)
                at = self.random.randrange(max(0, count - 20) if self.random.random() < 0.7 else 0, count)
                body, proof = self._altered(stream.messages[at].body, stream.messages[at].proof)
                self.world.hub.alter(name, at, body, proof)

    def _altered(self, body: bytes, proof: str) -> tuple[bytes, str]:
        match self.random.randrange(6):
            case 0:
                return body.replace(b'"watermark":1', b'"watermark":7').replace(b'"version":2', b'"version":9'), proof
            case 1:
                return body, proof[:-1] + "x"
            case 2:
                return body, ""
            case 3:
                return body.replace(b'"seq":', b'"seq":1'), proof
            case 4:
                return body.replace(b'"epoch":"0', b'"epoch":"7'), proof
            case _:
                return b"{" + body[:40], proof

    async def forget_consumer(self) -> None:
        stream, reader = self._consumer()
        await self._pass(10)
        self.world.hub.forget_consumer(stream, reader)

    async def skip(self) -> None:
        self.world.hub.skip(*self._consumer())

    def _consumer(self) -> tuple[str, str]:
        return self.random.choice([*self.world.hub.consumers, ("SH_33", self._some().name)])

    # ── the network ──

    async def cut(self) -> None:
        names = self.random.sample(list(self.world.nodes), self.random.randint(1, 3))
        self.world.cut(*names)
        await self._pass(120)
        self.world.mend(*names)

    # ── keys and rights ──

    async def rotate_key(self) -> None:
        """The owner signs with its new key at once; others come to know it one by one, and itself not always first."""
        world = self.world
        owner = world.nodes[self.random.choice(world.owners)]
        world.rights = world.rights.with_key(owner.name)
        owner.trust.signs_with = world.rights.keys[owner.name]
        if self.random.random() < 0.7:
            owner.learn(world.rights)
        self._spread()
        await self._pass(0)

    async def withdraw(self) -> None:
        """A reader loses its right to a log and gets it back; hub and committees hear of it in their own time."""
        world = self.world
        log = self.random.choice([log for log in world.rights.readers if parts_of(log)[0] in world.owners])
        if len(world.rights.readers[log]) < 2:
            return
        reader = self.random.choice(world.rights.readers[log])
        world.rights = world.rights.without(log, reader)
        world.stir(log)
        self._spread()
        await self._pass(60)
        if reader not in world.rights.readers[log]:
            world.rights = world.rights.with_reader(log, reader)
        world.stir(log)
        self._spread()

    def _spread(self) -> None:
        """The directory in force reaches everybody, and the hub, within a while."""
        rights = self.world.rights
        for node in self.world.nodes.values():
            self.world.loop.call_later(self.random.random() * 40, node.learn, rights)
        self.world.loop.call_later(self.random.random() * 20, self._declare)

    def _declare(self) -> None:
        hub = self.world.hub
        if hub.is_up and hub.is_declared:
            hub.declare(self.world.rights.readers)


FAULTS: dict[str, Callable[[Nemesis], Coroutine[Any, Any, None]]] = {
    act.__name__: act
    for act in (
        Nemesis.crash, Nemesis.crash_between_steps, Nemesis.crash_in_transaction, Nemesis.restore,
        Nemesis.restore_live, Nemesis.restore_twice, Nemesis.restore_and_lose_hub, Nemesis.lose_hub,
        Nemesis.older_hub, Nemesis.hub_down, Nemesis.delete_messages, Nemesis.tamper, Nemesis.forget_consumer,
        Nemesis.skip, Nemesis.cut, Nemesis.rotate_key, Nemesis.withdraw,
    )
}  # fmt: skip
