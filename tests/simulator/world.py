"""A federation of four committees, and sometimes a hostile fifth, on one virtual clock.

Two of them own logs and read each other's, two only read. What the hub, the network and the databases go through is
`nemesis`' part; whether all is well is `checker`'s.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sync.bus import wire
from sync.contract.channels import parts_of
from sync.log import Event
from tests.simulator.bus import Weather
from tests.simulator.checker import Checker
from tests.simulator.databases import Database
from tests.simulator.hub import Hub
from tests.simulator.node import Node, Parts
from tests.simulator.seals import Rights
from tests.simulator.virtual_loop import VirtualLoop

COUNTY, NEIGHBOUR, CITY, PARTNER, HOSTILE = "330110", "320509", "330100", "310118", "330109"
MECHANISM = "m_0192f0c1d2e34567890abcdef0123456"
OWNERS = (COUNTY, NEIGHBOUR)
READERS = {
    f"{COUNTY}/p": (CITY, PARTNER),
    f"{COUNTY}/{MECHANISM}": (NEIGHBOUR, PARTNER, CITY),
    f"{NEIGHBOUR}/p": (PARTNER, CITY),
    f"{NEIGHBOUR}/{MECHANISM}": (COUNTY, PARTNER),
}
"""Log → who may read it, nearest first."""
HOSTILE_LOG = f"{HOSTILE}/p"
WITH_HOSTILE = {
    log: (*readers, HOSTILE) if log.endswith("/p") else readers for log, readers in READERS.items()
} | {HOSTILE_LOG: (CITY, PARTNER)}  # fmt: skip


@dataclass(frozen=True)
class Climate:
    """What one schedule is like, drawn from its seed."""

    weather: Weather
    faults: tuple[str, ...]
    seconds: float
    acts_a_second: float
    records: int
    page: int
    small_answers: int
    late_joiner: str
    is_hostile: bool


Maker = Callable[["World", str], Database]


class World:
    def __init__(
        self, loop: VirtualLoop, climate: Climate, make: Maker, parts: Parts, say: Callable[[str], None] | None = None
    ) -> None:
        self.loop, self.random, self.climate = loop, loop.random, climate
        self.weather, self.acts_a_second, self.records = climate.weather, climate.acts_a_second, climate.records
        self.small_answers = climate.small_answers
        self.counts: Counter[str] = Counter()
        self.is_quiet = False
        self.owners = self.honest = OWNERS
        self._say, self._digest, self._value = say, hashlib.sha256(), 0
        self._cut: Counter[str] = Counter()
        self._stirred: dict[str, float] = {}
        self.hub, self.checker = Hub(), Checker(self)
        readers = READERS if not climate.is_hostile else WITH_HOSTILE
        self.rights = self.first_rights = Rights(1, readers, dict.fromkeys([*OWNERS, HOSTILE], 1))
        self.hub.declare(self.rights.readers)
        names = [COUNTY, NEIGHBOUR, CITY, PARTNER]
        self.nodes = {name: Node(self, name, make(self, name), parts) for name in names}
        self.answering: dict[str, Callable[[str, wire.Ask], asyncio.Task[wire.Answer]]] = {}

    # ── telling ──

    def tell(self, text: str) -> None:
        line = f"{self.loop.now:9.3f}  {text}"
        self._digest.update(line.encode())
        if self._say:
            self._say(line)

    def digest(self, name: str, log: str, event: Event) -> None:
        """What was applied belongs to what two runs of one seed have in common."""
        self._digest.update(f"{self.loop.now} {name} {log} {event.epoch} {event.seq}".encode())
        if self._say:
            self._say(f"{self.loop.now:9.3f}  {name} applies {log} {event.epoch[:6]}/{event.seq}")

    def fingerprint(self) -> str:
        return self._digest.hexdigest()

    def count(self, what: str, times: int = 1) -> None:
        self.counts[what] += times

    def next_value(self) -> int:
        self._value += 1
        return self._value

    def tag(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    # ── the network ──

    def delay(self) -> float:
        return self.random.expovariate(1 / self.weather.delay)

    def is_cut(self, *names: str) -> bool:
        return any(self._cut[name] for name in names)

    def is_lost(self, one: str, other: str) -> bool:
        if self.is_cut(one, other):
            return True
        if self.weather.loss and self.random.random() < self.weather.loss:
            self.count("lost")
            return True
        return False

    def cut(self, *names: str) -> None:
        for name in names:
            self._cut[name] += 1
            self.stir(name)

    def mend(self, *names: str) -> None:
        for name in names:
            self._cut[name] -= 1
            self.stir(name)

    def serve(self, holder: str, who: str, ask: wire.Ask) -> asyncio.Task[wire.Answer] | None:
        """The holder works on an answer; None: it is not there."""
        if holder in self.answering:
            return self.answering[holder](who, ask)
        node = self.nodes[holder]
        return node.serve(who, ask) if node.is_up else None

    # ── calm ──

    def stir(self, what: str) -> None:
        """Something happened to this committee, this log, or the hub."""
        self._stirred[what] = self.loop.now

    def calm_since(self, what: str) -> float:
        return self._stirred.get(what, -1.0)

    # ── who reads whom ──

    def followings(self) -> Iterator[tuple[str, Node, Node]]:
        """Log, owner and reader of everything that may be read now."""
        for log, readers in self.rights.readers.items():
            owner, _ = parts_of(log)
            if owner in self.owners:
                for reader in readers:
                    if reader in self.nodes:
                        yield log, self.nodes[owner], self.nodes[reader]

    def alarm(self, name: str, log: str, code: str, text: str) -> None:
        self.count(f"alarm {code}")
        self.tell(f"{name} is alarmed: {log} {code} {text}")
        if code == "RESTORED":
            self.checker.forgotten.noticed(name)
