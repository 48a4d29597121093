"""A committee's whole database in memory; a `databases.Database`."""

from collections.abc import Callable, Iterable

from sync.bus.trust import Trust
from sync.contract.channels import parts_of
from tests.simulator.databases import Change, Fuse, Place, Told
from tests.simulator.memory_heard import MemoryHeard
from tests.simulator.memory_own import MemoryOwn
from tests.simulator.memory_state import Memory, State

Alarmed = Callable[[str, str, str], None]


class MemoryDatabase:
    own: MemoryOwn
    heard: MemoryHeard

    def __init__(
        self, me: str, tag: Callable[[], str], alarm: Alarmed, most: int,
        own: type[MemoryOwn] = MemoryOwn, heard: type[MemoryHeard] = MemoryHeard,
    ) -> None:  # fmt: skip
        self.me, self.tag, self.alarm, self.most = me, tag, alarm, most
        self._own, self._heard = own, heard
        self.memory = Memory()

    @property
    def fuse(self) -> Fuse:
        return self.memory.fuse

    def open(self, trust: Trust) -> None:
        self.own = self._own(self.memory, self.me, self.tag, self.most)
        self.heard = self._heard(self.memory, trust, self.alarm, self.most)

    def write(self, changes: Iterable[Change]) -> None:
        self.own.write(changes)

    def backup(self) -> State:
        return self.memory.state

    def restore(self, kept: State) -> None:
        self.memory.state = kept

    # ── for the checker ──

    def epoch(self) -> str:
        return self.memory.state.epoch

    def shares(self, channel: str) -> dict[str, Told]:
        return {record: told for record, (told, channels) in self.shared_on().items() if channel in channels}

    def shared_on(self) -> dict[str, tuple[Told, frozenset[str]]]:
        return {
            record: (Told(thing.version, thing.value), thing.channels)
            for record, thing in self.memory.state.things.items() if thing.channels
        }  # fmt: skip

    def holds(self, log: str) -> dict[str, Told]:
        read = self.memory.state.read.get(log)
        copies = read.copies if read else {}
        return {record: Told(copy.version, copy.value) for record, copy in copies.items() if copy.op == "put"}

    def shown(self, owner: str) -> None:
        """Nobody is shown anything here; that the copies of all logs are merged rightly is the tables' part."""

    def is_complete(self, log: str) -> bool:
        read = self.memory.state.read.get(log)
        return bool(read and read.is_complete)

    def kept(self, log: str) -> dict[Place, bytes]:
        state = self.memory.state
        owner, channel = parts_of(log)
        if owner == self.me:
            bodies = state.written[channel].bodies if channel in state.written else []
            return {(log, state.epoch, seq): body for seq, body in enumerate(bodies, 1)}
        events = state.read[log].events if log in state.read else []
        return {(log, each.epoch, each.seq): each.body for each in events}

    def salvaged(self) -> dict[Place, bytes]:
        return {place: each.body for place, each in self.memory.state.salvaged.items()}

    def close(self) -> None:
        """Nothing stays open."""
