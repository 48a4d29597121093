"""A restored owner takes back from readers and from the hub what itself has signed, and nothing else."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sync.bus import wire
from sync.bus.ports import Moved
from sync.bus.salvage import Salvage
from sync.contract.channels import log_of
from sync.log import Event
from tenant_service.exchange.models import SalvagedRow
from tenant_service.storage.engine import open_engine
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import nothing_changes
from tests.sync.test_relay import run
from tests.tenant_service.exchange.committees import COUNTY, SISTER, Committee, World

pytestmark = pytest.mark.asyncio
A = Door.RECEIPT
LOG = log_of(COUNTY, "c")


class Answers:
    """Every reader gives these events back, and the hub shows the last."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = list(events)

    async def last(self, log: str) -> tuple[int, Event | None]:
        return (len(self.events), self.events[-1]) if log == LOG else (0, None)

    async def publish(self, log: str, events: Sequence[Event], expect: int) -> int:
        raise Moved

    async def ask(self, holder: str, ask: wire.Ask) -> wire.Answer:
        if ask.log != LOG:
            return wire.Answer()
        rows = [(each.body, each.proof) for each in self.events] if ask.have is None else []
        return wire.Answer(self.events[-1].head(), rows)


class Restored:
    """COUNTY with an empty database, and what it had told before."""

    def __init__(self, folder: Path) -> None:
        world = World()
        lost = Committee(world, COUNTY, open_engine(f"sqlite:///{folder / 'lost'}.db"))
        for channel in ("c", "p", "c"):
            lost.publish(lost.new_id(), 1, [channel])
        self.events, self.others = lost.page("c"), lost.page("p")
        self.sister = world.trust(SISTER)
        lost.engine.dispose()
        self.county = Committee(world, COUNTY, open_engine(f"sqlite:///{folder / 'restored'}.db"))

    async def is_given(self, events: Sequence[Event]) -> int:
        clock, county = itertools.count(0.0, 1.0), self.county
        made = Salvage(county.own, Answers(events), county.trust, run, lambda: next(clock), patience=5.0)
        found, _ = await made.all(LOG)
        return found


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Restored]:
    made = Restored(tmp_path)
    yield made
    made.county.engine.dispose()


def _altered(told: Restored) -> list[Event]:
    assert all(b"urn:" in each.body for each in told.events)
    return [each._replace(body=each.body.replace(b"urn:", b"URN:")) for each in told.events]


def _unsigned(told: Restored) -> list[Event]:
    return [each._replace(proof="") for each in told.events]


def _by_its_holder(told: Restored) -> list[Event]:
    return [each._replace(proof=told.sister.sign(LOG, each.head())) for each in told.events]


def _of_another_log(told: Restored) -> list[Event]:
    return [
        each._replace(proof=told.county.trust.sign(log_of(COUNTY, "p"), each.head())) for each in told.events
    ]  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(_unsigned, id="not signed", marks=tries(A, Attack.FORGED)),
        pytest.param(_altered, id="altered", marks=tries(A, Attack.CHANGED_BODY)),
        pytest.param(_by_its_holder, id="signed by its holder", marks=tries(A, Attack.ANOTHERS)),
        pytest.param(_of_another_log, id="signed for another log", marks=tries(A, Attack.WRONG_AUDIENCE)),
    ],
)
async def test_a_restored_owner_takes_nothing_back_that_is(
    restored: Restored, make: Callable[[Restored], list[Event]]
) -> None:
    async with nothing_changes([restored.county.engine]):
        assert await restored.is_given(make(restored)) == 0
    assert await restored.is_given(restored.events) > 0, "and what itself has signed it takes back"


@tries(A, Attack.REPLAYED)
async def test_what_comes_back_again_is_kept_once(restored: Restored) -> None:
    await restored.is_given(restored.events)
    kept = [(row.log, row.epoch, row.seq) for row in restored.county.rows(SalvagedRow)]
    async with nothing_changes([restored.county.engine]):
        await restored.is_given([*restored.events])
    assert sorted(kept) == sorted((LOG, each.epoch, each.seq) for each in restored.events)
