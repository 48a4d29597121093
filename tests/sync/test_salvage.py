"""Taking back from readers what a restored database has forgotten, over a line that breaks."""

import itertools
from collections.abc import Sequence

import pytest

from sync.bus import salvage, wire
from sync.bus.ports import Moved, Unreachable
from sync.bus.salvage import Salvage
from sync.log import Event
from tests.simulator.databases import Change
from tests.simulator.memory_own import MemoryOwn
from tests.simulator.memory_state import Memory
from tests.simulator.seals import Rights, Seals
from tests.sync.test_relay import run

OWNER, HOLDER, OTHER = "320509", "320500", "320000"
LOG = f"{OWNER}/p"


class Readers:
    """One holds everything and gives two events at a time; another follows nothing. The line breaks on the third ask of
    the first.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.events, self.asks = list(events), 0

    async def last(self, log: str) -> tuple[int, Event | None]:
        return 0, None

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        raise Moved

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        if holder == OTHER:
            return wire.Answer(refused="NOT_A_HOLDER")
        self.asks += 1
        if self.asks == 3:
            raise Unreachable
        after = ask.have.seq if ask.have else 0
        return wire.Answer(self.events[-1].head(), [(each.body, each.proof) for each in self.events[after : after + 2]])


@pytest.mark.asyncio
async def test_a_line_that_breaks_while_a_reader_gives_back_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "_AGAIN_SECONDS", 0.0)
    trust = Seals(OWNER, Rights(1, {LOG: (HOLDER, OTHER)}, {OWNER: 1}))
    memory = Memory()
    own = MemoryOwn(memory, OWNER, lambda: "0" * 16, most=500)
    own.open("p")
    backup = memory.state
    for value in range(1, 8):
        own.write([Change(f"{OWNER}.value.{value:032x}", frozenset({"p"}), value)])
    with own.view(LOG) as mine:
        events = [each._replace(proof=trust.sign(LOG, each.head())) for each in mine.page(0)]
    memory.state = backup
    clock = itertools.count(0.0, 1.0)
    made = Salvage(own, Readers(events), trust, run, lambda: next(clock), patience=10.0)
    found, silent = await made.all(LOG)
    assert (found, silent) == (7, [])
    assert [seq for _, _, seq in memory.state.salvaged] == list(range(2, 9))


class Dawdler(Readers):
    """Says that it is busy as often as it is believed, then gives one event."""

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        if holder == OTHER:
            return wire.Answer(refused="NOT_A_HOLDER")
        self.asks += 1
        if self.asks % 10:
            return wire.Answer(busy=5.0)
        after = ask.have.seq if ask.have else 0
        return wire.Answer(self.events[-1].head(), [(each.body, each.proof) for each in self.events[after : after + 1]])


@pytest.mark.asyncio
async def test_no_reader_holds_up_a_restored_owner_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr("sync.bus.salvage.asyncio.sleep", sleep)
    trust = Seals(OWNER, Rights(1, {LOG: (HOLDER, OTHER)}, {OWNER: 1}))
    memory = Memory()
    own = MemoryOwn(memory, OWNER, lambda: "0" * 16, most=500)
    own.open("p")
    backup = memory.state
    for value in range(1, 101):
        own.write([Change(f"{OWNER}.value.{value:032x}", frozenset({"p"}), value)])
    with own.view(LOG) as mine:
        events = [each._replace(proof=trust.sign(LOG, each.head())) for each in mine.page(0)]
    memory.state = backup
    found, silent = await Salvage(own, Dawdler(events), trust, run, lambda: now, patience=60.0).all(LOG)
    assert now < 10 * 60.0, f"{now / 60:.0f} minutes for a hundred events, and nothing is published meanwhile"
    assert silent == [LOG], "people are told that not all may have come back"
    assert 0 < found == len(memory.state.salvaged) < 100, "what came in time is kept"
